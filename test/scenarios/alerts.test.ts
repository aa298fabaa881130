// For each alert: its condition is made true in the local stack, and the app tells the event that the alert's query counts.
import { writeFileSync } from 'node:fs';
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServiceBusQueue } from '../../shared/adapters/service-bus/service-bus-queue.ts';
import { Table } from '../../shared/adapters/table-storage/table.ts';
import { makeTableClient } from '../../shared/adapters/table-storage/table-client.ts';
import { TableMailboxRegistry } from '../../shared/adapters/table-storage/table-mailbox-registry.ts';
import { TableStatusLog } from '../../shared/adapters/table-storage/table-status-log.ts';
import { makeSendRequestId } from '../../shared/domain/log/send-request-id.ts';
import { sessionIdOf } from '../../shared/domain/submit/lanes.ts';
import { enqueuedEvent } from '../../shared/usecases/log/new-record.ts';
import { changeOf } from '../../shared/usecases/log/write-log.ts';
import { reportMail } from '../support/report-mail.ts';
import type { RunningStack } from '../support/running-stack.ts';
import { queueMessage, record } from '../support/samples.ts';
import { countedBy, type Told, type ToldLines } from '../support/told.ts';
import { type AlertsStack, startAlertsStack } from './alerts-stack.ts';

const MINUTE = 60_000;
const clock = { now: () => Date.now() };
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();

let running: AlertsStack;
let stack: RunningStack;
let told: ToldLines;

beforeAll(async () => {
  running = await startAlertsStack({ IN_DOUBT_GRACE: 'PT30S' });
  ({ stack, told } = running);
});
afterAll(() => running?.close());

const mailboxIn = (state: string, address: string) => stack.graph('POST', 'mailboxes', { address, state });

/** The first line about the mailbox, or the request, that the alert counts. */
const counted = (alert: string, about: string): Promise<Told> =>
  told.until(`counted by ${alert}`, () =>
    told.all().find((line) => countedBy(alert)(line) && (line['mailbox'] === about || line['sendRequestId'] === about)),
  );

/** An id of that time, as the HTTP API would have made it. */
const idOf = (mailbox: string, time: string): string => makeSendRequestId(Date.parse(time), mailbox, new Uint8Array(14).fill(7));

/** A queue message as the HTTP API made it at that time. */
const oldMessage = (mailbox: string, createdDateTime: string) =>
  queueMessage(mailbox, {
    id: idOf(mailbox, createdDateTime),
    createdDateTime,
    sendBefore: new Date(Date.now() + 3_600_000).toISOString(),
    content: {
      format: 'json',
      kind: 'inline',
      text: JSON.stringify({ message: { subject: 'x', toRecipients: [{ emailAddress: { address: 'person-1@example.com' } }] } }),
    },
  });

async function withQueue<T>(use: (queue: ServiceBusQueue, client: ServiceBusClient) => Promise<T>): Promise<T> {
  const connectionString = stack.stack.settings['SERVICE_BUS'] as string;
  const queue = new ServiceBusQueue({ connection: { connectionString }, queue: 'send-requests', clock });
  const client = new ServiceBusClient(connectionString);
  try {
    return await use(queue, client);
  } finally {
    await queue.close();
    await client.close();
  }
}

test('set-aside: a queue message that is none of ours', async () => {
  await withQueue((_, client) => client.createSender('send-requests').sendMessages({ body: 'no JSON', sessionId: 'x', messageId: 'odd' }));
  const line = await told.until('set aside', () => told.all().find(countedBy('set-aside')));
  expect(line).toMatchObject({ event: 'poisonSetAside', function: 'submit-send-request', reason: expect.stringContaining('not JSON') });
});

test('set-aside: a queue message that the broker has given up', async () => {
  const mailbox = 'given-up@contoso.com';
  await withQueue(async (queue, client) => {
    const message = oldMessage(mailbox, ago(0));
    await queue.enqueue(message, new Date(Date.now() + 2_000).toISOString());
    const receiver = await client.acceptSession('send-requests', sessionIdOf(mailbox, message.lane));
    const [received] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 20_000 });
    if (!received) throw new Error('nothing came');
    await receiver.deadLetterMessage(received, { deadLetterReason: 'MaxDeliveryCountExceeded', deadLetterErrorDescription: '' });
    await receiver.close();
  });
  expect(await counted('set-aside', mailbox)).toMatchObject({
    event: 'deadLettered',
    function: 'record-dead-letter',
    status: 'deadLettered',
  });
});

test('overdue: a request whose queue message never came', async () => {
  const mailbox = 'overdue@contoso.com';
  const table = new Table(makeTableClient({ connectionString: running.account.connectionString }));
  const createdDateTime = ago(20 * MINUTE);
  const sendBefore = new Date(Date.now() + 3_600_000).toISOString();
  const stale = record(mailbox, { id: idOf(mailbox, createdDateTime), createdDateTime, lastModifiedDateTime: createdDateTime, sendBefore });
  await new TableStatusLog(table).create(changeOf(stale, [enqueuedEvent(stale)], []));
  await new TableMailboxRegistry(table, clock).touch(mailbox);
  expect(await counted('overdue', mailbox)).toMatchObject({ event: 'nextAttemptOverdue', sendRequestId: stale.id, status: 'queued' });
});

test('oldest-open: Graph has refused for hours', async () => {
  const mailbox = 'waiting@contoso.com';
  await stack.fault({ operation: 'any', mailbox, answer: { status: 503, retryAfter: 3600 }, times: null });
  await withQueue((queue) => queue.enqueue(oldMessage(mailbox, ago(7 * 60 * MINUTE))));
  const line = await told.until('deferred', () => told.all().find((l) => l['mailbox'] === mailbox && l['status'] === 'deferred'));
  expect(countedBy('oldest-open')(line)).toBe(true);
  expect(line['ageSeconds']).toBeGreaterThan(6 * 3600);
});

test('unlisted-answers: something in front of Graph has answered for two hours', async () => {
  const mailbox = 'behind-a-gateway@contoso.com';
  for (const operation of ['createDraft', 'sendMail']) {
    await stack.fault({ operation, mailbox, answer: { status: 400, body: '<html></html>' }, times: null });
  }
  const message = oldMessage(mailbox, ago(120 * MINUTE));
  const { id, createdDateTime, sendBefore } = message;
  const table = new Table(makeTableClient({ connectionString: running.account.connectionString }));
  const attempted = { status: 'deferred', attempts: 1, firstAttemptDateTime: createdDateTime } as const;
  const stale = record(mailbox, { id, createdDateTime, lastModifiedDateTime: createdDateTime, sendBefore, ...attempted });
  await new TableStatusLog(table).create(changeOf(stale, [enqueuedEvent(stale)], []));
  await withQueue((queue) => queue.enqueue(message));
  expect(await counted('unlisted-answers', mailbox)).toMatchObject({ event: 'operatorAlert', sendRequestId: id });
});

test.each([
  ['own-account', 'full', 'mailbox-full'],
  ['own-account', 'submissionBlocked', 'own-account-blocked'],
  ['authorization', 'accessDenied', 'access-denied'],
  ['mailbox-refused', 'accessDenied', 'access-denied'],
])('%s: a mailbox that is %s', async (alert, state, rule) => {
  const mailbox = `${alert}-${state.toLowerCase()}@contoso.com`;
  await mailboxIn(state, mailbox);
  const { body } = await stack.send({ mailbox });
  expect(await counted(alert, mailbox)).toMatchObject({ event: 'operatorAlert', rule, sendRequestId: body.id });
});

test('own-account: an NDR says that our account is blocked', async () => {
  const mailbox = 'spammer@contoso.com';
  await mailboxIn('senderBlocked', mailbox);
  await stack.send({ mailbox });
  expect(await counted('own-account', mailbox)).toMatchObject({ event: 'ownAccountFailure', statusCode: '5.1.8' });
});

test('own-tenant: an NDR says that the whole tenant is over its limit', async () => {
  const mailbox = 'newsletter@contoso.com';
  const { body, location } = await stack.send({ mailbox });
  const { internetMessageId } = await stack.untilStatus(location, 'sent');
  const mime = reportMail({ recipients: [{ address: 'customer@example.com', status: '5.7.233' }], inReplyTo: String(internetMessageId) });
  await stack.graph('POST', 'incoming', { mailbox, mime: Buffer.from(mime).toString('base64'), itemClass: 'REPORT.IPM.Note.NDR' });
  expect(await counted('own-tenant', mailbox)).toMatchObject({ event: 'ownAccountFailure', scope: 'tenant', sendRequestId: body.id });
});

test('doubts-open: Graph has not answered, and looking has not told yet', async () => {
  const mailbox = 'doubtful@contoso.com';
  for (const operation of ['send', 'sendMail'])
    await stack.fault({ operation, mailbox, when: 'after', answer: { status: 504 }, effects: { hiddenFor: 600_000 } });
  await stack.send({ mailbox });
  const line = await told.until('in doubt', () => told.all().find((l) => l['mailbox'] === mailbox && l['status'] === 'inDoubt'));
  expect(countedBy('doubts-open')(line)).toBe(true);
  expect(line).toMatchObject({ event: 'outcomeUnknown' });
});

test('mailboxes-unreadable: Graph lets us send, and not read', async () => {
  const mailbox = 'closed-book@contoso.com';
  await stack.fault({ operation: 'delta', mailbox, answer: { status: 403, code: 'ErrorAccessDenied' }, times: null });
  await stack.send({ mailbox });
  expect(await counted('mailboxes-unreadable', mailbox)).toMatchObject({
    event: 'mailboxUnreadable',
    reason: expect.stringContaining('403'),
  });
});

test('failure-rate: five of five are refused', async () => {
  const mailbox = 'refused@contoso.com';
  await stack.fault({ operation: 'any', mailbox, answer: { status: 400, code: 'ErrorInvalidRecipients' }, times: null });
  const posted = await Promise.all([1, 2, 3, 4, 5].map(() => stack.send({ mailbox })));
  for (const { body } of posted)
    expect(await counted('failures', body.id)).toMatchObject({ event: 'submissionRefused', status: 'rejected' });
  expect(told.all().filter((line) => line['status'] === 'rejected' && countedBy('failure-rate')(line))).toHaveLength(5);
});

test('sender-policy: it was changed, and has a mistake; what was allowed stays so', async () => {
  writeFileSync(running.policy, '{"applications":[{}]}');
  const line = await told.until('broken', async () => {
    expect((await stack.send({ mailbox: 'allowed@contoso.com' })).status).toBe(202);
    return told.all().find(countedBy('sender-policy'));
  });
  expect(line).toMatchObject({ event: 'senderPolicyBroken', lastGood: true, reason: expect.stringContaining('applications[0]') });
});

test('one mail is one operation, told by the function that handled it, and without a recipient', async () => {
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const headers = { traceparent: `00-${trace}-b7ad6b7169203331-01` };
  const posted = await stack.send({ mailbox: 'traced@contoso.com', subject: 'Secret', to: ['nobody-knows@example.com'], headers });
  await stack.untilStatus(posted.location, 'sent');
  const lines = await told.until('all told', () => {
    const mine = told.all().filter((line) => line['sendRequestId'] === posted.body.id);
    return mine.some(({ event }) => event === 'foundInSentItems') ? mine : undefined;
  });
  expect([...new Set(lines.map((line) => line.function))]).toEqual(['send-mail', 'submit-send-request', 'reconcile-mailboxes']);
  // The trace of the invocation is the line's operation; only a line of another operation names it.
  const named = lines.filter((line) => line['traceparent'] !== undefined);
  expect([...new Set(named.map((line) => line.function))]).toEqual(['reconcile-mailboxes']);
  expect([...new Set(named.map((line) => String(line['traceparent']).slice(3, 35)))]).toEqual([trace]);
  expect(lines.find(({ event }) => event === 'submissionAccepted')?.['waitSeconds']).toEqual(expect.any(Number));
  expect(told.lines.filter((line) => line.includes('{"event":') && /nobody-knows|Secret/.test(line))).toEqual([]);
});

test('reconciler-silent, stores-out-of-reach, function-failures, server-errors: the table is down', async () => {
  await told.until('a run', () => told.all().find(({ event }) => event === 'reconciled'));
  await running.proxy.down('refuse');
  const from = told.all().length;
  const posted = await stack.send({ mailbox: 'meanwhile@contoso.com' });
  expect(posted.status).toBe(202);
  const since = () => told.all().slice(from);
  const failed = () => told.lines.some((line) => line.includes("Executed 'Functions.reconcile-mailboxes' (Failed"));
  await told.until('failed', () => failed() || undefined);
  const postponed = await told.until('postponed', () => since().find(({ event }) => event === 'submissionPostponed'));
  expect(since().filter(countedBy('stores-out-of-reach'))).toContainEqual(postponed);
  expect(postponed['sendRequestId']).toBe(posted.body.id);
  expect((await fetch(posted.location)).status).toBe(503);
  // A run that had read the registry before may still end; after it none does.
  expect(since().filter(countedBy('reconciler-silent')).length).toBeLessThanOrEqual(1);
  await running.proxy.up();
  await stack.untilStatus(posted.location, 'sent');
});
