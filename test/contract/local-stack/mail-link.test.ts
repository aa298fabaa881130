// The link from a mail in the mailbox viewer to its send request: by each mark that the app puts into a mail.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MARK_HEADER, MARK_PROPERTY } from '../../../shared/domain/doubt/marks.ts';
import { linkMails } from '../../emulators/local-stack/mail-link.ts';
import { type Client, mailbox, mimeBody, simpleMessage, simpleMime, startClient } from '../graph-mail/support/client.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient({ control: true });
  await linkMails({ functions: 'http://localhost:7071', graphControl: String(client.emulator.controlUrl) });
});
afterAll(() => client.close());

test.each([
  ['header', simpleMessage({ internetMessageHeaders: [{ name: MARK_HEADER, value: 'id1' }] })],
  ['property', simpleMessage({ singleValueExtendedProperties: [{ id: MARK_PROPERTY, value: 'id1' }] })],
  ['header in MIME', mimeBody(simpleMime([`${MARK_HEADER}: id1`]))],
])('a mail with the %s has one', async (_mark, message) => {
  const { json: draft } = await client.user('POST', '/messages', message);
  const item = client.emulator.control.mails(mailbox).find(({ id }) => id === draft.id);
  const { json } = await client.raw('GET', `${client.emulator.url}/viewer/mails/${mailbox}/${item?.key}`);
  expect(json.link?.url).toBe('http://localhost:7071/console#/sendRequests/sender%40contoso.com/id1');
});

test('there is none without the app, or without the emulator', async () => {
  await linkMails({ graphControl: 'http://localhost:1/nowhere' });
  await linkMails({ functions: 'http://localhost:7071' });
});

test('an emulator that takes no link is an error that says why', async () => {
  const link = linkMails({ functions: 'not a url', graphControl: String(client.emulator.controlUrl) });
  await expect(link).rejects.toThrow(/takes no link: 400 .*http or https/);
});
