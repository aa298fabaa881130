// Who takes messages from a queue: implemented by the wire layer and by tests.
import type { Message } from './message.ts';

export interface Consumer {
  readonly receiveMode: 'peekLock' | 'receiveAndDelete';
  /** How many more messages it can take now. */
  credit(): number;
  /** In peekLock mode `message.lock` is set. Must not call back into the queue. */
  deliver(message: Message): void;
  /** The session's lock ran out: nothing more will come. */
  sessionLockLost(): void;
}

/** How a consumer went away; a dropped connection may count as a failed delivery. */
export type Departure = 'closed' | 'dropped';

export interface Attachment {
  /** The consumer has credit again. */
  wake(): void;
  detach(how: Departure): void;
}

export interface SessionAttachment extends Attachment {
  readonly sessionId: string;
  readonly lockedUntil: number;
}

export interface SessionWaiter {
  readonly consumer: Consumer;
  readonly timeoutMs: number;
  granted(attachment: SessionAttachment): void;
  timedOut(): void;
}
