// Pauses of mailboxes in memory.
import type { AccountPause, AccountPauses } from '../../shared/ports/account-pauses.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { StoreUnavailable } from '../../shared/ports/store-unavailable.ts';

export class InMemoryAccountPauses implements AccountPauses {
  down = false;
  readonly #clock: Clock;
  readonly #rows = new Map<string, { pause?: AccountPause; lifted: string }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async pause(mailbox: string, { until, reason, since }: AccountPause & { since: string }): Promise<boolean> {
    const row = this.#row(mailbox);
    if (row.lifted >= since || Date.parse(until) - Date.parse(row.pause?.until ?? '') < 60_000) return false;
    row.pause = { until, reason };
    return true;
  }

  async current(mailbox: string): Promise<AccountPause | undefined> {
    const { pause } = this.#row(mailbox);
    return pause && Date.parse(pause.until) > this.#clock.now() ? { ...pause } : undefined;
  }

  async lift(mailbox: string): Promise<void> {
    const row = this.#row(mailbox);
    delete row.pause;
    row.lifted = new Date(this.#clock.now()).toISOString();
  }

  #row(mailbox: string): { pause?: AccountPause; lifted: string } {
    if (this.down) throw new StoreUnavailable('down');
    const row = this.#rows.get(mailbox) ?? { lifted: '' };
    this.#rows.set(mailbox, row);
    return row;
  }
}
