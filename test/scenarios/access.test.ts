// Who may send as whom, over real sockets and with really signed tokens: nobody gets what is another's, operators stop and resume,
// and the log of all of it names no recipient, subject, body, attachment or token.
import { ServiceBusClient } from '@azure/service-bus';
import { UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccessStack, ALIAS, BOX, SAMPLE, TEST_MAIL } from './access-calls.ts';
import { type Answer, expectEnvelope } from './http-api-calls.ts';

const world = new AccessStack();
beforeAll(() => world.start());
afterAll(() => world.close());

/** What must never be in a log line: whatever a mail carries has one of these words in it. */
const SECRETS = ['quokka', 'wombat', 'numbat', 'bilby'] as const;
const [PERSON, SUBJECT, TEXT, FILE] = ['quokka.person@example.com', 'Subject wombat', 'Text numbat', 'bilby.pdf'];
const to = (...addresses: string[]) => addresses.map((address) => ({ emailAddress: { address } }));
const CONFIDENTIAL = {
  subject: SUBJECT,
  body: { contentType: 'Text', content: TEXT },
  attachments: [{ '@odata.type': '#microsoft.graph.fileAttachment', name: FILE, contentBytes: 'bnVtYmF0' }],
};

const own = (id: unknown, action = '') => `/v1.0/users/${BOX}/sendRequests/${String(id)}${action}`;
const pause = (order: object) =>
  world.as('operator', { path: '/v1.0/pauses', headers: { 'content-type': 'application/json' }, body: JSON.stringify(order) });
const resume = (id: string) => world.as('operator', { method: 'DELETE', path: `/v1.0/pauses/${id}?reason=mended` });

function expectRefused(answer: Answer, ...statuses: number[]): void {
  expect(statuses).toContain(answer.status);
  expectEnvelope(answer);
  expect(JSON.stringify(answer.body)).not.toMatch(/\bat .*\.ts|node_modules|main\.cjs/);
}

describe('a caller', () => {
  test.each<[string, { claims?: Record<string, unknown>; expiresIn?: number }]>([
    ['of another tenant', { claims: { tid: '00000000-0000-4000-8000-000000000000' } }],
    ['for another audience', { claims: { aud: 'https://graph.microsoft.com' } }],
    ['that has expired', { expiresIn: -3_600 }],
  ])('with a token %s is unknown', async (_, more) => {
    expectRefused(await world.withToken(await world.token('sample-app', more), { mailbox: BOX }), 401);
  });

  test('with an unsigned token, garbage, or what is too long for a token is unknown', async () => {
    const unsigned = new UnsecuredJWT({ azp: SAMPLE, roles: ['SendRequests.Manage.All'] }).setExpirationTime('1h').encode();
    for (const token of [unsigned, 'numbat.numbat.numbat', 'a'.repeat(13_000)]) {
      expectRefused(await world.withToken(token, { method: 'GET', path: '/v1.0/sendRequests' }), 401);
    }
  });

  test('is not let in to what is for operators', async () => {
    for (const path of ['/v1.0/sendRequests', '/v1.0/pauses']) expectRefused(await world.get('sample-app', path), 403);
    const headers = { 'content-type': 'application/json' };
    for (const path of ['/v1.0/pauses', '/v1.0/sendRequests/cancel', '/v1.0/sendRequests/resend']) {
      expectRefused(await world.as('sample-app', { path, headers, body: '{"scope":"everything","reason":"x"}' }), 403);
    }
    expectRefused(await world.as('sample-app', { method: 'DELETE', path: '/v1.0/pauses/everything' }), 403);
  });

  test('may send under any name of its mailbox, and as no other', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ message: { subject: 'x', toRecipients: to('bob@contoso.com') } });
    const post = (mailbox: string) => world.as('sample-app', { mailbox, headers, body });
    for (const name of [ALIAS, 'INVOICES@Contoso.com', 'billing%40contoso.com']) expect((await post(name)).body['mailbox']).toBe(BOX);
    expectRefused(await post('ceo@contoso.com'), 403);
    // A Cyrillic i, a full-width v, a zero-width space, dots that go up.
    for (const name of ['%D1%96nvoices', 'in%EF%BD%96oices', 'invoices%E2%80%8B', '..%2Finvoices', "invoices'%20or%20'1'%20eq%20'1"]) {
      expectRefused(await post(`${name}@contoso.com`), 403, 404);
    }
  });

  test('cannot read, list, cancel, resend or use what is of another application, nor its key', async () => {
    const key = { 'idempotency-key': 'one-key' };
    const mine = await world.send('sample-app', { ...CONFIDENTIAL, toRecipients: to(PERSON) }, key);
    const id = mine.body['id'];
    for (const request of [
      { method: 'GET', path: own(id) },
      { path: own(id, '/cancel') },
      { path: own(id, '/resend') },
      { path: `/v1.0/users/${BOX}/messages/${String(id)}/send` },
    ]) {
      const answer = await world.as('other-app', request);
      expectRefused(answer, 404);
      for (const secret of SECRETS) expect(JSON.stringify(answer.body)).not.toContain(secret);
    }
    const list = await world.get('other-app', `/v1.0/users/${BOX}/sendRequests?$filter=recipient eq '${PERSON}'`);
    expect(list.body['value']).toEqual([]);
    const theirs = await world.send('other-app', {}, key);
    expect(theirs.status).toBe(202);
    expect(theirs.body['id']).not.toBe(id);
    expectRefused(await world.send('sample-app', { subject: 'Other wombat' }, key), 422);
  });

  test.each([
    `?$filter=status eq 'sent' or 1 eq 1`,
    `?$filter=recipient eq 'x'' or RowKey ne ''' and status eq 'sent'`,
    `?$filter=PartitionKey ne ''`,
    '?$top=-1',
    '?$skiptoken=../../x',
    "/x' or '1' eq '1",
    '/..%2f..%2fceo@contoso.com',
  ])('finds nothing of others by %j', async (asked) => {
    const answer = await world.get('other-app', encodeURI(`/v1.0/users/${BOX}/sendRequests${asked}`).replaceAll('%25', '%'));
    if (answer.status === 200) expect(answer.body['value']).toEqual([]);
    else expectRefused(answer, 400, 404);
  });
});

describe('preflight', () => {
  const ask = (application: Parameters<AccessStack['get']>[0], name: string, query = '') =>
    world.get(application, `/v1.0/users/${name}/preflight${query}`);

  test('says yes, with what is left and where mail goes from here', async () => {
    expect((await ask('sample-app', ALIAS)).body).toMatchObject({
      maySend: true,
      mailbox: BOX,
      service: { readable: 'yes', rights: 'readWrite' },
      limits: { mailsPerDay: 1_000, mailsLeftToday: expect.any(Number) },
      nonProduction: { redirectTo: TEST_MAIL, allowedDomains: ['contoso.com', 'example.org'] },
      problems: [],
    });
  });

  test('says no and why, and nothing that is not for this caller', async () => {
    expect((await ask('sample-app', 'ceo@contoso.com')).body).toMatchObject({ maySend: false, service: { readable: 'notAsked' } });
    expect((await ask('sample-app', BOX, '?from=ceo@contoso.com')).body).toMatchObject({ maySend: false, from: { allowed: false } });
    const [one, other] = [(await ask('stranger', ALIAS)).body, (await ask('stranger', 'nobody@contoso.com')).body];
    expect(other).toEqual({ ...one, mailbox: 'nobody@contoso.com' });
    expectRefused(await ask('sample-app', BOX, '?from=quokka'), 400);
  });
});

describe('pauses', () => {
  test.each([
    [{ scope: 'everything' }, 'everything'],
    [{ scope: 'mailbox', name: ALIAS }, `mailbox:${ALIAS}`],
  ])('holds %j: mail waits, says who and why, and goes out once after it', async (order, id) => {
    const subject = `Paused ${order.scope} wombat`;
    expect((await pause({ ...order, reason: 'template' })).status).toBe(201);
    expect((await world.get('operator', '/v1.0/pauses')).body['value']).toMatchObject([{ scope: order.scope, reason: 'template' }]);
    // A pause is known to every process within three seconds; this one is told of it at once.
    const posted = await world.send('sample-app', { subject });
    const held = await world.until(posted, 'held', ({ events }) => events.some(({ type }) => type === 'submissionHeld'));
    expect(held).toMatchObject({ status: 'queued', attempts: 0 });
    expect(held.events.at(-1)?.detail).toMatch(/^paused \(.*\) by .*: template$/);
    expect((await world.get('sample-app', `/v1.0/users/${BOX}/preflight`)).body).toMatchObject({
      maySend: true,
      pauses: [{ reason: /template/ }],
    });
    expect(await world.stack.deliveries(subject)).toEqual([]);
    expect((await resume(id)).status).toBe(200);
    expectRefused(await resume(id), 404);
    await world.untilStatus(posted, 'sent');
    expect(await world.stack.deliveries(subject)).toHaveLength(1);
  });

  test.each([
    { scope: 'planet', reason: 'x' },
    { scope: 'mailbox', reason: 'x' },
    { scope: 'everything', name: 'x', reason: 'x' },
    { scope: 'mailbox', name: 'not an address', reason: 'x' },
    { scope: 'application', name: 'a\nb', reason: 'x' },
    { scope: 'everything', reason: 'a\nb' },
    { scope: 'everything' },
  ])('refuses %j', async (order) => {
    expectRefused(await pause(order), 400);
    expect((await world.get('operator', '/v1.0/pauses')).body['value']).toEqual([]);
  });

  test.each(['planet', 'mailbox', 'mailbox:', `mailbox:${'a'.repeat(3_000)}`, 'everything:x', 'application:%0Ax'])(
    'knows no pause %s',
    async (id) => expectRefused(await resume(id), 404),
  );
});

describe('the log of all of it', () => {
  /** Mail of every kind, each with a secret in it wherever it can have one. */
  async function everyKind(): Promise<void> {
    const { stack } = world;
    const plain = { 'content-type': 'application/json' };
    await stack.fault({ operation: 'sendMail', when: 'after', times: 1, answer: { status: 504 } });
    await stack.fault({ operation: 'send', when: 'after', times: 1, answer: 'reset' });
    const sent = await world.send('sample-app', { ...CONFIDENTIAL, toRecipients: to(PERSON) });
    const unknown = await world.send('sample-app', { ...CONFIDENTIAL, toRecipients: to('unknown-user@example.org', 'quokka@example.org') });
    const lines = [`To: "Quokka" <quokka@example.org>`, `Subject: ${SUBJECT}`, `Content-Type: text/plain; name="${FILE}"`, '', TEXT];
    const mimePost = { mailbox: BOX, headers: { 'content-type': 'text/plain' } };
    const mime = await world.as('sample-app', { ...mimePost, body: Buffer.from(lines.join('\r\n')).toString('base64') });
    const rejected = await world.send('sample-app', { ...CONFIDENTIAL, from: { emailAddress: { address: 'ceo@contoso.com' } } });
    expectRefused(rejected, 403);
    for (const body of [`{"${SUBJECT}":`, `{"message":{"numbat":"${TEXT}"}}`, `{"message":{"toRecipients":"${PERSON}"}}`, TEXT]) {
      expectRefused(await world.as('sample-app', { mailbox: BOX, headers: plain, body }), 400);
    }
    expectRefused(await world.send('sample-app', { toRecipients: to('quokka') }), 400);
    expectRefused(await world.as('sample-app', { ...mimePost, body: `${TEXT}!` }), 400);
    expectRefused(await world.send('sample-app', CONFIDENTIAL, { 'send-at': 'numbat' }), 400);
    expectRefused(await world.send('sample-app', { subject: `${SUBJECT}\r\n{"event":"forged"}`, toRecipients: to(`${PERSON}\r\n`) }), 400);
    const client = new ServiceBusClient(stack.stack.settings['SERVICE_BUS'] as string);
    const sender = client.createSender('send-requests');
    await sender.sendMessages({ messageId: 'poison', sessionId: `${BOX}/0`, body: { ...CONFIDENTIAL, to: PERSON } });
    await client.close();
    await world.told.until('set aside', () => world.told.all().find(({ event }) => event === 'poisonSetAside'));
    await world.untilStatus(sent, 'sent');
    await world.untilStatus(mime, 'sent');
    const failed = await world.until(unknown, 'failed for one', ({ recipients }) => recipients.some(({ action }) => action === 'failed'));
    expect(failed.recipients.map(({ address }) => address)).toContain('quokka@example.org');
    const [delivered] = (await stack.deliveries(SUBJECT)).filter(({ recipients }) =>
      recipients.some(({ address }) => address === TEST_MAIL),
    );
    expect(delivered?.recipients.map(({ address }) => address)).toEqual([TEST_MAIL]);
  }

  test('names requests and mailboxes, and no recipient, subject, text, attachment or part of a token', async () => {
    await everyKind();
    const lines = world.told.lines.filter((line) => line.startsWith('[functions]'));
    const told = new Set(world.told.all().map(({ event }) => event));
    // What was collected is the log, and it has what it should have.
    for (const event of [
      'enqueued',
      'outcomeUnknown',
      'foundInSentItems',
      'recipientFailed',
      'callerUnknown',
      'callerRefused',
      'operatorAction',
      'poisonSetAside',
    ]) {
      expect([...told]).toContain(event);
    }
    expect(lines.some((line) => line.includes(BOX))).toBe(true);
    const parts = world.tokens
      .flatMap((token) => token.split('.'))
      .flatMap((part) => [part.slice(0, 24), part.slice(-24)])
      .filter((part) => part.length > 8);
    expect(parts.length).toBeGreaterThan(10);
    const secrets = [...SECRETS, 'forged', TEST_MAIL, ...parts];
    const found = (line: string) => secrets.filter((secret) => line.toLowerCase().includes(secret.toLowerCase()));
    expect(found('to quokka.person@example.com')).toEqual(['quokka']);
    expect(lines.filter((line) => found(line).length > 0)).toEqual([]);
    expect(lines.filter((line) => /unknown-user@|bob@contoso\.com/.test(line))).toEqual([]);
    expect(lines.filter((line) => line.includes('unexpectedError'))).toEqual([]);
  });
});
