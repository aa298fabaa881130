// The way of one mail through the emulator: taken, handed on, filed, delivered, reported on.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Client, mimeBody, simpleMessage, simpleMime, startClient, to } from './support/client.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client.close());
beforeEach(() => client.emulator.control.reset());

test('a JSON mail is answered 202 without a body, handed on once, filed in Sent Items and delivered', async () => {
  const { control } = client.emulator;
  const answer = await client.user('POST', '/sendMail', { message: simpleMessage({ internetMessageId: '<a@contoso.com>' }) });
  expect([answer.status, answer.text, answer.headers.get('content-length')]).toEqual([202, '', '0']);
  expect(answer.headers.get('request-id')).toBeTruthy();
  await control.settled();
  expect(control.deliveries({ messageId: '<a@contoso.com>', recipient: 'ALICE@contoso.com' })).toHaveLength(1);
  expect(control.mails('sender@contoso.com', 'sentitems').map(({ internetMessageId }) => internetMessageId)).toEqual(['<a@contoso.com>']);
  expect(control.mails('sender@contoso.com', 'drafts')).toEqual([]);
  expect(control.mails('alice@contoso.com', 'inbox').map(({ subject }) => subject)).toEqual(['Invoice 4711']);
  const found = await client.user('GET', `/messages?$filter=${encodeURIComponent("internetMessageId eq '<a@contoso.com>'")}`);
  expect(found.json.value).toHaveLength(1);
});

test('MIME is handed on byte for byte, with Bcc taken out and transport lines on top', async () => {
  const { control } = client.emulator;
  const lines = simpleMime(['Message-ID: <m@contoso.com>', 'Date: Mon, 1 Jan 2024 10:00:00 +0000', 'Bcc: bob@contoso.com']);
  expect((await client.user('POST', '/sendMail', mimeBody(lines))).status).toBe(202);
  await control.settled();
  const [record] = control.deliveries({ messageId: '<m@contoso.com>' });
  const text = record?.mime.toString() ?? '';
  expect(text.startsWith('Received: ')).toBe(true);
  expect(text.slice(text.indexOf('\r\n') + 2)).toBe(lines.filter((line) => !line.startsWith('Bcc')).join('\r\n'));
  expect(record?.recipients.map(({ address, type, outcome }) => [address, type, outcome])).toEqual([
    ['alice@contoso.com', 'to', 'delivered'],
    ['bob@contoso.com', 'bcc', 'delivered'],
  ]);
});

test('a draft is created, sent, and found under another id in Sent Items', async () => {
  const draft = await client.user('POST', '/messages', simpleMessage());
  expect([draft.status, draft.json.isDraft]).toEqual([201, true]);
  const sent = await client.user('POST', `/messages/${draft.json.id}/send`, undefined, { 'Content-Length': '0' });
  expect(sent.status).toBe(202);
  await client.emulator.control.settled();
  expect((await client.user('GET', `/messages/${draft.json.id}`)).status).toBe(404);
  const list = await client.user('GET', '/mailFolders/sentitems/messages');
  expect(list.json.value[0].internetMessageId).toBe(draft.json.internetMessageId);
});

test('an unknown recipient brings a report into the Inbox, found by its item class', async () => {
  await client.user('POST', '/sendMail', { message: simpleMessage({ toRecipients: to('unknown-user@contoso.com', 'alice@contoso.com') }) });
  await client.emulator.control.settled();
  const filter = "singleValueExtendedProperties/any(ep: ep/id eq 'String 0x001A' and startswith(ep/value,'REPORT.'))";
  const reports = await client.user('GET', `/messages?$filter=${encodeURIComponent(filter)}`);
  expect(reports.json.value).toHaveLength(1);
  const mime = await client.user('GET', `/messages/${reports.json.value[0].id}/$value`);
  expect(mime.text).toContain('Final-Recipient: rfc822;unknown-user@contoso.com\r\nAction: failed\r\nStatus: 5.1.10');
});
