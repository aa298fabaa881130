// Publishes what waits in the outbox of one mailbox. A row is removed only after the topic has accepted its events: each is published at least once.
//
// Each publisher goes through the rows of a request from the first one that is left. So the first publication of an event comes after the first
// publications of all earlier events of its request, also if several processes publish at once; only repetitions may come later.
import { reducedEvent } from '../../domain/log/cloud-event.ts';
import { batchesOf } from '../../domain/log/outbox-rules.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Outbox, WaitingEvents } from '../../ports/outbox.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { TopicHealth } from './topic-health.ts';

export interface EventsContext {
  clock: Clock;
  outbox: Outbox;
  topic: TopicHealth;
  telemetry: Telemetry;
}

/** Rows that are read at a time. */
const PAGE = 100;

export interface RefusedEvents {
  row: WaitingEvents;
  reason: string;
}

export interface MailboxPublished {
  published: number;
  /** Rows that were seen and are still there. */
  left: number;
  /** Since when the oldest of these waits. */
  oldest?: string;
  refused: RefusedEvents[];
}

class Run {
  readonly done: MailboxPublished = { published: 0, left: 0, refused: [] };
  /** Send requests with an event that was refused: their later events wait. */
  readonly #blocked = new Set<string>();
  /** Keys of rows that were published, or left. */
  readonly #seen = new Set<string>();
  readonly #context: EventsContext;
  readonly #reduces: boolean;

  constructor(context: EventsContext, reduces: boolean) {
    this.#context = context;
    this.#reduces = reduces;
  }

  /** False if the topic is out of reach. */
  async page(rows: readonly WaitingEvents[]): Promise<boolean> {
    for (const batch of batchesOf(rows)) {
      if (await this.#batch(batch)) continue;
      for (const row of rows) this.leave(row);
      return false;
    }
    return true;
  }

  leave({ key, since }: WaitingEvents): void {
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.done.left++;
    if (this.done.oldest === undefined || since < this.done.oldest) this.done.oldest = since;
  }

  /** False if the topic is out of reach. */
  async #batch(batch: readonly WaitingEvents[]): Promise<boolean> {
    const rows = batch.filter(({ id }) => !this.#blocked.has(id));
    for (const row of batch) if (this.#blocked.has(row.id)) this.leave(row);
    if (rows.length === 0) return true;
    const result = await this.#context.topic.publish(rows.flatMap(({ events }) => events));
    if (result.kind === 'unavailable') return false;
    if (result.kind === 'accepted') {
      await this.#remove(rows);
      return true;
    }
    const [row] = rows as [WaitingEvents];
    if (rows.length === 1) return this.#refused(row, result.reason);
    // One of them may be the cause: halves find it with few requests.
    const middle = rows.length >> 1;
    return (await this.#batch(rows.slice(0, middle))) && (await this.#batch(rows.slice(middle)));
  }

  /** If the topic refuses the reduced events too, the cause is most likely the topic, and they wait. */
  async #refused(row: WaitingEvents, reason: string): Promise<boolean> {
    const { topic, telemetry } = this.#context;
    const result = this.#reduces ? await topic.publish(row.events.map(reducedEvent)) : undefined;
    if (result?.kind === 'unavailable') return false;
    if (result?.kind === 'accepted') {
      telemetry.event('eventReduced', { sendRequestId: row.id, mailbox: row.mailbox, reason });
      await this.#remove([row]);
      return true;
    }
    this.#blocked.add(row.id);
    this.leave(row);
    this.done.refused.push({ row, reason });
    return true;
  }

  async #remove(rows: readonly WaitingEvents[]): Promise<void> {
    await this.#context.outbox.remove(rows);
    for (const { key } of rows) this.#seen.add(key);
    this.done.published += rows.length;
  }
}

/** `reduces`: an event that is refused is published without its details. Throws StoreUnavailable. */
export async function publishMailbox(
  context: EventsContext,
  mailbox: string,
  mayGoOn: () => boolean,
  { reduces = false }: { reduces?: boolean } = {},
): Promise<MailboxPublished> {
  const run = new Run(context, reduces);
  for (let after: string | undefined; mayGoOn(); ) {
    const rows = await context.outbox.waiting(mailbox, PAGE, after);
    if (!(await run.page(rows))) return run.done;
    if (rows.length < PAGE) return run.done;
    after = rows.at(-1)?.key;
  }
  // There may be more.
  for (const row of await context.outbox.waiting(mailbox, 1)) run.leave(row);
  return run.done;
}
