// The registry of watched mailboxes in memory.
import type { ReportPosition } from '../../shared/domain/reconcile/report-position.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { MailboxRegistry, Submitter, WatchedMailbox } from '../../shared/ports/mailbox-registry.ts';
import type { Versioned } from '../../shared/ports/status-log.ts';
import { StoreUnavailable } from '../../shared/ports/store-unavailable.ts';

interface Row {
  value: WatchedMailbox;
  saves: number;
  touches: number;
}

export class InMemoryMailboxRegistry implements MailboxRegistry {
  down = false;
  readonly #clock: Clock;
  readonly #rows = new Map<string, Row>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async touch(mailbox: string, submitter?: string): Promise<void> {
    this.#up();
    const row = this.#rows.get(mailbox) ?? { value: { mailbox, touchedDateTime: '' }, saves: 0, touches: 0 };
    const { onlyFrom, submitters = [], ...value } = row.value;
    const touchedDateTime = new Date(this.#clock.now()).toISOString();
    const others = submitters.filter(({ mailbox: other }) => other !== submitter);
    const all = submitter === undefined ? submitters : [...others, { mailbox: submitter, touchedDateTime }];
    const isFrom = submitter !== undefined && (onlyFrom === true || row.touches === 0);
    row.value = {
      ...value,
      touchedDateTime,
      ...(all.length > 0 && { submitters: all }),
      ...(isFrom && { onlyFrom: true as const }),
    };
    row.touches++;
    this.#rows.set(mailbox, row);
  }

  async list(): Promise<Versioned<WatchedMailbox>[]> {
    this.#up();
    return [...this.#rows.values()].map(({ value, saves, touches }) => ({ value: structuredClone(value), etag: `${saves} ${touches}` }));
  }

  /** A touch since `etag` was given out is kept; a save is a conflict. */
  async save(mailbox: WatchedMailbox, etag: string): Promise<boolean> {
    this.#up();
    const row = this.#rows.get(mailbox.mailbox);
    if (row === undefined || String(row.saves) !== etag.split(' ')[0]) return false;
    const { touchedDateTime, submitters, onlyFrom } = row.value;
    const kept = { touchedDateTime, ...(submitters && { submitters }), ...(onlyFrom && { onlyFrom }) };
    row.value = { ...structuredClone(mailbox), ...kept };
    row.saves++;
    return true;
  }

  async noteReportsRead(mailbox: string, position: ReportPosition): Promise<void> {
    this.#up();
    const row = this.#rows.get(mailbox);
    if (!row) return;
    row.value = { ...row.value, ...position };
    row.touches++;
  }

  async forgetSubmitter(mailbox: string, { mailbox: submitter, touchedDateTime }: Submitter): Promise<void> {
    this.#up();
    const row = this.#rows.get(mailbox);
    if (!row?.value.submitters) return;
    const { submitters, onlyFrom: _, ...value } = row.value;
    const left = submitters.filter((one) => one.mailbox !== submitter || one.touchedDateTime !== touchedDateTime);
    row.value = left.length > 0 ? { ...row.value, submitters: left } : value;
  }

  async forget(mailbox: string, etag: string): Promise<boolean> {
    this.#up();
    const row = this.#rows.get(mailbox);
    if (row && `${row.saves} ${row.touches}` !== etag) return false;
    this.#rows.delete(mailbox);
    return true;
  }

  #up(): void {
    if (this.down) throw new StoreUnavailable('down');
  }
}
