// An upgrade loses nothing: queue messages and rows that the first version wrote are read and carried on by this one.

import { readFileSync } from 'node:fs';
import { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toSendRequestJson } from '../../shared/adapters/http/send-request-json.ts';
import { fromQueueMessage } from '../../shared/adapters/service-bus/queue-message-codec.ts';
import { IndexStart } from '../../shared/adapters/table-storage/index-start.ts';
import { Table } from '../../shared/adapters/table-storage/table.ts';
import { TableChangeFeed } from '../../shared/adapters/table-storage/table-change-feed.ts';
import { makeTableClient, TABLE_NAME } from '../../shared/adapters/table-storage/table-client.ts';
import { TableLogRetention } from '../../shared/adapters/table-storage/table-log-retention.ts';
import { TableMailboxRegistry } from '../../shared/adapters/table-storage/table-mailbox-registry.ts';
import { TableProofs } from '../../shared/adapters/table-storage/table-proofs.ts';
import { TableSendRequestList } from '../../shared/adapters/table-storage/table-send-request-list.ts';
import { TableStatusLog } from '../../shared/adapters/table-storage/table-status-log.ts';
import { FEED_MARGIN_MS, type FeedStart } from '../../shared/domain/log/change-feed.ts';
import type { QueueMessage } from '../../shared/domain/submit/queue-message.ts';
import type { Context } from '../../shared/usecases/context.ts';
import { listChanges } from '../../shared/usecases/log/list-changes.ts';
import { reconcileMailboxes } from '../../shared/usecases/reconcile/reconcile-mailboxes.ts';
import { submitSendRequest } from '../../shared/usecases/submit/submit-send-request.ts';
import { firstDelivery } from '../fakes/first-delivery.ts';
import { InMemoryAccountPauses } from '../fakes/in-memory-account-pauses.ts';
import { InMemoryContentStore } from '../fakes/in-memory-content-store.ts';
import { InMemoryGraphMail } from '../fakes/in-memory-graph-mail.ts';
import { InMemoryPauses } from '../fakes/in-memory-pauses.ts';
import { InMemoryRefusedAttempts } from '../fakes/in-memory-refused-attempts.ts';
import { InMemorySubmissionQueue } from '../fakes/in-memory-submission-queue.ts';
import { InMemorySuppressions } from '../fakes/in-memory-suppressions.ts';
import { InMemoryTenantCounter } from '../fakes/in-memory-tenant-counter.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { newProcess } from '../fakes/new-process.ts';
import { noMessageTrace } from '../fakes/no-message-trace.ts';
import { RecordingTelemetry } from '../fakes/recording-telemetry.ts';
import { RULES } from '../fakes/rules.ts';
import { SeededChance } from '../fakes/seeded-chance.ts';
import { newStorageAccount, type StorageAccount } from '../support/storage-account.ts';

interface Recorded {
  recordedDateTime: string;
  ids: Record<'queued' | 'queuedMime' | 'deferred' | 'inDoubt' | 'sent' | 'failed', string>;
  queueMessages: { messageId: string; body: { id: string; mailbox: string } }[];
  rows: { partitionKey: string; rowKey: string }[];
  answers: Record<string, { id: string; mailbox: string; events: unknown[]; recipients: unknown[] }>;
}

const recorded: Recorded = JSON.parse(readFileSync(new URL('../fixtures/version-1/recorded.json', import.meta.url), 'utf8'));
const HOUR = 3_600_000;

let account: StorageAccount;
let context: Context;
let table: Table;
let graph: InMemoryGraphMail;
const clock = new ManualClock(recorded.recordedDateTime);
const queue = new InMemorySubmissionQueue();

beforeAll(async () => {
  account = await newStorageAccount();
  const client = TableClient.fromConnectionString(account.connectionString, TABLE_NAME, { allowInsecureConnection: true });
  await client.createTable();
  for (const row of recorded.rows) await client.createEntity(row);
  table = new Table(makeTableClient({ connectionString: account.connectionString }));
  graph = new InMemoryGraphMail(clock);
  context = {
    clock,
    chance: new SeededChance(1),
    queue,
    contents: new InMemoryContentStore(),
    log: new TableStatusLog(table, { clock }),
    registry: new TableMailboxRegistry(table, clock),
    proofs: new TableProofs(table, clock),
    graph,
    telemetry: new RecordingTelemetry(),
    ...newProcess(),
    accountPauses: new InMemoryAccountPauses(clock),
    pauses: new InMemoryPauses(),
    suppressions: new InMemorySuppressions(clock),
    tenantCounter: new InMemoryTenantCounter(),
    refusedAttempts: new InMemoryRefusedAttempts(clock, HOUR / 4),
    messageTrace: noMessageTrace,
    rules: RULES,
  };
});
afterAll(() => account.close());

const messageOf = (id: string): QueueMessage => {
  const found = recorded.queueMessages.find(({ body }) => body.id === id);
  const decoded = fromQueueMessage(found?.body);
  if (decoded.kind !== 'message') throw new Error(decoded.reason);
  return decoded.message;
};

const statusOf = async ({ mailbox, id }: { mailbox: string; id: string }) => (await context.log.read(mailbox, id))?.value.status;

describe('rows of the first version', () => {
  test.each(Object.entries(recorded.answers))('GET answers the same of the request that was %s', async (_, answer) => {
    const { mailbox, id } = answer;
    const stored = await context.log.read(mailbox, id);
    const [recipients, events] = [await context.log.recipients(mailbox, id), await context.log.events(mailbox, id)];
    if (!stored) throw new Error('its record is not found');
    expect(JSON.parse(JSON.stringify(toSendRequestJson(stored.value, recipients, events)))).toMatchObject(answer);
  });

  test('an idempotency key of then still holds, and a Message-ID that a caller set is found', async () => {
    const hashes = recorded.rows.filter(({ rowKey }) => rowKey.startsWith('k!'));
    expect(hashes).toHaveLength(1);
    expect(await context.log.withMessageId('queued@contoso.com', '<set-by-caller@contoso.com>')).toEqual([recorded.ids.queuedMime]);
  });
});

describe('the change feed', () => {
  test('begins with the rows of the first version, which have no place in its order', async () => {
    // The table's own time tells when an earlier version wrote.
    const written = (await table.list("RowKey ge 'r!' and RowKey lt 's'")).map(({ timestamp = '' }) => Date.parse(timestamp));
    let now = Math.max(...written) + 1 + FEED_MARGIN_MS;
    const indexStart = new IndexStart(table, { now: () => now });
    const list = new TableSendRequestList(table, indexStart);
    const feed = new TableChangeFeed(table, list, indexStart);
    const read = async (start: FeedStart) => {
      const told: string[] = [];
      for (;;) {
        const page = await listChanges({ feed, now, retentionMs: 90 * 24 * HOUR }, { filter: {}, top: 2, feed: start });
        told.push(...(page?.records ?? []).map(({ id }) => id));
        if (page?.next) start = { kind: 'within', round: page.next };
        else return { told, since: page?.since as number };
      }
    };
    const all = Object.values(recorded.ids);
    const first = await read({ kind: 'begin' });
    expect(first.told.toSorted()).toEqual(all.toSorted());
    const next: FeedStart = { kind: 'since', from: first.since };
    expect((await read(next)).told).toEqual([]);
    // The instances of the version before are not gone yet: what one writes is told in the next round.
    const [row] = recorded.rows.filter(({ rowKey }) => rowKey.startsWith('r!'));
    if (!row) throw new Error('no record');
    await table.upsert({ ...row });
    now = Date.now() + 2 * FEED_MARGIN_MS;
    expect((await read(next)).told).toHaveLength(1);
    // Failures that the first version noted are found without an index of them.
    const failures = await list.page('sent@contoso.com', { filter: { failedFrom: 1 }, top: 10 });
    expect(failures.records.map(({ id }) => id)).toEqual([recorded.ids.failed]);
  });
});

describe('queue messages of the first version', () => {
  test('are all messages of ours', () => {
    expect(recorded.queueMessages.map(({ body }) => messageOf(body.id).schemaVersion)).toEqual([1, 1, 1, 1]);
  });

  test.each(['queued', 'queuedMime', 'deferred'] as const)('the one of the request that was %s is submitted once', async (name) => {
    clock.advanceTo(new Date(Date.parse(recorded.recordedDateTime) + 2 * HOUR).toISOString());
    const message = messageOf(recorded.ids[name]);
    const before = graph.submissions.length;
    await submitSendRequest(context, message, firstDelivery);
    expect(await statusOf(message)).toBe('accepted');
    await submitSendRequest(context, message, firstDelivery);
    expect(graph.submissions).toHaveLength(before + 1);
  });

  test('doubt travels with its message: the draft of then is looked for, and nothing is submitted again', async () => {
    const message = messageOf(recorded.ids.inDoubt);
    expect(message.known).toMatchObject({ outcome: 'unknown', claim: { route: 'draft', sendIssued: true } });
    const before = graph.submissions.length;
    await submitSendRequest(context, message, firstDelivery);
    const asked = graph.calls.filter(({ mailbox }) => mailbox === message.mailbox).map(({ operation }) => operation);
    expect(asked).toEqual(['getCopy', 'findByMark', 'findByMessageId']);
    expect(graph.submissions).toHaveLength(before);
    // This Graph never had that draft: it looks like one that has gone its way.
    expect(await statusOf(message)).toBe('accepted');
  });
});

test('the reconciler goes on with the mailboxes of then, and closes what was sent', async () => {
  clock.advance(80 * HOUR);
  await reconcileMailboxes(context);
  for (const name of ['queued', 'queuedMime', 'deferred'] as const)
    expect(await statusOf(messageOf(recorded.ids[name]))).toMatch(/^(sent|closed)$/);
  expect(await statusOf(messageOf(recorded.ids.inDoubt))).toBe('unaccounted');
  expect(await statusOf({ mailbox: 'sent@contoso.com', id: recorded.ids.sent })).toBe('closed');
  expect(await statusOf({ mailbox: 'sent@contoso.com', id: recorded.ids.failed })).toBe('closed');
});

test('what is old is deleted, although the first version made no rows to find it by', async () => {
  const before = new Date(clock.now() + 1000 * 24 * HOUR).toISOString();
  const { records, finished } = await new TableLogRetention(table).purge('sent@contoso.com', before, () => true);
  expect({ records, finished }).toEqual({ records: 2, finished: true });
  // Its records do not name the rows that point to them: the weekly search finds those.
  expect(await new TableLogRetention(table).sweep('sent@contoso.com', before, () => true)).toMatchObject({ finished: true });
  expect(await table.list("PartitionKey eq 'sent@contoso.com'")).toEqual([]);
});
