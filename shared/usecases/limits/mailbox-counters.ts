// The counters of the mailboxes that this process has sent from last.
import type { MailboxUsage } from '../../domain/limits/account.ts';
import { RememberedRow } from './remembered-row.ts';

/** A row has some kilobytes, and a mailbox that is not remembered costs one read. */
const MAXIMUM_ROWS = 2_000;

export class MailboxCounters {
  readonly #rows = new Map<string, RememberedRow<MailboxUsage>>();

  /** What is used last is forgotten last. */
  of(mailbox: string): RememberedRow<MailboxUsage> {
    const row = this.#rows.get(mailbox) ?? new RememberedRow<MailboxUsage>();
    this.#rows.delete(mailbox);
    this.#rows.set(mailbox, row);
    for (const [oldest, one] of this.#rows) {
      if (this.#rows.size <= MAXIMUM_ROWS) break;
      if (!one.isBusy && one !== row) this.#rows.delete(oldest);
    }
    return row;
  }
}
