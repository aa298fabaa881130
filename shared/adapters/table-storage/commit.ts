// Carries a write plan out, and finds out what a refusal means: our own write whose answer was lost, another's write, another's claim.
import type { ToldEvents } from '../../domain/log/cloud-event.ts';
import type { Change, WriteResult } from '../../ports/status-log.ts';
import { encodeKey, rowKeys, startsWith } from './keys.ts';
import type { Entity, Table } from './table.ts';
import { readVersion, type Version, versionOf, versionText } from './version.ts';
import { planWrite, type Wanted, type WritePlan } from './write-plan.ts';

/** Each of the four optional rows can be dropped from the plan once. */
const ATTEMPTS = 5;
export const ALL_WANTED: Readonly<Wanted> = { claimCopy: true, deleteOpenRow: true, deleteAgendaRow: true, deleteChangedRow: true };

/**
 * `version`: of the record that is changed; absent: the record is new. `stamp`: the time for a write that is sent at once; each attempt
 * gets its own, because the order of changes relies on it (`FEED_MARGIN_MS`). `tells`: what applications are told of the change.
 */
export async function commit(
  table: Table,
  change: Change,
  writeId: string,
  version: string | undefined,
  stamp: () => Promise<number>,
  tells: readonly ToldEvents[] = [],
): Promise<WriteResult> {
  const wanted: Wanted = { ...ALL_WANTED };
  const read = version === undefined ? undefined : readVersion(version);
  let ahead: Entity | undefined;
  let isAhead = false;
  for (let attempt = 0; attempt < ATTEMPTS; ) {
    const plan = planWrite(stampedWith(change, await stamp()), writeId, read, wanted, tells);
    if (plan.bulk.length > 0 && !isAhead) {
      const before = await writeAhead(table, change, plan, read?.etag);
      if (before === 'conflict') return conflict;
      ahead = before;
      isAhead = true;
      continue;
    }
    attempt++;
    const written = await table.transact(plan.final);
    if (written.kind === 'written') {
      if (ahead) await dropChunks(table, change, String(ahead['recipientSet'] ?? ''), plan.set);
      const etag = versionText({ etag: written.etag, ...plan.rows, told: plan.told });
      return { kind: 'written', etag, ...(change.usage && { usageEtag: written.etags.at(-1) ?? '' }) };
    }
    const explained = await explain(table, change, writeId, read, wanted, written.status);
    if (explained !== 'again') return explained;
  }
  return conflict;
}

export const stampedWith = (change: Change, ms: number): Change => ({
  ...change,
  record: { ...change.record, lastModifiedDateTime: new Date(ms).toISOString() },
});

const recordRow = (table: Table, { record }: Change): Promise<Entity | undefined> =>
  table.get(encodeKey(record.mailbox), rowKeys.record(record.id));

/** Rows that don't fit in the record's transaction. A record that has changed already is not worth it. */
async function writeAhead(
  table: Table,
  change: Change,
  plan: WritePlan,
  etag: string | undefined,
): Promise<Entity | 'conflict' | undefined> {
  const row = await recordRow(table, change);
  if (row?.etag !== etag) return 'conflict';
  for (const actions of plan.bulk) await table.transact(actions);
  return row;
}

async function explain(
  table: Table,
  change: Change,
  writeId: string,
  before: Version | undefined,
  wanted: Wanted,
  status: 404 | 409 | 412,
): Promise<WriteResult | 'again'> {
  if (before === undefined) return change.usage && !(await recordRow(table, change)) ? { kind: 'usageChanged' } : conflict;
  const partition = encodeKey(change.record.mailbox);
  if (status === 404 && before.agenda && wanted.deleteAgendaRow && !(await table.get(partition, before.agenda)))
    return without(wanted, 'deleteAgendaRow');
  if (status === 404 && before.changed && wanted.deleteChangedRow && !(await table.get(partition, before.changed)))
    return without(wanted, 'deleteChangedRow');
  // The request wasn't open before (a late report), so there is no open row to delete; or the record itself is gone.
  if (status === 404 && change.usage) return (await recordRow(table, change))?.etag === before.etag ? { kind: 'usageChanged' } : conflict;
  if (status === 404) return change.due === undefined && wanted.deleteOpenRow ? without(wanted, 'deleteOpenRow') : conflict;
  const row = await recordRow(table, change);
  // What became of the counters since is not known: they are read before they are written again.
  if (row?.['writeId'] === writeId) return { kind: 'written', etag: versionText(versionOf(row)) };
  if (row?.etag !== before.etag) return conflict;
  if (change.usage) return { kind: 'usageChanged' };
  const { claimCopy } = change;
  if (claimCopy !== undefined && wanted.claimCopy) {
    const holder = await table.get(partition, rowKeys.copyClaim(claimCopy));
    if (holder && holder['requestId'] !== change.record.id) return { kind: 'copyClaimed' };
    if (holder) return without(wanted, 'claimCopy');
  }
  return conflict;
}

const conflict: WriteResult = { kind: 'conflict' };

function without(wanted: Wanted, what: keyof Wanted): 'again' {
  wanted[what] = false;
  return 'again';
}

/** Chunks that nothing points to any more. What stays behind after a failure goes with the request's other rows at the end of retention. */
async function dropChunks(table: Table, { record }: Change, set: string, replacedBy: string | undefined): Promise<void> {
  if (!set || replacedBy === undefined) return;
  const partitionKey = encodeKey(record.mailbox);
  try {
    const rows = await table.list(startsWith(partitionKey, rowKeys.recipientChunks(record.id, set)), {
      top: 100,
      select: ['partitionKey', 'rowKey'],
    });
    if (rows.length > 0) await table.transact(rows.map(({ rowKey }) => ['delete', { partitionKey, rowKey }]));
  } catch {
    // The change itself is written; a leftover costs a few kilobytes.
  }
}
