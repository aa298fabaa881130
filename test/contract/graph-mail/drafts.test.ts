// Drafts: what may be changed, what becomes of their ids, what a second send is answered, what waits in Drafts.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Client, mailbox, mimeBody, simpleMessage, simpleMime, startClient, to } from './support/client.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client.close());
beforeEach(() => client.emulator.control.reset());

const create = async (more = {}, headers = {}) => (await client.user('POST', '/messages', simpleMessage(more), headers)).json;
const send = (id: string) => client.user('POST', `/messages/${id}/send`, undefined, { 'Content-Length': '0' });
const immutable = { Prefer: 'IdType="ImmutableId"' };

test('an immutable id survives the sending, unless the switch says otherwise; the regular one never does', async () => {
  const { control } = client.emulator;
  for (const survives of [true, false]) {
    control.setSwitches({ immutableIdSurvivesSend: survives });
    const draft = await client.user('POST', '/messages', simpleMessage(), immutable);
    expect(draft.headers.get('preference-applied')).toBe('IdType="ImmutableId"');
    await send(draft.json.id);
    await control.settled();
    const sent = await client.user('GET', `/messages/${draft.json.id}`, undefined, immutable);
    expect([sent.status, sent.json.isDraft]).toEqual(survives ? [200, false] : [404, undefined]);
  }
});

test('ids are told apart by case', async () => {
  const { id } = await create();
  expect((await client.user('GET', `/messages/${id.toLowerCase()}`)).status).toBe(404);
});

test('content can be changed while it is a draft only; read state, categories and extended properties always', async () => {
  const { id } = await create();
  expect((await client.user('PATCH', `/messages/${id}`, { subject: 'New', internetMessageId: '<n@contoso.com>' })).json.subject).toBe(
    'New',
  );
  await send(id);
  await client.emulator.control.settled();
  const sent = client.emulator.control.mails(mailbox, 'sentitems')[0];
  expect([sent?.subject, sent?.internetMessageId]).toEqual(['New', '<n@contoso.com>']);
  expect((await client.user('PATCH', `/messages/${sent?.id}`, { subject: 'Newer' })).status).toBe(400);
  const property = { id: 'String {00020329-0000-0000-C000-000000000046} Name X-Queue-Id', value: '' };
  expect(
    (await client.user('PATCH', `/messages/${sent?.id}`, { isRead: false, categories: ['a'], singleValueExtendedProperties: [property] }))
      .status,
  ).toBe(200);
  expect((await client.user('PATCH', `/messages/${sent?.id}`, { internetMessageHeaders: [{ name: 'x-a', value: 'b' }] })).status).toBe(400);
});

test('a second send is 404, or 202 without a second mail', async () => {
  const { control } = client.emulator;
  for (const secondSend of [404, 202] as const) {
    control.reset();
    control.setSwitches({ secondSend });
    const { id } = await create();
    expect([(await send(id)).status, (await send(id)).status]).toEqual([202, secondSend]);
    await control.settled();
    expect((await send(id)).status).toBe(secondSend);
    await control.settled();
    expect(control.deliveries()).toHaveLength(1);
  }
});

test('while it waits for transport a draft shows mfSubmitted; deleting it then cancels it', async () => {
  const { control } = client.emulator;
  control.stages.hold({ stage: 'pickUp' });
  const { id } = await create();
  await send(id);
  const flags = async () =>
    (
      await client.user(
        'GET',
        `/messages/${id}?$expand=${encodeURIComponent("singleValueExtendedProperties($filter=id eq 'Integer 0x0E07')")}`,
      )
    ).json;
  const shown = await flags();
  expect([shown.isDraft, shown.singleValueExtendedProperties]).toEqual([true, [{ id: 'Integer 0xe07', value: '13' }]]);
  expect((await client.user('DELETE', `/messages/${id}`)).status).toBe(204);
  await control.stages.release({ stage: 'pickUp' });
  await control.settled();
  expect(control.deliveries()).toEqual([]);
  expect(control.mails(mailbox, 'deleteditems')).toHaveLength(1);
});

test('a deferred mail waits in Drafts until its time', async () => {
  const { control } = client.emulator;
  control.clock.freeze(Date.parse('2025-03-01T10:00:00Z'));
  const deferred = { id: 'SystemTime 0x3FEF', value: '2025-03-01T11:00:00Z' };
  await client.user('POST', '/sendMail', { message: simpleMessage({ singleValueExtendedProperties: [deferred] }) });
  await control.clock.advance(59 * 60_000);
  expect([control.deliveries().length, control.mails(mailbox, 'drafts').length]).toEqual([0, 1]);
  await control.clock.advance(2 * 60_000);
  expect([control.deliveries().length, control.mails(mailbox, 'sentitems').length]).toEqual([1, 1]);
});

test('a draft keeps what the caller set, and gets what the caller left out', async () => {
  const own = await create({ internetMessageId: '<own@contoso.com>', bccRecipients: to('bob@contoso.com') });
  expect([own.internetMessageId, own.bccRecipients.length, own.from.emailAddress.address]).toEqual(['<own@contoso.com>', 1, mailbox]);
  const plain = await create();
  expect(plain.internetMessageId).toMatch(/^<.+@.+\.prod\.outlook\.com>$/);
  const html = await create({ body: { contentType: 'HTML', content: 'They were <b>awesome</b>!' } });
  expect([html.body.content.startsWith('<html>\r\n<head>\r\n<meta'), html.bodyPreview]).toEqual([true, 'They were awesome!']);
});

test('a MIME draft has its date, its Message-ID and null for a delivery receipt that nobody asked for', async () => {
  const lines = simpleMime(['Message-ID: <m@contoso.com>', 'Date: Sun, 28 Feb 2021 07:15:00 +0000']);
  const { json } = await client.user('POST', '/messages', mimeBody(lines, '\n'));
  expect([json.isDraft, json.internetMessageId, json.sentDateTime, json.isDeliveryReceiptRequested]).toEqual([
    true,
    '<m@contoso.com>',
    '2021-02-28T07:15:00Z',
    null,
  ]);
  const value = await client.user('GET', `/messages/${json.id}/$value`);
  expect([value.headers.get('content-type'), value.text]).toEqual(['text/plain', lines.join('\n')]);
});

test('ids can be translated, and a copy is an item of its own', async () => {
  const { id } = await create();
  const translate = (inputIds: string[], sourceIdType: string, targetIdType: string) =>
    client.user('POST', '/translateExchangeIds', { inputIds, sourceIdType, targetIdType });
  const [there] = (await translate([id], 'restId', 'restImmutableEntryId')).json.value;
  const [back] = (await translate([there.targetId], 'restImmutableEntryId', 'restId')).json.value;
  expect([there.targetId === id, back.targetId]).toEqual([false, id]);
  const copy = await client.user('POST', `/messages/${id}/copy`, { DestinationId: 'archive' });
  expect([copy.status, copy.json.id === id]).toEqual([201, false]);
  expect(client.emulator.control.mails(mailbox).length).toBe(2);
});
