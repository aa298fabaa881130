// Pauses of mailboxes whose account has failed: one small row each, remembered in memory for seconds.
import type { AccountPause, AccountPauses } from '../../ports/account-pauses.ts';
import type { Clock } from '../../ports/clock.ts';
import { ACCOUNT_PAUSES_PARTITION, encodeKey } from './keys.ts';
import type { Table } from './table.ts';
import { cutText } from './text.ts';

/** How long a worker may go on submitting after another process has paused the mailbox. */
const REMEMBER_MS = 15_000;
/** Each mail of a blocked account brings a report of its own: a pause is not made longer by less than this. */
const LONGER_BY_MS = 60_000;

const partitionKey = ACCOUNT_PAUSES_PARTITION;

export class TableAccountPauses implements AccountPauses {
  readonly #table: Table;
  readonly #clock: Clock;
  readonly #known = new Map<string, { pause: AccountPause | undefined; until: number }>();

  constructor(table: Table, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  async pause(mailbox: string, { until, reason, since }: AccountPause & { since: string }): Promise<boolean> {
    const rowKey = encodeKey(mailbox);
    const row = await this.#table.get(partitionKey, rowKey);
    if (String(row?.['liftedDateTime'] ?? '') >= since) return false;
    const paused = Date.parse(String(row?.['until'] ?? ''));
    if (Date.parse(until) - paused < LONGER_BY_MS) return false;
    await this.#table.upsert({ partitionKey, rowKey, mailbox, until, reason: cutText(reason) });
    this.#known.delete(mailbox);
    return true;
  }

  async current(mailbox: string): Promise<AccountPause | undefined> {
    const now = this.#clock.now();
    let known = this.#known.get(mailbox);
    if (!known || known.until <= now) {
      const row = await this.#table.get(partitionKey, encodeKey(mailbox));
      const until = String(row?.['until'] ?? '');
      const pause = until ? { until, reason: String(row?.['reason'] ?? '') } : undefined;
      known = { pause, until: now + REMEMBER_MS };
      this.#known.set(mailbox, known);
    }
    return known.pause && Date.parse(known.pause.until) > now ? known.pause : undefined;
  }

  async lift(mailbox: string): Promise<void> {
    const liftedDateTime = new Date(this.#clock.now()).toISOString();
    await this.#table.upsert({ partitionKey, rowKey: encodeKey(mailbox), mailbox, until: '', reason: '', liftedDateTime });
    this.#known.delete(mailbox);
  }
}
