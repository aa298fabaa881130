// For the alerts on the HTTP API and on what is left behind: each condition is made true in the local stack, and the app tells the event that the alert's query counts.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EventGridEmulator, startEventGridEmulator } from '../emulators/event-grid/index.ts';
import type { When } from '../support/fault-proxy.ts';
import type { RunningStack } from '../support/running-stack.ts';
import { countedBy, type ToldLines } from '../support/told.ts';
import { type AlertsStack, startAlertsStack } from './alerts-stack.ts';

let running: AlertsStack;
let stack: RunningStack;
let told: ToldLines;
let eventGrid: EventGridEmulator;

beforeAll(async () => {
  eventGrid = await startEventGridEmulator();
  const { topicEndpoint, key } = eventGrid;
  running = await startAlertsStack({
    MAILBOX_RECIPIENTS_PER_DAY: '5',
    LIMIT_SHARE: '1',
    LIMIT_URGENT_RESERVE: '0',
    EVENT_GRID_TOPIC_ENDPOINT: topicEndpoint,
    EVENT_GRID_TOPIC_KEY: key,
  });
  ({ stack, told } = running);
});
afterAll(async () => {
  await running?.close();
  await eventGrid?.close();
});

/** The types that Event Grid has taken of a request, each where it came first. */
const typesOf = (id: string): string[] => {
  const own = eventGrid.events.filter(({ subject }) => String(subject).endsWith(id));
  return [...new Map(own.map((event) => [event['id'], String(event['type']).replace('GraphMailQueue.SendRequest.', '')])).values()];
};

test('events-waiting: Event Grid refuses the app, and mail goes out all the same; afterwards every change is told, in order', async () => {
  eventGrid.faults.arm({ kind: 'refuse', status: 403, times: 1_000 });
  const posted = await stack.send({ mailbox: 'told@contoso.com' });
  await stack.untilStatus(posted.location, 'sent');
  const line = await told.until('told', async () => {
    await stack.startTimer('publish-events');
    return told.all().find(countedBy('events-waiting'));
  });
  expect(line).toMatchObject({ event: 'eventsWaiting', function: 'publish-events', reason: expect.stringContaining('403') });
  expect(typesOf(posted.body.id)).toEqual([]);
  eventGrid.faults.clear();
  // The pause after a failure is over then.
  await told.until('published', async () => {
    await stack.startTimer('publish-events');
    return typesOf(posted.body.id).length === 3 || undefined;
  });
  expect(typesOf(posted.body.id)).toEqual(['Enqueued', 'Accepted', 'Sent']);
  // A change is told soon after it was written.
  const next = await stack.send({ mailbox: 'told@contoso.com' });
  await told.until('published', async () => typesOf(next.body.id).includes('Enqueued') || undefined);
});

test('events-refused: Event Grid refuses an event, and takes it without its details', async () => {
  eventGrid.faults.arm({ kind: 'refuse', status: 400, matching: '"clientRequestId":"refuse-me"', times: 1_000 });
  const { body } = await stack.send({ mailbox: 'refused-event@contoso.com', headers: { 'client-request-id': 'refuse-me' } });
  const line = await told.until('told', async () => {
    await stack.startTimer('publish-events');
    return told.all().find((one) => countedBy('events-refused')(one) && one['sendRequestId'] === body.id);
  });
  expect(line).toMatchObject({
    event: 'eventReduced',
    function: 'publish-events',
    mailbox: 'refused-event@contoso.com',
    reason: expect.stringContaining('400'),
  });
  eventGrid.faults.clear();
  await told.until('published', async () => {
    await stack.startTimer('publish-events');
    return typesOf(body.id).length === 3 || undefined;
  });
});

test('callers-refused: an application sends as a mailbox that is not its own', async () => {
  const refused = await stack.send({ mailbox: 'ceo@fabrikam.com' });
  expect(refused.status).toBeGreaterThanOrEqual(400);
  const line = await told.until('refused', () => told.all().find(countedBy('callers-refused')));
  expect(line).toMatchObject({ event: 'callerRefused', mailbox: 'ceo@fabrikam.com' });
});

test('limit-near: a mailbox has used four of its five recipients, which GET /v1.0/limits shows too', async () => {
  const mailbox = 'busy@contoso.com';
  const toRecipients = [1, 2, 3, 4].map((n) => ({ emailAddress: { address: `person-${n}@example.com` } }));
  const body = JSON.stringify({ message: { subject: 'x', toRecipients } });
  const headers = { 'content-type': 'application/json' };
  await fetch(`${stack.url('functions')}/v1.0/users/${mailbox}/sendMail`, { method: 'POST', headers, body });
  expect(await told.until('told', () => told.all().find(countedBy('limit-near')))).toMatchObject({
    event: 'limitNear',
    mailbox,
    limit: 'recipientsPerDay',
    used: 4,
    allowed: 5,
  });
  const { value } = (await (await fetch(`${stack.url('functions')}/v1.0/limits`)).json()) as { value: { mailbox: string }[] };
  expect(value.find((one) => one.mailbox === mailbox)).toMatchObject({ recipientsPerDay: { limit: 5, used: 4, left: 1 } });
});

test('purge-silent: each run of the purge is told', async () => {
  await stack.startTimer('purge-log');
  const line = await told.until('purged', () => told.all().find(({ event }) => event === 'logPurged'));
  expect(countedBy('purge-silent')(line)).toBe(true);
  expect(line.function).toBe('purge-log');
});

test('draft-left: Graph refuses the mail, and then to delete its draft', async () => {
  const mailbox = 'tidy@contoso.com';
  const refusal = { status: 403, code: 'ErrorAccessDenied' };
  await stack.fault({ operation: 'send', mailbox, answer: { status: 400, code: 'ErrorInvalidRecipients' }, times: null });
  const { id } = await stack.fault({ operation: 'delete', mailbox, answer: refusal, times: null });
  // No MIME has been seen in this tenant yet, so it takes the draft route.
  const mime = 'To: person-1@example.com\r\nSubject: x\r\n\r\nx';
  const headers = { 'content-type': 'text/plain' };
  const path = `/v1.0/users/${mailbox}/sendMail`;
  await fetch(stack.url('functions') + path, { method: 'POST', headers, body: Buffer.from(mime).toString('base64') });
  expect(
    await told.until('told', () => told.all().find((line) => line['mailbox'] === mailbox && countedBy('draft-left')(line))),
  ).toMatchObject({ event: 'draftLeft', function: 'submit-send-request' });
  expect((await stack.fired())[id]).toBeGreaterThan(0);
});

test('unexpected-error: a row of the log is not what this version has written', async () => {
  const posted = await stack.send({ mailbox: 'odd-row@contoso.com' });
  await stack.untilStatus(posted.location, 'sent');
  const isRead: When = ({ method, path }) => method === 'GET' && decodeURIComponent(path).includes(posted.body.id);
  const body = JSON.stringify({
    value: [{ PartitionKey: 'odd-row@contoso.com', RowKey: posted.body.id, schemaVersion: 1, recipients: '{' }],
  });
  running.proxy.inject([{ kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body }], isRead);
  expect((await fetch(posted.location)).status).toBe(500);
  expect(running.proxy.pending()).toBe(0);
  const line = await told.until('told', () => told.all().find(countedBy('unexpected-error')));
  expect(line).toMatchObject({ event: 'unexpectedError', function: 'get-send-request', error: expect.stringContaining('at ') });
});
