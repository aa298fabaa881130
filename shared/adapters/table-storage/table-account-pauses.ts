// Pauses of mailboxes whose account has failed: one small row each, remembered in memory for seconds.
import {
  type AccountPause,
  type AccountReport,
  type AccountState,
  closedBy,
  liftedAfter,
  type Probe,
  pauseNow,
  probedBy,
} from '../../domain/act/account-pause.ts';
import type { AccountPauses, PausedAccount } from '../../ports/account-pauses.ts';
import type { Clock } from '../../ports/clock.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import { ACCOUNT_PAUSES_PARTITION, encodeKey } from './keys.ts';
import type { Entity, Table } from './table.ts';
import { cutText } from './text.ts';

/** How long a worker may go on submitting after another process has paused the mailbox. */
const REMEMBER_MS = 15_000;
/** Each of some instances that change the same row at the same time gets its turn. */
const RACES = 8;

const partitionKey = ACCOUNT_PAUSES_PARTITION;

function toState(row: Entity | undefined): AccountState {
  const text = (name: string): string => String(row?.[name] ?? '');
  const liftedDateTime = text('liftedDateTime') || undefined;
  const until = text('until');
  if (until === '') return { liftedDateTime };
  const [sendRequestId, startedDateTime] = [text('probe'), text('probeStartedDateTime')];
  const pause: AccountPause = {
    until,
    reason: text('reason'),
    // Rows of an earlier version have no probe: their pause ends by itself.
    since: text('since') || until,
    closings: Number(text('closings') || 1),
    probeDateTime: text('probeDateTime') || until,
    ...(sendRequestId !== '' && { probe: { sendRequestId, startedDateTime } }),
  };
  return { pause, liftedDateTime };
}

/** An empty text stands for "not there": a merge can't remove a property. */
const propertiesOf = ({ pause, liftedDateTime }: AccountState): Record<string, string> => ({
  until: pause?.until ?? '',
  reason: cutText(pause?.reason ?? ''),
  since: pause?.since ?? '',
  closings: String(pause?.closings ?? ''),
  probeDateTime: pause?.probeDateTime ?? '',
  probe: pause?.probe?.sendRequestId ?? '',
  probeStartedDateTime: pause?.probe?.startedDateTime ?? '',
  liftedDateTime: liftedDateTime ?? '',
});

export class TableAccountPauses implements AccountPauses {
  readonly #table: Table;
  readonly #clock: Clock;
  readonly #known = new Map<string, { state: AccountState; until: number }>();

  constructor(table: Table, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  async pause(mailbox: string, report: AccountReport): Promise<boolean> {
    return this.#change(mailbox, (state) => {
      const pause = closedBy(state, report, this.#now());
      return pause && { ...state, pause };
    });
  }

  async current(mailbox: string): Promise<AccountPause | undefined> {
    const now = this.#clock.now();
    let known = this.#known.get(mailbox);
    if (!known || known.until <= now) {
      known = { state: toState(await this.#table.get(partitionKey, encodeKey(mailbox))), until: now + REMEMBER_MS };
      this.#known.set(mailbox, known);
    }
    return pauseNow(known.state, this.#now());
  }

  async list(): Promise<PausedAccount[]> {
    const rows = await this.#table.list(`PartitionKey eq '${partitionKey}'`);
    return rows.flatMap((row) => {
      const pause = pauseNow(toState(row), this.#now());
      return pause ? [{ ...pause, mailbox: String(row['mailbox']) }] : [];
    });
  }

  async probe(mailbox: string, sendRequestId: string): Promise<boolean> {
    let isProbe = false;
    await this.#change(mailbox, (state) => {
      const pause = probedBy(state, sendRequestId, this.#now());
      isProbe = pause !== undefined;
      return pause && pause !== state.pause ? { ...state, pause } : undefined;
    });
    return isProbe;
  }

  async liftAfter(mailbox: string, probe: Probe, readUntil: string): Promise<boolean> {
    return this.#change(mailbox, (state) => liftedAfter(state, probe, readUntil));
  }

  async lift(mailbox: string): Promise<void> {
    await this.#change(mailbox, () => ({ liftedDateTime: this.#now() }));
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }

  /** Decides again on the newest row if another process was faster. False if `decide` changes nothing. */
  async #change(mailbox: string, decide: (state: AccountState) => AccountState | undefined): Promise<boolean> {
    const rowKey = encodeKey(mailbox);
    this.#known.delete(mailbox);
    for (let race = 0; race < RACES; race++) {
      const row = await this.#table.get(partitionKey, rowKey);
      const next = decide(toState(row));
      if (!next) return false;
      const entity = { partitionKey, rowKey, mailbox, ...propertiesOf(next) };
      const written = row ? await this.#table.merge(entity, row.etag) : await this.#table.transact([['create', entity]]);
      this.#known.delete(mailbox);
      if (written.kind === 'written') return true;
    }
    throw new StoreUnavailable(`The pause of an account changed ${RACES} times while it was being written`);
  }
}
