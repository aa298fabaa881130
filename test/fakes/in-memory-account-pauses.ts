// Pauses of mailboxes in memory.
import {
  type AccountPause,
  type AccountReport,
  type AccountState,
  closedBy,
  liftedAfter,
  type Probe,
  pauseNow,
  probedBy,
} from '../../shared/domain/act/account-pause.ts';
import type { AccountPauses, PausedAccount } from '../../shared/ports/account-pauses.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { StoreUnavailable } from '../../shared/ports/store-unavailable.ts';

export class InMemoryAccountPauses implements AccountPauses {
  down = false;
  readonly #clock: Clock;
  readonly #rows = new Map<string, AccountState>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async pause(mailbox: string, report: AccountReport): Promise<boolean> {
    const state = this.#state(mailbox);
    const pause = closedBy(state, report, this.#now());
    if (pause) this.#rows.set(mailbox, { ...state, pause });
    return pause !== undefined;
  }

  async current(mailbox: string): Promise<AccountPause | undefined> {
    return structuredClone(pauseNow(this.#state(mailbox), this.#now()));
  }

  async list(): Promise<PausedAccount[]> {
    const all = [...this.#rows.keys()].map(async (mailbox) => ({ mailbox, pause: await this.current(mailbox) }));
    return (await Promise.all(all)).flatMap(({ mailbox, pause }) => (pause ? [{ ...pause, mailbox }] : []));
  }

  async probe(mailbox: string, sendRequestId: string, ofMailbox?: string): Promise<boolean> {
    const state = this.#state(mailbox);
    const pause = probedBy(state, sendRequestId, this.#now(), ofMailbox);
    if (pause) this.#rows.set(mailbox, { ...state, pause });
    return pause !== undefined;
  }

  async liftAfter(mailbox: string, probe: Probe, readUntil: string): Promise<boolean> {
    const lifted = liftedAfter(this.#state(mailbox), probe, readUntil);
    if (lifted) this.#rows.set(mailbox, lifted);
    return lifted !== undefined;
  }

  async lift(mailbox: string): Promise<void> {
    this.#state(mailbox);
    this.#rows.set(mailbox, { liftedDateTime: this.#now() });
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }

  #state(mailbox: string): AccountState {
    if (this.down) throw new StoreUnavailable('down');
    return this.#rows.get(mailbox) ?? {};
  }
}
