// A change as table actions: one transaction where it fits, else bulk rows first (harmless to repeat) and the record last.
import type { TransactionAction } from '@azure/data-tables';
import { waitingOf } from '../../domain/log/attention.ts';
import { feedKey } from '../../domain/log/change-feed.ts';
import type { ToldEvents } from '../../domain/log/cloud-event.ts';
import type { Change } from '../../ports/status-log.ts';
import { toEventEntity } from './event-entity.ts';
import { indexRows } from './index-rows.ts';
import { encodeKey, rowKeys } from './keys.ts';
import { outboxRows } from './outbox-rows.ts';
import { ATOMIC_SET, chunkRows, chunksOf, recipientProperties } from './recipient-rows.ts';
import { type MovingRows, toRecordEntity } from './record-entity.ts';
import { usageAction } from './usage-entity.ts';
import type { Version } from './version.ts';

/** https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions: 100 entities, 4 MiB of payload. */
const MAXIMUM_ENTITIES = 100;
const MAXIMUM_BYTES = 3_000_000;
/** What a row costs in a transaction beside its text: part headers, keys, property names. */
const OVERHEAD = 1_000;

type Row = { partitionKey: string; rowKey: string };

/** Actions that a transaction fails with if they were done before; whether they are still wanted is found out by reading. */
export interface Wanted {
  claimCopy: boolean;
  deleteOpenRow: boolean;
  deleteAgendaRow: boolean;
  deleteChangedRow: boolean;
}

export interface WritePlan {
  /** Transactions of upserts that go before the record; empty if everything fits in one. */
  bulk: TransactionAction[][];
  /** Ends with the counters of the mailbox, if the change has them. */
  final: TransactionAction[];
  /** Keys of the record's rows in the agenda, empty if it has none, and in the order of changes from then on. */
  rows: MovingRows;
  /** How many changes of the record were told then. */
  told: number;
  /** The set of recipient chunks that the record will point to, where it is written ahead of it. */
  set?: string;
}

const bytesOf = (row: Row): number => OVERHEAD + Buffer.byteLength(JSON.stringify(row));

/** JSON writes a character as six bytes at most (\\u001f). */
const BYTES_OF_CHARACTER = 6;

/** At least as many as they have; nearly all changes are so small that this says enough. */
function atMost(rows: readonly Row[]): number {
  let characters = 0;
  for (const row of rows) for (const value of Object.values(row)) if (typeof value === 'string') characters += value.length;
  return rows.length * OVERHEAD + characters * BYTES_OF_CHARACTER;
}

const fits = (rows: readonly Row[], more: number): boolean =>
  atMost(rows) + more <= MAXIMUM_BYTES || rows.reduce((sum, row) => sum + bytesOf(row), more) <= MAXIMUM_BYTES;

/** Whether they can go in one transaction. It may name a row only once, and two changes name the same one if they are of one request or claim one copy. */
export function fitsTogether(plans: readonly WritePlan[]): boolean {
  const rows = plans.flatMap(({ final }) => final.map(([, row]) => row as Row));
  const isOnce = new Set(rows.map(({ rowKey }) => rowKey)).size === rows.length;
  return isOnce && rows.length <= MAXIMUM_ENTITIES && fits(rows, 0);
}

const upserts = (rows: readonly Row[]): TransactionAction[] => rows.map((row) => ['upsert', row, 'Replace']);

/** A transaction may name a row only once: the last event of a key counts. */
function eventRows({ record, events }: Change): Row[] {
  const rows = events.map((event, place) => toEventEntity(record.mailbox, record.id, event, place));
  return [...new Map(rows.map((row) => [row.rowKey, row])).values()];
}

function inTransactions(rows: readonly Row[]): TransactionAction[][] {
  const transactions: Row[][] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = bytesOf(row);
    const last = transactions.at(-1);
    if (!last || last.length === MAXIMUM_ENTITIES || bytes + size > MAXIMUM_BYTES) {
      transactions.push([row]);
      bytes = size;
    } else {
      last.push(row);
      bytes += size;
    }
  }
  return transactions.map(upserts);
}

const agendaOf = ({ record, due, awaitsMore = true }: Change): string =>
  due === undefined ? '' : rowKeys.agenda(awaitsMore, due, record.id);

/** Its place in the order of changes: the one row that it has there moves. */
function changedActions({ record }: Change, changed: string, before: Version | undefined, wanted: Readonly<Wanted>): TransactionAction[] {
  const partitionKey = encodeKey(record.mailbox);
  const row = { partitionKey, rowKey: changed, application: record.application };
  const isMoved = before !== undefined && before.changed !== '' && before.changed !== changed;
  return [
    ['upsert', row, 'Replace'],
    ...(isMoved && wanted.deleteChangedRow ? [['delete', { partitionKey, rowKey: before.changed }] satisfies TransactionAction] : []),
  ];
}

/**
 * Its place in the order of what is due, and what it waits for if that is more than the end of its report window. Written even if it has not
 * moved: so a row that was lost is there again after the next change.
 */
function agendaActions(change: Change, agenda: string, before: Version | undefined, wanted: Readonly<Wanted>): TransactionAction[] {
  const { record, due, awaitsMore = true } = change;
  const isMoved = before?.agenda !== agenda;
  const partitionKey = encodeKey(record.mailbox);
  const actions: TransactionAction[] = [];
  const waits = awaitsMore ? waitingOf(record) : {};
  if (agenda) actions.push(['upsert', { partitionKey, rowKey: agenda, due, ...waits }, 'Replace']);
  if (isMoved && before?.agenda && wanted.deleteAgendaRow) actions.push(['delete', { partitionKey, rowKey: before.agenda }]);
  return actions;
}

/**
 * Where the rows are that point to this record, so that the purge needs no search for them. A merge keeps what an earlier write has noted: a request
 * is indexed by a Message-ID twice at most, when it is made and when Exchange gives it another.
 */
function pointers({ record, claimCopy, indexMessageId, idempotencyKey }: Change, isNew: boolean): Record<string, string> {
  return {
    ...(claimCopy !== undefined && { copyClaimRow: rowKeys.copyClaim(claimCopy) }),
    ...(indexMessageId !== undefined && { [isNew ? 'messageIdRow' : 'laterMessageIdRow']: rowKeys.messageId(indexMessageId, record.id) }),
    ...(idempotencyKey && { idempotencyKeyRow: rowKeys.idempotencyKey(idempotencyKey.hash) }),
  };
}

export const POINTERS = ['copyClaimRow', 'messageIdRow', 'laterMessageIdRow', 'idempotencyKeyRow'] as const;

/**
 * Whether its open row is right already: it has the due time, which is in the key on the agenda, too. A write that puts rows right does not say what
 * the record was before, and writes all of them.
 */
const keepsDue = (change: Change, agenda: string, before: Version | undefined): boolean =>
  change.before !== undefined && before?.agenda === agenda;

/** The small rows beside the record: open row, claims, indexes. */
function sideActions(
  { record, due, claimCopy, indexMessageId, idempotencyKey }: Change,
  isNew: boolean,
  isDueKept: boolean,
  wanted: Readonly<Wanted>,
): TransactionAction[] {
  const partitionKey = encodeKey(record.mailbox);
  const { id } = record;
  const actions: TransactionAction[] = [];
  if (due !== undefined && !isDueKept) actions.push(['upsert', { partitionKey, rowKey: rowKeys.open(id), due }, 'Replace']);
  if (due === undefined && !isNew && wanted.deleteOpenRow) actions.push(['delete', { partitionKey, rowKey: rowKeys.open(id) }]);
  if (indexMessageId !== undefined)
    actions.push(['upsert', { partitionKey, rowKey: rowKeys.messageId(indexMessageId, id), requestId: id }, 'Replace']);
  if (claimCopy !== undefined && wanted.claimCopy)
    actions.push(['create', { partitionKey, rowKey: rowKeys.copyClaim(claimCopy), requestId: id, copyId: claimCopy }]);
  if (idempotencyKey) {
    const { hash, contentHash } = idempotencyKey;
    actions.push(['create', { partitionKey, rowKey: rowKeys.idempotencyKey(hash), requestId: id, contentHash }]);
  }
  return actions;
}

/**
 * `before`: the version of the record that is changed; absent: the record is new. The record has the time of this write. `tells`: goes with the record's own transaction in any case,
 * so that nothing is told that was not written.
 */
export function planWrite(
  change: Change,
  writeId: string,
  before: Version | undefined,
  wanted: Readonly<Wanted>,
  tells: readonly ToldEvents[] = [],
): WritePlan {
  const { record, recipients, due } = change;
  const etag = before?.etag;
  const changed = rowKeys.changed(feedKey(Date.parse(record.lastModifiedDateTime), record.id));
  const moving: MovingRows = { agenda: agendaOf(change), changed };
  const told = (before?.told ?? 0) + (tells.length > 0 ? 1 : 0);
  const entity = {
    ...toRecordEntity(record, writeId, due, moving),
    ...pointers(change, etag === undefined),
    ...(tells.length > 0 && { told }),
  };
  const chunks = recipients && chunksOf(recipients);
  const events = eventRows(change);
  const side = [
    ...sideActions(change, etag === undefined, keepsDue(change, moving.agenda, before), wanted),
    ...agendaActions(change, moving.agenda, before, wanted),
    ...changedActions(change, changed, before, wanted),
  ];
  const counters = change.usage ? [usageAction(record.mailbox, change.usage)] : [];
  const withRecipients = (set: string) => (chunks ? { ...entity, ...recipientProperties(chunks, set) } : entity);
  const recordAction = (row: Row): TransactionAction => (etag === undefined ? ['create', row] : ['update', row, 'Merge', { etag }]);
  const outbox = outboxRows(record, told, tells);

  const index = indexRows(record, etag === undefined ? recipients : undefined);
  const together = [...events, ...index, ...(chunks ? chunkRows(record.mailbox, record.id, chunks, ATOMIC_SET) : [])];
  const inline = withRecipients(ATOMIC_SET);
  const rows = [inline, ...together, ...outbox, ...counters.map(([, row]) => row)];
  if (side.length + rows.length <= MAXIMUM_ENTITIES && fits(rows, side.length * OVERHEAD))
    return { bulk: [], final: [recordAction(inline), ...side, ...upserts([...together, ...outbox]), ...counters], rows: moving, told };

  const ahead = [...events, ...index, ...(chunks ? chunkRows(record.mailbox, record.id, chunks, writeId) : [])];
  const final = [recordAction(withRecipients(writeId)), ...side, ...upserts(outbox), ...counters];
  return { bulk: inTransactions(ahead), final, rows: moving, told, ...(chunks && { set: writeId }) };
}
