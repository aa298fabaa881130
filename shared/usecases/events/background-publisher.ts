// Publishes soon after a change was written, without making the mail wait. If the process ends before that, the timer does it.
import pLimit, { type LimitFunction } from 'p-limit';
import { type EventsContext, publishMailbox } from './publish-mailbox.ts';

const CONCURRENCY = 2;
/** Mailboxes that wait for their turn. More are left to the timer. */
const MAXIMUM_WAITING = 500;
/** For one mailbox; the rest is left to the timer. */
const BUDGET_MS = 5_000;

export class BackgroundPublisher {
  readonly #context: EventsContext;
  readonly #limit: LimitFunction = pLimit(CONCURRENCY);
  /** Mailboxes that wait for their turn. */
  readonly #waiting = new Set<string>();
  readonly #running = new Set<Promise<void>>();

  constructor(context: EventsContext) {
    this.#context = context;
  }

  /** The mailbox has something in its outbox. Several calls in a short time cost one reading. Never throws. */
  nudge(mailbox: string): void {
    if (!this.#context.topic.mayTry() || this.#waiting.has(mailbox) || this.#waiting.size >= MAXIMUM_WAITING) return;
    this.#waiting.add(mailbox);
    const run = this.#limit(() => this.#publish(mailbox));
    this.#running.add(run);
    void run.finally(() => this.#running.delete(run));
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #publish(mailbox: string): Promise<void> {
    // From here on a further change needs a further turn.
    this.#waiting.delete(mailbox);
    const { clock, topic } = this.#context;
    const started = clock.now();
    try {
      await publishMailbox(this.#context, mailbox, () => topic.mayTry() && clock.now() - started < BUDGET_MS);
    } catch {
      // The table is out of reach. The timer comes back to it, and says so if it stays so.
    }
  }
}
