// One session: its ready messages, its lock and its state.
import type { Consumer } from './consumer.ts';
import type { Deadline } from './deadlines.ts';
import { Lane } from './lane.ts';
import type { Message } from './message.ts';

export class Session {
  readonly id: string;
  readonly lane: Lane;
  readonly lockedMessages = new Set<Message>();
  consumer: Consumer | undefined;
  unlocking = false;
  lockedUntil = 0;
  lockDeadline: Deadline | undefined;
  state: Uint8Array | undefined;

  constructor(id: string, hand: (message: Message, consumer: Consumer) => void) {
    this.id = id;
    this.lane = new Lane(hand);
  }

  get empty(): boolean {
    return !this.consumer && !this.unlocking && !this.state && this.lane.count === 0 && this.lockedMessages.size === 0;
  }
}
