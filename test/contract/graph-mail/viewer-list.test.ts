// The mailbox viewer's list: all mail, newest first, as many as one asks for, and what the search finds.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { MailList } from '../../emulators/graph-mail/viewer/shapes.ts';
import { type Client, mailbox, simpleMessage, startClient, to } from './support/client.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client.close());
beforeEach(() => client.emulator.control.reset());

const get = (path: string) => client.raw('GET', `${client.emulator.url}${path}`);
const list = async (query = ''): Promise<MailList> => (await get(`/viewer/mails${query}`)).json;

const incoming = (lines: readonly string[], box = mailbox) =>
  client.emulator.control.incoming({ mailbox: box, mime: ['From: bob@contoso.com', `To: ${box}`, ...lines].join('\n') });

async function send(message: Record<string, unknown>): Promise<void> {
  expect((await client.user('POST', '/sendMail', { message: simpleMessage(message) })).status).toBe(202);
  await client.emulator.control.settled();
}

test('all mail of all mailboxes is in one list, the newest first', async () => {
  const { clock } = client.emulator.control;
  clock.freeze();
  await incoming(['Subject: first', '', 'x']);
  await clock.advance(1000);
  await incoming(['Subject: second', '', 'x'], 'alice@contoso.com');
  await clock.advance(1000);
  await incoming(['Subject: third', '', 'x']);
  clock.unfreeze();
  const all = await list();
  expect([all.count, all.value.map(({ subject, mailbox: box, folder }) => [subject, box, folder])]).toEqual([
    3,
    [
      ['third', mailbox, 'Inbox'],
      ['second', 'alice@contoso.com', 'Inbox'],
      ['first', mailbox, 'Inbox'],
    ],
  ]);
  expect((await list('?mailbox=ALICE@contoso.com')).value.map(({ subject }) => subject)).toEqual(['second']);
  expect((await list('?folder=Drafts')).count).toBe(0);
});

test('a list has 50 mails, or as many as one asks for, and says how many there are', async () => {
  client.emulator.control.seed(mailbox, 'sentitems', 1200);
  const sizes = async (query: string) => {
    const { count, value } = await list(query);
    return [count, value.length];
  };
  expect(await sizes('')).toEqual([1200, 50]);
  expect(await sizes('?top=100')).toEqual([1200, 100]);
  for (const top of ['0', '-1', 'x', '1.5']) expect(await sizes(`?top=${top}`)).toEqual([1200, 50]);
  expect(await sizes('?top=9999')).toEqual([1200, 1000]);
});

test('search finds by sender, recipient, subject, text, Message-ID and mark', async () => {
  await send({
    subject: 'Quarterly figures',
    body: { contentType: 'HTML', content: '<p>All <b>goes</b> well.</p><script>secret</script>' },
    toRecipients: to('customer@example.com'),
    internetMessageId: '<own-id@contoso.com>',
    internetMessageHeaders: [{ name: 'x-invoice', value: 'mark-4711' }],
  });
  await incoming(['Subject: other', '', 'nothing of it']);
  const count = async (query: string) => (await list(`?q=${encodeURIComponent(query)}`)).count;
  for (const query of [
    'from:sender@',
    'to:customer@example.com',
    'subject:figures',
    'text:"all goes"',
    'message-id:own-id',
    'mark:mark-4711',
  ])
    expect([query, await count(query)]).toEqual([query, 1]);
  expect(await count('secret')).toBe(0);
  expect(await count('contoso.com')).toBe(2);
});

test('a list of an unknown mailbox is empty, and asking for it makes none', async () => {
  client.emulator.control.setSwitches({ autoCreateMailboxes: true });
  const before = client.emulator.control.mailboxes().length;
  expect((await list('?mailbox=new@contoso.com')).count).toBe(0);
  expect((await get('/viewer/mails/new@contoso.com/1')).status).toBe(404);
  expect(client.emulator.control.mailboxes()).toHaveLength(before);
});
