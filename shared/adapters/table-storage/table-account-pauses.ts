// Pauses of mailboxes whose account has failed, and of the tenant: one small row each. Those that are on are read together, and remembered for seconds.
import {
  type AccountPause,
  type AccountReport,
  type AccountState,
  closedBy,
  liftedAfter,
  type Probe,
  pauseNow,
  probedBy,
  TENANT,
} from '../../domain/act/account-pause.ts';
import { TENANT_REACHES } from '../../domain/act/tenant-reach.ts';
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
  const [sendRequestId, startedDateTime, mailbox] = [text('probe'), text('probeStartedDateTime'), text('probeMailbox')];
  const reach = TENANT_REACHES.find((one) => one === text('reach'));
  const pause: AccountPause = {
    until,
    reason: text('reason'),
    // Rows of an earlier version have no probe: their pause ends by itself.
    since: text('since') || until,
    closings: Number(text('closings') || 1),
    probeDateTime: text('probeDateTime') || until,
    ...(reach && { reach }),
    ...(sendRequestId !== '' && { probe: { sendRequestId, startedDateTime, ...(mailbox !== '' && { mailbox }) } }),
  };
  return { pause, liftedDateTime };
}

/** An empty text stands for "not there": a merge can't remove a property. */
const propertiesOf = ({ pause, liftedDateTime }: AccountState): Record<string, string> => ({
  until: pause?.until ?? '',
  reason: cutText(pause?.reason ?? ''),
  since: pause?.since ?? '',
  closings: String(pause?.closings ?? ''),
  reach: pause?.reach ?? '',
  probeDateTime: pause?.probeDateTime ?? '',
  probe: pause?.probe?.sendRequestId ?? '',
  probeMailbox: pause?.probe?.mailbox ?? '',
  probeStartedDateTime: pause?.probe?.startedDateTime ?? '',
  liftedDateTime: liftedDateTime ?? '',
});

export class TableAccountPauses implements AccountPauses {
  readonly #table: Table;
  readonly #clock: Clock;
  #known: ReadonlyMap<string, AccountState> = new Map();
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<ReadonlyMap<string, AccountState>> | undefined;
  /** Changes that this process has made, or tried. */
  #changes = 0;

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
    const known = this.#clock.now() - this.#readAt < REMEMBER_MS ? this.#known : await this.#readOnce();
    return pauseNow(known.get(mailbox) ?? {}, this.#now());
  }

  async list(): Promise<PausedAccount[]> {
    return [...(await this.#read())].flatMap(([mailbox, state]) => {
      const pause = pauseNow(state, this.#now());
      return pause ? [{ ...pause, mailbox }] : [];
    });
  }

  async probe(mailbox: string, sendRequestId: string, ofMailbox?: string): Promise<boolean> {
    let isProbe = false;
    await this.#change(mailbox, (state) => {
      const pause = probedBy(state, sendRequestId, this.#now(), ofMailbox);
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

  /** Many mails ask at the same time. */
  #readOnce(): Promise<ReadonlyMap<string, AccountState>> {
    const reading = this.#reading ?? this.#read();
    this.#reading = reading;
    return reading;
  }

  /**
   * Rows of pauses that are over stay, and the query leaves them out. The tenant's pause goes on after its time. What was read before a
   * change of our own is not remembered.
   */
  async #read(): Promise<ReadonlyMap<string, AccountState>> {
    const [readAt, changes] = [this.#clock.now(), this.#changes];
    try {
      const isOn = `(until gt '${this.#now()}' or RowKey eq '${encodeKey(TENANT)}')`;
      const rows = await this.#table.list(`PartitionKey eq '${partitionKey}' and ${isOn}`);
      const states = new Map(rows.map((row) => [String(row['mailbox']), toState(row)]));
      if (changes === this.#changes) [this.#known, this.#readAt] = [states, readAt];
      return states;
    } finally {
      if (changes === this.#changes) this.#reading = undefined;
    }
  }

  #forget(): void {
    this.#changes++;
    this.#readAt = Number.NEGATIVE_INFINITY;
    this.#reading = undefined;
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }

  /** Decides again on the newest row if another process was faster. False if `decide` changes nothing. */
  async #change(mailbox: string, decide: (state: AccountState) => AccountState | undefined): Promise<boolean> {
    const rowKey = encodeKey(mailbox);
    this.#forget();
    for (let race = 0; race < RACES; race++) {
      const row = await this.#table.get(partitionKey, rowKey);
      const next = decide(toState(row));
      if (!next) return false;
      const entity = { partitionKey, rowKey, mailbox, ...propertiesOf(next) };
      const written = row ? await this.#table.merge(entity, row.etag) : await this.#table.transact([['create', entity]]);
      this.#forget();
      if (written.kind === 'written') return true;
    }
    throw new StoreUnavailable(`The pause of an account changed ${RACES} times while it was being written`);
  }
}
