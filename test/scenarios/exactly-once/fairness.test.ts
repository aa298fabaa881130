// Fairness over two host processes: a mailbox with a long queue, or one that is always throttled, delays nobody else.
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toQueueMessage } from '../../../shared/adapters/service-bus/queue-message-codec.ts';
import { laneOf } from '../../../shared/domain/submit/lanes.ts';
import { type ProxiedStack, startProxiedStack } from '../../support/proxied-stack.ts';
import type { Posted } from '../../support/running-stack.ts';
import { WHEN_TOLD } from '../../support/running-stack.ts';
import { queueMessage } from '../../support/samples.ts';
import { SELDOM, until } from '../../support/until.ts';

const BUSY = 'busy@contoso.com';
const WAITING = 300;
const THROTTLED = 'throttled@contoso.com';
const HELD = 12;
const OTHERS = 8;
const LANES = 2;
const HOSTS = 2;

let stack: ProxiedStack;

beforeAll(async () => {
  stack = await startProxiedStack({ proxied: ['graph', 'tokens'], settings: { LANES_PER_MAILBOX: String(LANES) } });
  // One timer runs over all instances, as in Azure.
  await stack.startHost({ RECONCILE_SCHEDULE: WHEN_TOLD });
});
afterAll(() => stack?.close());

const isSubmission = (mailbox: string) => (request: { method: string; path: string }) =>
  request.method === 'POST' && request.path.endsWith('/sendMail') && decodeURIComponent(request.path).includes(mailbox);
const submissionsOf = (mailbox: string) => stack.graphProxy.passed.filter(isSubmission(mailbox));

/** Straight onto the queue: the HTTP API would take as long as the worker. */
async function fillQueue(): Promise<void> {
  const client = new ServiceBusClient(stack.stack.settings['SERVICE_BUS'] as string);
  const sender = client.createSender('send-requests');
  const now = Date.now();
  const messages = Array.from({ length: WAITING }, (_, n) => {
    const toRecipients = [{ emailAddress: { address: 'customer@example.com' } }];
    const text = JSON.stringify({ message: { subject: `busy ${n}`, toRecipients } });
    const message = queueMessage(BUSY, {
      createdDateTime: new Date(now).toISOString(),
      sendBefore: new Date(now + 3_600_000).toISOString(),
      content: { format: 'json', kind: 'inline', text },
    });
    return toQueueMessage({ ...message, lane: laneOf(message.id, LANES) });
  });
  for (let at = 0; at < messages.length; at += 100) await sender.sendMessages(messages.slice(at, at + 100));
  await client.close();
}

const openOf = async (mailbox: string) => {
  const { messages } = await stack.bus<{ messages: { sessionId: string }[] }>('GET', 'entities/send-requests');
  return messages.filter(({ sessionId }) => sessionId.startsWith(`${mailbox}/`)).length;
};

test('hundreds of waiting mails of one mailbox, and a throttled one, leave the others alone, and nothing is doubted or doubled', async () => {
  await stack.fault({ mailbox: BUSY, operation: 'sendMail', when: 'after', answer: 'normal', delay: 30, times: null });
  await stack.fault({
    id: 'always',
    mailbox: THROTTLED,
    operation: 'sendMail',
    when: 'before',
    answer: { status: 429, retryAfter: 1 },
    times: null,
  });
  await fillQueue();
  for (let n = 0; n < HELD; n++) await stack.send({ mailbox: THROTTLED, subject: `throttled ${n}` });
  await stack.send({ mailbox: BUSY, subject: 'busy, urgent', headers: { priority: 'u=0' } });
  const others: Posted[] = [];
  for (let n = 0; n < OTHERS; n++) others.push(await stack.send({ mailbox: `other-${n}@contoso.com`, subject: `other ${n}` }));
  const mailboxes = async () => new Set((await stack.journal()).keys());
  await until('the others are out', mailboxes, (out) => others.every(({ body }) => out.has(body.mailbox)));
  await until(
    'the urgent one is out',
    () => stack.deliveries('busy, urgent'),
    (mails) => mails.length > 0,
  );

  // They overtook both.
  expect(await openOf(BUSY)).toBeGreaterThan(0);
  expect(await openOf(THROTTLED)).toBeGreaterThanOrEqual(HELD);
  expect((await stack.deliveries('busy, urgent')).length).toBe(1);

  const out = async () => (await stack.journal()).get(BUSY)?.length ?? 0;
  await until('the long queue is empty', out, (mails) => mails >= WAITING + 1, SELDOM);
  await until(
    'each of them is known to be out',
    () => openOf(BUSY),
    (open) => open === 0,
  );
  expect(await out()).toBe(WAITING + 1);
  expect(submissionsOf(BUSY)).toHaveLength(WAITING + 1);
  expect(stack.told.filter(({ event, mailbox }) => event === 'outcomeUnknown' && mailbox === BUSY)).toEqual([]);

  const { maxSubmissions } = await stack.graph<{ maxSubmissions: Record<string, number> }>('GET', 'stats');
  expect(Math.max(...Object.values(maxSubmissions))).toBeLessThanOrEqual(LANES + 1);
});

/** The most submissions that came within so many milliseconds. */
function mostWithin(milliseconds: number, times: readonly number[]): number {
  return Math.max(...times.map((start) => times.filter((at) => at >= start && at < start + milliseconds).length));
}

test('a throttled mailbox is asked once per pause and lane, and after the pause there is no herd', async () => {
  const during = submissionsOf(THROTTLED).map(({ at }) => at);
  await stack.graph('DELETE', 'faults/always');
  const out = async () => (await stack.journal()).get(THROTTLED)?.length ?? 0;
  await until('some of them went out', out, (mails) => mails >= HELD / 2);
  const after = submissionsOf(THROTTLED)
    .slice(during.length)
    .map(({ at }) => at);
  // Each host learns of the throttling by itself, and submits a mail that was held twice. Retry-After is a second. A herd would be all that wait.
  const most = HOSTS * (LANES + 1);
  expect(most).toBeLessThan(HELD);
  expect(mostWithin(900, during)).toBeLessThanOrEqual(most);
  expect(mostWithin(500, after)).toBeLessThanOrEqual(most);
});
