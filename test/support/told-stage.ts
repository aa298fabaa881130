// A writer and a timer, each a process of its own, on one table in memory with one topic.
import type { LifecycleEvent } from '../../shared/domain/log/apply-event.ts';
import type { SendRequestRecord } from '../../shared/domain/log/send-request.ts';
import type { Context } from '../../shared/usecases/context.ts';
import { enqueuedEvent } from '../../shared/usecases/log/new-record.ts';
import { changeOf, writeEvent } from '../../shared/usecases/log/write-log.ts';
import { newMailbox, recipients, record } from './samples.ts';
import { ToldWorld } from './told-world.ts';

export class ToldStage {
  readonly world = new ToldWorld();
  readonly writer = this.world.newProcess();
  readonly timer = this.world.newProcess();
  #facts = 0;

  async post(mailbox = newMailbox(), process = this.writer): Promise<SendRequestRecord> {
    const made = record(mailbox);
    await process.log.create(changeOf(made, [enqueuedEvent(made)], recipients(1)));
    return made;
  }

  async happens({ mailbox, id }: SendRequestRecord, type: LifecycleEvent['type'], process = this.writer): Promise<void> {
    const stored = await process.log.read(mailbox, id);
    if (!stored) throw new Error(`${id} is not there`);
    const use = { log: process.log, telemetry: this.world.telemetry, clock: this.world.clock } as unknown as Context;
    const dateTime = new Date(this.world.clock.now()).toISOString();
    await writeEvent(use, stored, () => ({ type, dateTime, fact: `f${this.#facts++}` }));
  }

  /** Types that were told of the request, each where it came first. */
  told({ id }: SendRequestRecord): string[] {
    return this.world.toldOf(id).flat();
  }

  down(): void {
    this.world.topic.next = () => 'fails';
  }

  up(): void {
    this.world.topic.next = () => 'accepts';
  }
}
