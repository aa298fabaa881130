// The status log in memory: the same contract, plain and deterministic.
import { isInChain } from '../../shared/domain/accept/retry-chain.ts';
import { sameAddress } from '../../shared/domain/address/address.ts';
import { normaliseMessageId } from '../../shared/domain/doubt/marks.ts';
import type { MailboxUsage } from '../../shared/domain/limits/account.ts';
import { matches } from '../../shared/domain/log/filter.ts';
import type { Recipient, SendRequestRecord, StatusEvent } from '../../shared/domain/log/send-request.ts';
import { idOfSortKey, newestFirst } from '../../shared/domain/log/send-request-id.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { KnownMailbox, ListPage, ListQuery, SendRequestList } from '../../shared/ports/send-request-list.ts';
import type {
  Agenda,
  Change,
  KeyedEvent,
  KeyHolder,
  StatusLog,
  UsageChange,
  Versioned,
  WriteResult,
} from '../../shared/ports/status-log.ts';
import { StoreUnavailable } from '../../shared/ports/store-unavailable.ts';

interface Row {
  record: SendRequestRecord;
  recipients: Recipient[];
  events: Map<string, KeyedEvent>;
  version: number;
  due?: string;
  awaitsMore?: boolean;
}

interface Partition {
  rows: Map<string, Row>;
  claims: Map<string, string>;
  keys: Map<string, KeyHolder>;
  messageIds: Map<string, Set<string>>;
  usage?: { value: MailboxUsage; version: number };
}

export class InMemoryStatusLog implements StatusLog, SendRequestList {
  /** Names of the calls made, for tests that count them. */
  readonly calls: string[] = [];
  /** While true every call throws StoreUnavailable. */
  down = false;
  readonly #partitions = new Map<string, Partition>();
  readonly #clock: Clock | undefined;

  /** With a clock, a record has the time of its last write, as the contract says. */
  constructor(clock?: Clock) {
    this.#clock = clock;
  }

  async read(mailbox: string, id: string): Promise<Versioned<SendRequestRecord> | undefined> {
    const row = this.#partition('read', mailbox).rows.get(id);
    return row && { value: structuredClone(row.record), etag: String(row.version) };
  }

  async recipients(mailbox: string, id: string): Promise<Recipient[]> {
    return structuredClone(this.#partition('recipients', mailbox).rows.get(id)?.recipients ?? []);
  }

  async events(mailbox: string, id: string): Promise<StatusEvent[]> {
    const events = [...(this.#partition('events', mailbox).rows.get(id)?.events.values() ?? [])];
    const lines = events.map(({ key: _key, status: _status, ...event }) => structuredClone(event));
    return lines.sort((a, b) => (a.dateTime < b.dateTime ? -1 : a.dateTime > b.dateTime ? 1 : 0));
  }

  async create(change: Change): Promise<WriteResult> {
    const partition = this.#partition('create', change.record.mailbox);
    if (partition.rows.has(change.record.id)) return { kind: 'conflict' };
    return this.#apply(partition, change, { recipients: [], events: new Map(), version: 0 });
  }

  async write(change: Change, etag: string): Promise<WriteResult> {
    const partition = this.#partition('write', change.record.mailbox);
    const row = partition.rows.get(change.record.id);
    if (!row || String(row.version) !== etag) return { kind: 'conflict' };
    return this.#apply(partition, change, row);
  }

  async readAll(mailbox: string, ids: readonly string[]): Promise<Versioned<SendRequestRecord>[]> {
    const { rows } = this.#partition('readAll', mailbox);
    const there = [...new Set(ids)].flatMap((id) => rows.get(id) ?? []);
    return there.map((row) => ({ value: structuredClone(row.record), etag: String(row.version) }));
  }

  async writeAll(_mailbox: string, writes: readonly { change: Change; etag: string }[]): Promise<PromiseSettledResult<WriteResult>[]> {
    return Promise.allSettled(writes.map(({ change, etag }) => this.write(change, etag)));
  }

  async keyHolder(mailbox: string, keyHash: string): Promise<KeyHolder | undefined> {
    return this.#partition('keyHolder', mailbox).keys.get(keyHash);
  }

  async agenda(mailbox: string, now: string, top: number): Promise<Agenda> {
    const rows = [...this.#partition('agenda', mailbox).rows.values()];
    const open = rows.flatMap(({ record, due, awaitsMore = true }) => (due === undefined ? [] : [{ id: record.id, due, awaitsMore }]));
    open.sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : a.id < b.id ? -1 : 1));
    const plain = (some: typeof open) => some.map(({ id, due }) => ({ id, due }));
    const nextDue = open.find(({ due }) => due > now)?.due;
    return {
      due: plain(open.filter(({ due }) => due <= now)).slice(0, top),
      awaiting: plain(open.filter(({ awaitsMore }) => awaitsMore)).slice(0, top),
      others: plain(open.filter(({ awaitsMore }) => !awaitsMore)).slice(0, top),
      ...(nextDue !== undefined && { nextDue }),
    };
  }

  async strays(mailbox: string): Promise<string[]> {
    this.#partition('strays', mailbox);
    return [];
  }

  async withMessageId(mailbox: string, internetMessageId: string): Promise<string[]> {
    return [...(this.#partition('withMessageId', mailbox).messageIds.get(normaliseMessageId(internetMessageId)) ?? [])].sort();
  }

  async withContent(mailbox: string, application: string, contentHash: string): Promise<string[]> {
    const rows = [...this.#partition('withContent', mailbox).rows.values()];
    const meant = rows.filter(
      ({ record }) => record.application === application && record.contentHash === contentHash && isInChain(record),
    );
    return meant
      .map(({ record }) => newestFirst(record.id))
      .sort()
      .slice(0, 20)
      .map(idOfSortKey);
  }

  async copyHolder(mailbox: string, copyId: string): Promise<string | undefined> {
    return this.#partition('copyHolder', mailbox).claims.get(copyId);
  }

  async page(mailbox: string, { filter, top, after }: ListQuery): Promise<ListPage> {
    const partition = this.#partition('page', mailbox);
    const byMessageId = partition.messageIds.get(normaliseMessageId(filter.internetMessageId ?? ''));
    const meant = [...partition.rows.values()].filter(
      ({ record, recipients }) =>
        matches(filter, record) &&
        (filter.recipient === undefined || recipients.some(({ address }) => sameAddress(address, filter.recipient ?? ''))) &&
        (filter.internetMessageId === undefined || record.internetMessageId === filter.internetMessageId || byMessageId?.has(record.id)),
    );
    const left = meant.map(({ record }) => record).filter(({ id }) => after === undefined || newestFirst(id) > after);
    left.sort((a, b) => (newestFirst(a.id) < newestFirst(b.id) ? -1 : 1));
    const last = left[top - 1];
    return { records: structuredClone(left.slice(0, top)), ...(last && left.length > top && { next: newestFirst(last.id) }) };
  }

  async mailboxes(): Promise<KnownMailbox[]> {
    this.#partition('mailboxes', '');
    return [...this.#partitions].flatMap(([mailbox, { rows }]) => {
      const last = [...rows.values()]
        .map(({ record }) => record.createdDateTime)
        .sort()
        .at(-1);
      return last === undefined ? [] : [{ mailbox, lastDateTime: last }];
    });
  }

  async usage(mailbox: string): Promise<Versioned<MailboxUsage> | undefined> {
    const { usage } = this.#partition('usage', mailbox);
    return usage && { value: structuredClone(usage.value), etag: String(usage.version) };
  }

  async writeUsage(mailbox: string, change: UsageChange): Promise<{ etag: string } | false> {
    const partition = this.#partition('writeUsage', mailbox);
    return isNewest(partition, change) && { etag: putUsage(partition, change) };
  }

  async check(): Promise<void> {
    this.#partition('check', '');
  }

  #apply(partition: Partition, change: Change, before: Omit<Row, 'record' | 'due' | 'awaitsMore'>): WriteResult {
    const { record, events, recipients, due, awaitsMore, claimCopy, indexMessageId, idempotencyKey, usage } = change;
    if (usage && !isNewest(partition, usage)) return { kind: 'usageChanged' };
    const claimant = claimCopy === undefined ? undefined : partition.claims.get(claimCopy);
    if (claimant !== undefined && claimant !== record.id) return { kind: 'copyClaimed' };
    const holder = idempotencyKey && partition.keys.get(idempotencyKey.hash);
    if (holder && holder.id !== record.id) return { kind: 'conflict' };
    if (claimCopy !== undefined) partition.claims.set(claimCopy, record.id);
    if (idempotencyKey) partition.keys.set(idempotencyKey.hash, { id: record.id, contentHash: idempotencyKey.contentHash });
    if (indexMessageId !== undefined) {
      const key = normaliseMessageId(indexMessageId);
      partition.messageIds.set(key, (partition.messageIds.get(key) ?? new Set()).add(record.id));
    }
    const row: Row = {
      record: { ...structuredClone(record), ...(this.#clock && { lastModifiedDateTime: new Date(this.#clock.now()).toISOString() }) },
      recipients: structuredClone([...(recipients ?? before.recipients)]),
      events: new Map([...before.events, ...events.map((event): [string, KeyedEvent] => [event.key, structuredClone(event)])]),
      version: before.version + 1,
      ...(due !== undefined && { due }),
      ...(awaitsMore !== undefined && { awaitsMore }),
    };
    partition.rows.set(record.id, row);
    return { kind: 'written', etag: String(row.version), ...(usage && { usageEtag: putUsage(partition, usage) }) };
  }

  #partition(call: string, mailbox: string): Partition {
    this.calls.push(call);
    if (this.down) throw new StoreUnavailable('down');
    const partition = this.#partitions.get(mailbox) ?? { rows: new Map(), claims: new Map(), keys: new Map(), messageIds: new Map() };
    this.#partitions.set(mailbox, partition);
    return partition;
  }
}

const isNewest = ({ usage }: Partition, { etag }: UsageChange): boolean => etag === (usage && String(usage.version));

function putUsage(partition: Partition, { usage }: UsageChange): string {
  partition.usage = { value: structuredClone(usage), version: (partition.usage?.version ?? 0) + 1 };
  return String(partition.usage.version);
}
