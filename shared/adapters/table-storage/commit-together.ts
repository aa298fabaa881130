// Changes of several requests of one mailbox, as many of them as possible in one transaction. What cannot be written together is written one by one.
import { randomUUID } from 'node:crypto';
import type { ToldEvents } from '../../domain/log/cloud-event.ts';
import { newestFirst } from '../../domain/log/send-request-id.ts';
import type { Change, WriteResult } from '../../ports/status-log.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import { ALL_WANTED, stampedWith } from './commit.ts';
import { encodeKey } from './keys.ts';
import { readRecords } from './record-rows.ts';
import type { Table } from './table.ts';
import { readVersion, versionOf, versionText } from './version.ts';
import { fitsTogether, planWrite, type WritePlan } from './write-plan.ts';

interface Write {
  change: Change;
  /** The version that the change was decided on. */
  etag: string;
}

interface Planned extends Write {
  plan: WritePlan;
  tells: readonly ToldEvents[];
}

type Settled = PromiseSettledResult<WriteResult>;

/** A change has six rows or more, and a transaction takes 100: more than this are not planned at a time. */
const AT_A_TIME = 16;

export interface Steps {
  /** Writes the marks that come before a change, and says what is told of it. */
  announce: (change: Change, etag: string) => Promise<readonly ToldEvents[]>;
  /** The time for a transaction that is sent at once. */
  stamp: () => Promise<number>;
  /** One change by itself, with all that is to be found out if it is refused. */
  single: (change: Change, etag: string) => Promise<WriteResult>;
  /** A change has been written. */
  written: (change: Change, tells: readonly ToldEvents[]) => void;
}

const settledAs = (value: WriteResult): Settled => ({ status: 'fulfilled', value });
const failedBy = (reason: unknown): Settled => ({ status: 'rejected', reason });

/** After an outage nothing more is tried: each try could last as long as the first. What is not tried fails as what was. */
const outageIn = (settled: readonly Settled[]): Settled | undefined =>
  settled.find((one) => one.status === 'rejected' && one.reason instanceof StoreUnavailable);

/** The results are in the order of `writes`. */
export async function commitTogether(table: Table, mailbox: string, writes: readonly Write[], steps: Steps): Promise<Settled[]> {
  const together = new Together(table, mailbox, steps);
  const settled: Settled[] = [];
  while (settled.length < writes.length) {
    settled.push(...(await together.next(writes.slice(settled.length, settled.length + AT_A_TIME))));
    const outage = outageIn(settled);
    if (outage) return [...settled, ...writes.slice(settled.length).map(() => outage)];
  }
  return settled;
}

class Together {
  readonly #table: Table;
  readonly #mailbox: string;
  readonly #steps: Steps;

  constructor(table: Table, mailbox: string, steps: Steps) {
    this.#table = table;
    this.#mailbox = mailbox;
    this.#steps = steps;
  }

  /** The results of the first of them, at least of one. */
  async next(writes: readonly Write[]): Promise<Settled[]> {
    const writeId = randomUUID();
    try {
      const planned = await this.#plan(writes, writeId);
      return planned.length > 1 ? await this.#transact(planned, writeId) : await this.#oneByOne(writes.slice(0, 1));
    } catch (error) {
      return [failedBy(error)];
    }
  }

  /** As many of the first as fit. What needs care if it is refused, or cannot be planned at all, is left for a write of its own. */
  async #plan(writes: readonly Write[], writeId: string): Promise<Planned[]> {
    const told = new Map<Write, readonly ToldEvents[]>();
    for (const write of writes) told.set(write, await this.#steps.announce(write.change, write.etag));
    const stamp = await this.#steps.stamp();
    const planned: Planned[] = [];
    for (const write of writes) {
      const tells = told.get(write) ?? [];
      const plan = planAlone(write, stamp, writeId, tells);
      if (!plan || !fitsTogether([...planned.map((one) => one.plan), plan])) break;
      planned.push({ ...write, plan, tells });
    }
    return planned;
  }

  async #transact(planned: readonly Planned[], writeId: string): Promise<Settled[]> {
    try {
      const written = await this.#table.transact(planned.flatMap(({ plan }) => plan.final));
      if (written.kind === 'written') return this.#written(planned, written.etags);
      return await this.#explain(planned, writeId);
    } catch (error) {
      if (error instanceof StoreUnavailable) return planned.map(() => failedBy(error));
      // A bug of one change must not keep back the others.
      return this.#oneByOne(planned);
    }
  }

  /** The record's row is the first one of each plan. */
  #written(planned: readonly Planned[], etags: readonly string[]): Settled[] {
    let place = 0;
    return planned.map(({ change, plan, tells }) => {
      const etag = versionText({ etag: etags[place] ?? '', ...plan.rows, told: plan.told });
      place += plan.final.length;
      this.#steps.written(change, tells);
      return settledAs({ kind: 'written', etag });
    });
  }

  /** Refused: by our own write, if the answer to it was lost and the client has repeated it; else by what others wrote of one request or more. */
  async #explain(planned: readonly Planned[], writeId: string): Promise<Settled[]> {
    const keys = planned.map(({ change }) => newestFirst(change.record.id));
    const rows = await readRecords(this.#table, encodeKey(this.#mailbox), keys);
    const ours = new Map(rows.filter((row) => row['writeId'] === writeId).map((row) => [String(row['requestId']), row]));
    const settled: Settled[] = [];
    for (const { change, etag, tells } of planned) {
      const row = ours.get(change.record.id);
      if (row) this.#steps.written(change, tells);
      settled.push(row ? settledAs({ kind: 'written', etag: versionText(versionOf(row)) }) : await this.#after(settled, change, etag));
    }
    return settled;
  }

  async #oneByOne(writes: readonly Write[]): Promise<Settled[]> {
    const settled: Settled[] = [];
    for (const { change, etag } of writes) settled.push(await this.#after(settled, change, etag));
    return settled;
  }

  async #after(settled: readonly Settled[], change: Change, etag: string): Promise<Settled> {
    return outageIn(settled) ?? this.#steps.single(change, etag).then(settledAs, failedBy);
  }
}

/** Undefined: the change is for a write of its own. */
function planAlone({ change, etag }: Write, stamp: number, writeId: string, tells: readonly ToldEvents[]): WritePlan | undefined {
  if (change.usage || change.idempotencyKey) return undefined;
  try {
    const plan = planWrite(stampedWith(change, stamp), writeId, readVersion(etag), ALL_WANTED, tells);
    return plan.bulk.length > 0 ? undefined : plan;
  } catch {
    return undefined;
  }
}
