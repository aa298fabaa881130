// The control API over HTTP, and that there is none unless it is asked for.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Client, mailbox, simpleMessage, simpleMime, startClient } from './support/client.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient({ control: true });
});
afterAll(() => client.close());
beforeEach(() => client.emulator.control.reset());

const control = (method: string, path: string, body?: unknown) =>
  client.raw(method, `${client.emulator.controlUrl}${path}`, body === undefined ? undefined : JSON.stringify(body), {
    'Content-Type': 'application/json',
  });
const send = (more = {}) => client.user('POST', '/sendMail', { message: simpleMessage(more) });

test('without the switch there is no control API', async () => {
  const other = await startClient();
  expect(other.emulator.controlUrl).toBeNull();
  expect((await client.raw('GET', `${other.emulator.url}/control/mailboxes`)).status).toBe(400);
  await other.close();
});

test('mailboxes are listed, made and changed', async () => {
  expect((await control('GET', '/mailboxes')).json.value.map(({ address }: { address: string }) => address)).toContain(mailbox);
  const made = await control('POST', '/mailboxes', {
    address: 'new@example.com',
    aliases: ['n@example.com'],
    objectId: '00000000-0000-0000-0000-000000000001',
  });
  expect([made.status, made.json.folders.length]).toEqual([201, 7]);
  expect((await control('PATCH', '/mailboxes/n@example.com', { state: 'full' })).json.state).toBe('full');
  expect(
    (await client.graph('POST', '/users/00000000-0000-0000-0000-000000000001/sendMail', { message: simpleMessage() })).json.error.code,
  ).toBe('ErrorQuotaExceeded');
  expect((await control('POST', '/mailboxes', { address: 'x@example.com', state: 'tired' })).status).toBe(400);
});

test('the journal is read by recipient, Message-ID, mark and mailbox, with the bytes where wanted', async () => {
  await send({ internetMessageId: '<j@contoso.com>', internetMessageHeaders: [{ name: 'x-mark', value: 'abc-1' }] });
  await send();
  await control('POST', '/stages/settled');
  for (const query of [
    'messageId=%3Cj@contoso.com%3E',
    'messageId=J@contoso.com',
    'mark=abc-1',
    'mark=abc&recipient=alice@contoso.com&mailbox=sender@contoso.com',
  ]) {
    const { json } = await control('GET', `/deliveries?${query}`);
    expect([query, json.count, json.value[0].internetMessageId, json.value[0].mime]).toEqual([query, 1, '<j@contoso.com>', undefined]);
  }
  expect((await control('GET', '/deliveries?recipient=alice@contoso.com')).json.count).toBe(2);
  expect((await control('GET', '/deliveries?recipient=nobody@contoso.com')).json.count).toBe(0);
  const [first] = (await control('GET', '/deliveries?mark=abc-1&include=mime')).json.value;
  const raw = await control('GET', `/deliveries/${first.id}/mime`);
  expect(Buffer.from(first.mime, 'base64').toString()).toBe(raw.text);
});

test('mails of a folder with their body and source; any mail can be put in', async () => {
  const put = await control('POST', '/incoming', {
    mailbox,
    mime: Buffer.from(simpleMime().join('\r\n')).toString('base64'),
    folder: 'junkemail',
    itemClass: 'REPORT.IPM.Note.NDR',
  });
  expect([put.status, put.json.folder, put.json.itemClass]).toEqual([201, 'junkemail', 'REPORT.IPM.Note.NDR']);
  const [mail] = (await control('GET', `/mailboxes/${mailbox}/mails?folder=junkemail`)).json.value;
  expect((await control('GET', `/mailboxes/${mailbox}/mails/${mail.key}`)).json.body.content).toContain('Please find');
  expect((await control('GET', `/mailboxes/${mailbox}/mails/${mail.key}/source`)).text).toBe(simpleMime().join('\r\n'));
});

test('stages can be held for one mailbox, advanced and released; the clock can be frozen and moved', async () => {
  await control('POST', '/stages/hold', { stage: 'pickUp', mailbox });
  await send();
  await client.graph('POST', '/users/invoices@contoso.com/sendMail', { message: simpleMessage() });
  await control('POST', '/stages/settled');
  expect((await control('GET', '/deliveries')).json.value.map((one: { mailbox: string }) => one.mailbox)).toEqual(['invoices@contoso.com']);
  expect((await control('GET', '/stages')).json).toMatchObject({
    holds: [{ stage: 'pickUp', mailbox }],
    pending: [{ stage: 'pickUp', held: true }],
  });
  expect((await control('POST', '/stages/advance', { stage: 'pickUp' })).json.ran).toBe(1);
  await control('POST', '/stages/release', {});
  await control('POST', '/clock', { freeze: '2025-01-01T00:00:00Z' });
  expect((await control('POST', '/clock', { advance: 3_600_000 })).json).toEqual({ now: '2025-01-01T01:00:00.000Z', frozen: true });
  expect((await control('POST', '/stages/hold', { stage: 'lunch' })).status).toBe(400);
});

test('late copies appear by themselves after their delay', async () => {
  await control('POST', '/clock', { freeze: true });
  await control('PATCH', '/switches', { lateSentItems: 60_000 });
  await send();
  await control('POST', '/clock', { advance: 1000 });
  const sent = async () => (await control('GET', `/mailboxes/${mailbox}/mails?folder=sentitems`)).json.value.length;
  expect([(await control('GET', '/deliveries')).json.count, await sent()]).toEqual([1, 0]);
  await control('POST', '/clock', { advance: 60_000 });
  expect(await sent()).toBe(1);
  expect((await control('PATCH', '/switches', { lateness: 1 })).status).toBe(400);
});

test('a copy can be held back until it is released', async () => {
  await control('PUT', '/faults', [{ operation: 'sendMail', effects: { lateSentItems: 'held' } }]);
  await send();
  await control('POST', '/stages/settled');
  const sent = async () => (await control('GET', `/mailboxes/${mailbox}/mails?folder=sentitems`)).json.value.length;
  expect([(await control('GET', '/deliveries')).json.count, await sent()]).toEqual([1, 0]);
  await control('POST', '/stages/release', { stage: 'file' });
  expect(await sent()).toBe(1);
});

test('a hidden mail is shown by nothing until its time, and is news for delta queries then', async () => {
  await control('POST', '/clock', { freeze: true });
  await control('PUT', '/faults', [{ operation: 'sendMail', effects: { hiddenFor: 60_000 } }]);
  const link = (await client.user('GET', '/mailFolders/sentitems/messages/delta')).json['@odata.deltaLink'] as string;
  await send();
  await control('POST', '/clock', { advance: 1000 });
  const seen = async () => (await client.user('GET', '/messages')).json.value.length;
  const news = async () => (await client.user('GET', link.slice(link.indexOf('/mailFolders')))).json.value.length;
  expect([(await control('GET', '/deliveries')).json.count, await seen(), await news()]).toEqual([1, 0, 0]);
  await control('POST', '/clock', { advance: 60_000 });
  expect([await seen(), await news()]).toEqual([1, 1]);
});

test('statistics count requests by mailbox and operation, and answers by status', async () => {
  await send();
  await client.user('GET', '/messages');
  await client.user('POST', '/sendMail', {});
  const stats = (await control('GET', '/stats')).json;
  expect(stats.requests[mailbox]).toEqual({ sendMail: 2, list: 1 });
  expect(stats.answers.sendMail).toEqual({ 202: 1, 400: 1 });
  expect([stats.maxConcurrency[mailbox], stats.maxSubmissions[mailbox]]).toEqual([1, 1]);
});

test('a reset forgets mails, faults, switches and the journal', async () => {
  await control('PUT', '/faults', [{ operation: 'sendMail', answer: { status: 500 } }]);
  await control('PATCH', '/switches', { recipientLimit: 1 });
  await control('POST', '/mailboxes', { address: 'new@example.com' });
  await control('POST', '/reset');
  expect((await control('GET', '/faults')).json.value).toEqual([]);
  expect((await control('GET', '/switches')).json.recipientLimit).toBe(500);
  expect((await send()).status).toBe(202);
  expect((await client.graph('GET', '/users/new@example.com/messages')).status).toBe(404);
});

test('mailboxes of the tenant are made on first use where that is switched on, others not', async () => {
  await control('PATCH', '/switches', { autoCreateMailboxes: true });
  expect((await client.graph('GET', '/users/someone.new@contoso.com/messages')).status).toBe(200);
  expect((await client.graph('GET', '/users/someone@example.com/messages')).status).toBe(404);
  expect((await client.graph('GET', '/users/..%2F..@contoso.com/messages')).status).toBe(404);
});
