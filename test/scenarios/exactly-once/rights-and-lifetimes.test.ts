// How doubt ends where it cannot be resolved: with the right to send only, with the right to read, and at the end of a lifetime.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ProxiedStack, startProxiedStack } from '../../support/proxied-stack.ts';
import type { SendRequest } from '../../support/running-stack.ts';
import { until } from '../../support/until.ts';

const QUICK = { GRAPH_TIMEOUT: 'PT2S', IN_DOUBT_GRACE: 'PT3S', MAILBOX_MISSING_AFTER: 'PT2S' };
const toRecipients = [{ emailAddress: { address: 'customer@example.com' } }];
const soon = (ms: number) => ({ 'send-before': new Date(Date.now() + ms).toISOString() });
const typesOf = ({ events }: SendRequest) => events.map(({ type }) => type);

async function start(tier: 'send' | 'read' | 'readWrite', graphRoles: string[], settings = {}): Promise<ProxiedStack> {
  const stack = await startProxiedStack({ proxied: [], settings: { ...QUICK, GRAPH_RIGHTS: tier, ...settings } });
  await stack.graph('PATCH', 'switches', { graphRoles });
  return stack;
}

/** Sends a mail that meets a fault, and waits for its end and for the end of everything. */
async function play(stack: ProxiedStack, subject: string, fault: Record<string, unknown>, ends: readonly string[], headers = {}) {
  const mailbox = `${subject.toLowerCase().replace(/[^a-z0-9]+/g, '-')}@contoso.com`;
  await stack.fault({ id: subject, mailbox, operation: 'sendMail', ...fault });
  const { location } = await stack.send({ mailbox, subject, headers });
  await stack.untilStatus(location, ...ends);
  await stack.drained();
  expect((await stack.fired())[subject]).toBeGreaterThan(0);
  return { request: await stack.get(location), mails: (await stack.deliveries(subject)).length, location, mailbox };
}

describe.concurrent('with the right to send only', () => {
  let stack: ProxiedStack;
  beforeAll(async () => {
    stack = await start('send', ['Mail.Send']);
  });
  afterAll(() => stack?.close());

  test('doubt ends unaccounted: the mail was not taken, and is not sent again', async () => {
    const { request, mails } = await play(stack, 'Send tier, not taken', { when: 'before', answer: { status: 500 } }, ['unaccounted']);
    expect(mails).toBe(0);
    expect(typesOf(request).filter((type) => type === 'submissionStarted')).toHaveLength(1);
  });

  test('doubt ends unaccounted: the mail was taken, and is not sent again', async () => {
    const { mails } = await play(stack, 'Send tier, taken', { when: 'after', answer: { status: 504 } }, ['unaccounted']);
    expect(mails).toBe(1);
  });

  test('what leaves no doubt goes out later, once', async () => {
    const { mails } = await play(stack, 'Send tier, throttled', { when: 'before', answer: { status: 429 } }, ['accepted']);
    expect(mails).toBe(1);
  });

  test('a mail that meets nothing is accepted, and nothing is asked of the mailbox', async () => {
    const { mails, mailbox } = await play(stack, 'Send tier, plain', { when: 'after', answer: 'normal' }, ['accepted']);
    expect(mails).toBe(1);
    const { requests } = await stack.graph<{ requests: Record<string, Record<string, number>> }>('GET', 'stats');
    expect(requests[mailbox]).toEqual({ sendMail: 1 });
  });
});

describe.concurrent('with the right to read', () => {
  let stack: ProxiedStack;
  beforeAll(async () => {
    stack = await start('read', ['Mail.Send', 'Mail.Read']);
  });
  afterAll(() => stack?.close());

  test('doubt is resolved by looking, on the direct route', async () => {
    const { request, mails } = await play(stack, 'Read tier', { when: 'after', answer: { status: 504 } }, ['sent']);
    expect(mails).toBe(1);
    expect(typesOf(request)).not.toContain('draftPrepared');
  });

  test('a copy that was not wanted stays, and the log says so', async () => {
    const mailbox = 'read-tier-unsaved@contoso.com';
    const message = { subject: 'Unsaved', body: { contentType: 'Text', content: 'Hello' }, toRecipients };
    const text = JSON.stringify({ message, saveToSentItems: false });
    const { location } = await stack.post(`/v1.0/users/${mailbox}/sendMail`, text, { 'content-type': 'application/json' });
    const request = await stack.until(location, 'kept', (one) => typesOf(one).includes('copyKept') && one.status !== 'accepted');
    expect(request.status).toBe('sent');
  });
});

describe.concurrent('lifetimes', () => {
  let stack: ProxiedStack;
  /** Long enough for an attempt here and now. */
  let lifetimeMs: number;
  beforeAll(async () => {
    stack = await start('readWrite', ['Mail.Send', 'Mail.ReadWrite']);
    const begun = Date.now();
    const { location } = await stack.send({ mailbox: 'first@contoso.com' });
    await stack.untilStatus(location, 'accepted', 'sent');
    lifetimeMs = Math.max(2_000, 3 * (Date.now() - begun));
  });
  afterAll(() => stack?.close());

  test('what was never taken expires at Send-Before', async () => {
    const fault = { when: 'before', answer: { status: 429, retryAfter: 1 }, times: null };
    const { mails } = await play(stack, 'Throttled for ever', fault, ['expired'], soon(lifetimeMs));
    expect(mails).toBe(0);
  });

  test('what is in doubt at Send-Before, and not seen, is unaccounted, never expired', async () => {
    // The grace outlasts the lifetime, so that no look comes before its end.
    const settings = { IN_DOUBT_GRACE: `PT${Math.ceil(lifetimeMs / 1_000) + 2}S` };
    const patient = await start('readWrite', ['Mail.Send', 'Mail.ReadWrite'], settings);
    try {
      const fault = { when: 'after', answer: { status: 504 }, effects: { hiddenFor: 3_600_000 } };
      const { mails } = await play(patient, 'Taken and hidden', fault, ['unaccounted'], soon(lifetimeMs));
      expect(mails).toBe(1);
    } finally {
      await patient.close();
    }
  });

  test.concurrent("a mailbox that Graph denies for long ends its mail as rejected, in Graph's words and with the sentence of the preflight", async () => {
    const fault = { operation: 'any', when: 'before', answer: { status: 404, code: 'ErrorInvalidUser', message: 'It is invalid.' } };
    const { request, mails, mailbox } = await play(stack, 'Missing mailbox', { ...fault, times: null }, ['rejected']);
    expect(mails).toBe(0);
    expect(request.error).toMatchObject({
      code: 'ErrorInvalidUser',
      message: expect.stringMatching(/^It is invalid\. Graph finds no mailbox /),
    });
    const preflight = await fetch(`${stack.url('functions')}/v1.0/users/${mailbox}/preflight`);
    const { problems } = (await preflight.json()) as { problems: string[] };
    expect(problems.filter((problem) => request.error?.message.endsWith(problem))).toHaveLength(1);
  });

  test.concurrent('a mailbox that Graph denies once, and then has, gets its mail out', async () => {
    const fault = { when: 'before', answer: { status: 404, code: 'ErrorNonExistentMailbox' } };
    const { mails } = await play(stack, 'New mailbox', fault, ['sent']);
    expect(mails).toBe(1);
  });

  test('while the mailbox cannot be searched the doubt lasts, beyond Send-Before too, and ends by what is found then', async () => {
    const mailbox = 'unsearchable@contoso.com';
    for (const operation of ['list', 'delta']) {
      await stack.fault({ id: `no ${operation}`, mailbox, operation, when: 'before', answer: { status: 503 }, times: null });
    }
    await stack.fault({ mailbox, operation: 'sendMail', when: 'after', answer: { status: 502 } });
    const headers = soon(lifetimeMs);
    const { location } = await stack.send({ mailbox, subject: 'Unsearchable', headers });
    const look = async () => ({ at: Date.now(), ...(await stack.get(location)) });
    const { status } = await until('past its time', look, ({ at }) => at > Date.parse(headers['send-before']) + 2_000);
    expect(status).toBe('inDoubt');
    for (const operation of ['list', 'delta']) await stack.graph('DELETE', `faults/no%20${operation}`);
    await stack.untilStatus(location, 'sent');
    expect(await stack.deliveries('Unsearchable')).toHaveLength(1);
  });
});
