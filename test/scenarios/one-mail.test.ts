// One mail, end to end: from an application's POST to the status log, over real sockets.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningStack, type SendRequest, startRunningStack } from '../support/running-stack.ts';

let stack: RunningStack;

beforeAll(async () => {
  stack = await startRunningStack({ settings: { RECONCILE_SCHEDULE: '* * * * * *', IN_DOUBT_GRACE: 'PT6S' } });
});
afterAll(() => stack.close());

const typesOf = ({ events }: SendRequest): string[] => events.map(({ type }) => type);

/** As on Microsoft's page: bare line feeds, and a first header whose continuation isn't indented. */
const ODD_MIME = [
  'Received: from mail.contoso.com (10.194.241.197) by',
  'contoso.com (10.194.241.198) with Microsoft SMTP Server; Thu, 18 Feb 2021 01:27:18 +0000',
  'From: "Sender" <sender@contoso.com>',
  'To: Customer <customer@example.com>',
  'Subject: Odd MIME',
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset="us-ascii"',
  '',
  'As it was posted.',
  '',
].join('\n');

// The first one: later the app has a token.
test('while no token can be had the mail is deferred, each attempt with its reason; afterwards it goes out, once', async () => {
  await stack.fault({ id: 'no token', operation: 'token', when: 'before', times: null, answer: { status: 500 } });
  const posted = await stack.send({ subject: 'No token' });
  const waiting = await stack.until(posted.location, 'deferred twice', ({ attempts, status }) => status === 'deferred' && attempts >= 1);
  expect(waiting.error?.message).toContain('no token');
  expect((await stack.fired())['no token']).toBeGreaterThan(0);
  await stack.graph('DELETE', 'faults/no%20token');
  const request = await stack.untilStatus(posted.location, 'sent');
  expect(request.events.find(({ type }) => type === 'submissionFailedTransiently')?.detail).toContain('no token');
  expect(await stack.deliveries('No token')).toHaveLength(1);
});

describe('one mail', () => {
  test('a mail posted as JSON goes from queued to sent, with its timeline, attempts, Message-ID and recipients in the log', async () => {
    const posted = await stack.send({ subject: 'JSON' });
    expect(posted.status).toBe(202);
    expect(posted.body).toMatchObject({ status: 'queued', mailbox: 'sender@contoso.com', operation: 'sendMail' });
    const request = await stack.untilStatus(posted.location, 'sent');
    expect(typesOf(request).filter((type) => type !== 'draftPrepared')).toEqual([
      'enqueued',
      'submissionStarted',
      'submissionAccepted',
      'foundInSentItems',
    ]);
    expect(request).toMatchObject({
      attempts: 1,
      internetMessageId: `<${posted.body.id}@contoso.com>`,
      recipients: [{ address: 'customer@example.com', type: 'to' }],
    });
    expect(await stack.deliveries('JSON')).toHaveLength(1);
  });

  test('the same mail as MIME goes through, and its bytes arrive below our header lines as they were posted', async () => {
    const mime = ODD_MIME.replace('Odd MIME', 'MIME');
    const posted = await stack.sendMime(mime);
    expect(posted.status).toBe(202);
    await stack.untilStatus(posted.location, 'sent');
    const [delivery] = await stack.deliveries('MIME');
    const source = await fetch(`${stack.url('graph')}/control/deliveries/${delivery?.id}/mime`);
    expect(await source.text()).toContain(mime);
  });

  test('an unknown recipient turns to failed with action, status, diagnostic code and remote MTA, the others stay as they are', async () => {
    const posted = await stack.send({ subject: 'NDR', to: ['unknown-user@example.org', 'bob@contoso.com'] });
    const request = await stack.until(posted.location, 'failed for one', ({ recipients }) =>
      recipients.some(({ action }) => action === 'failed'),
    );
    expect(request.recipients[0]).toMatchObject({
      action: 'failed',
      status: '5.1.1',
      remoteMta: 'mx1.example.org',
      evidence: 'exchangeReport',
    });
    expect(request.recipients[0]?.diagnosticCode).toContain('550 5.1.1');
    expect(request.recipients[1]).toEqual({ address: 'bob@contoso.com', type: 'to' });
  });

  test('it goes again to a corrected address, with a reason, and nobody gets it twice', async () => {
    const posted = await stack.send({ subject: 'Wrong address', to: ['unknown-user@example.org', 'bob@contoso.com'] });
    const failed = await stack.until(posted.location, 'failed for one', ({ recipients }) =>
      recipients.some(({ action }) => action === 'failed'),
    );
    const path = `${new URL(posted.location).pathname}/resend`;
    const order = JSON.stringify({
      recipients: [{ address: 'alice@contoso.com', replaces: 'unknown-user@example.org' }],
      reason: 'The customer has told us',
    });
    const [resent, again] = [await stack.post(path, order, {}), await stack.post(path, order, {})];
    expect([resent.status, again.status, again.body.id]).toEqual([202, 202, resent.body.id]);
    const request = await stack.untilStatus(resent.location, 'sent');
    expect(request).toMatchObject({
      resendOf: failed.id,
      recipients: [{ address: 'alice@contoso.com', replaces: 'unknown-user@example.org' }],
    });
    const first = await stack.get(posted.location);
    expect(first).toMatchObject({ resentAs: resent.body.id, recipients: [{ resentAs: resent.body.id }, {}] });
    expect(first.events.at(-1)?.detail).toContain(': The customer has told us');
    const recipients = (await stack.deliveries('Wrong address')).flatMap((delivery) => delivery.recipients.map(({ address }) => address));
    expect(recipients.sort()).toEqual(['alice@contoso.com', 'bob@contoso.com', 'unknown-user@example.org']);
  });

  test('when every recipient failed the request has failed', async () => {
    const posted = await stack.send({ subject: 'All failed', to: ['unknown-user@example.org'] });
    expect((await stack.untilStatus(posted.location, 'failed')).recipients[0]?.status).toBe('5.1.1');
  });
});

// Each has a mailbox of its own; marks are proven by now, so that the direct route is taken.
describe.concurrent('what time heals', () => {
  const refusals = [
    ['a 429 with Retry-After', 'submissionThrottled', { status: 429, retryAfter: 1.5 }],
    ['a 503 with Retry-After', 'submissionThrottled', { status: 503, retryAfter: 1 }],
  ] as const;

  test.each(refusals)('%s defers the mail, which goes out later, once', async (subject, event, answer) => {
    const mailbox = `${subject.replace(/\W+/g, '-').toLowerCase()}@contoso.com`;
    await stack.fault({ id: subject, mailbox, operation: 'sendMail', when: 'before', times: 1, answer });
    const posted = await stack.send({ subject, mailbox });
    const request = await stack.untilStatus(posted.location, 'sent');
    expect(await stack.fired()).toMatchObject({ [subject]: 1 });
    const refused = request.events.find(({ type }) => type === event);
    const again = request.events.filter(({ type }) => type === 'submissionStarted')[1];
    expect(refused?.detail).toContain(String(answer.status));
    expect(Date.parse(again?.dateTime ?? '') - Date.parse(refused?.dateTime ?? '')).toBeGreaterThanOrEqual(answer.retryAfter * 1000);
    expect(await stack.deliveries(subject)).toHaveLength(1);
  });

  test('a 503 without Retry-After is doubt, and the mail goes out once', async () => {
    const mailbox = 'plain-503@contoso.com';
    await stack.fault({ id: 'plain 503', mailbox, operation: 'sendMail', when: 'before', times: 1, answer: { status: 503 } });
    const posted = await stack.send({ subject: 'plain 503', mailbox });
    const request = await stack.untilStatus(posted.location, 'sent');
    expect(await stack.fired()).toMatchObject({ 'plain 503': 1 });
    expect(typesOf(request)).toEqual(expect.arrayContaining(['outcomeUnknown', 'notFoundAfterGrace']));
    expect(await stack.deliveries('plain 503')).toHaveLength(1);
  });

  test('a full mailbox defers the mail with the code and the next time; once there is room it goes out, once', async () => {
    const mailbox = 'full@contoso.com';
    await stack.graph('POST', 'mailboxes', { address: mailbox, state: 'full' });
    const posted = await stack.send({ subject: 'full', mailbox });
    const waiting = await stack.until(posted.location, 'deferred', ({ status }) => status === 'deferred');
    expect(waiting.error?.code).toBe('ErrorQuotaExceeded');
    expect(waiting.nextAttemptDateTime).toBeDefined();
    await stack.graph('PATCH', `mailboxes/${mailbox}`, { state: 'ok' });
    await stack.untilStatus(posted.location, 'sent');
    expect(await stack.deliveries('full')).toHaveLength(1);
  });
});
