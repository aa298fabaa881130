// The mailbox viewer's server: what it says of a mail, that nothing of a mail can act, and that it changes nothing. Its list: viewer-list.test.ts.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ListedMail, MailFacts } from '../../emulators/graph-mail/viewer/shapes.ts';
import { type Client, mailbox, simpleMessage, startClient, to } from './support/client.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient({ control: true });
});
afterAll(() => client.close());
beforeEach(() => client.emulator.control.reset());

const get = (path: string) => client.raw('GET', `${client.emulator.url}${path}`);
const list = async (query = ''): Promise<{ count: number; value: ListedMail[] }> => (await get(`/viewer/mails${query}`)).json;

const incoming = (lines: readonly string[]) =>
  client.emulator.control.incoming({ mailbox, mime: ['From: bob@contoso.com', `To: ${mailbox}`, ...lines].join('\n') });

async function send(message: Record<string, unknown> = {}): Promise<void> {
  expect((await client.user('POST', '/sendMail', { message: simpleMessage(message) })).status).toBe(202);
  await client.emulator.control.settled();
}

/** The first mail that a search finds, in full. */
async function facts(query: string): Promise<{ path: string; mail: MailFacts }> {
  const [found] = (await list(`?q=${encodeURIComponent(query)}`)).value;
  const path = `/viewer/mails/${found?.mailbox}/${found?.key}`;
  return { path, mail: (await get(path)).json };
}

test('the page loads nothing from elsewhere, has no script of its own in it, and takes no HTML from its script', async () => {
  const page = await get('/mailbox');
  expect(page.text).toBe((await get('/')).text);
  const policy = page.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toContain('unsafe');
  expect(page.text).not.toMatch(/https?:|style=|\son\w+=|<script(?![^>]*src="\/viewer\/app\.js")/);
  for (const [file, type] of [
    ['app.js', 'text/javascript'],
    ['style.css', 'text/css'],
    ['icon.svg', 'image/svg+xml'],
  ]) {
    const asset = await get(`/viewer/${file}`);
    expect([asset.status, asset.headers.get('content-type')]).toEqual([200, `${type}; charset=utf-8`]);
  }
  expect((await get('/viewer/toString')).status).toBe(400);
});

test('a mail says what became of its recipients, where its copies are, and what it answers', async () => {
  await send({ subject: 'Hello', toRecipients: to('alice@contoso.com', 'unknown-user@contoso.com') });
  const { mail } = await facts('subject:Hello from:sender');
  expect(mail.handedOn.map(({ recipients }) => recipients.map(({ address, outcome, status }) => [address, outcome, status]))).toEqual([
    [
      ['alice@contoso.com', 'delivered', null],
      ['unknown-user@contoso.com', 'failed', '5.1.10'],
    ],
  ]);
  const places = [[mail.mailbox, mail.folder], ...mail.copies.map((copy) => [copy.mailbox, copy.folder])];
  expect(places).toContainEqual(['alice@contoso.com', 'Inbox']);
  expect(places).toContainEqual([mailbox, 'Sent Items']);
  const report = await facts('subject:Undeliverable');
  expect(report.mail.inReplyTo).toBe(mail.internetMessageId);
});

test('attachments and the whole source are downloads that no browser shows', async () => {
  const name = 'naïve "file"\u202egnp.html';
  await send({
    attachments: [{ '@odata.type': '#microsoft.graph.fileAttachment', name, contentType: 'text/html', contentBytes: 'PGI+' }],
  });
  const { path, mail } = await facts('from:sender');
  expect(mail.attachments).toEqual([{ name, contentType: 'text/html', size: 3, isInline: false }]);
  const attachment = await get(`${path}/attachments/0`);
  expect([attachment.text, attachment.headers.get('content-type'), attachment.headers.get('x-content-type-options')]).toEqual([
    '<b>',
    'application/octet-stream',
    'nosniff',
  ]);
  expect(attachment.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''na%C3%AFve%20%22file%22%E2%80%AEgnp.html");
  const whole = await get(`${path}/download`);
  expect(whole.headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''mail-\d+\.eml$/);
  for (const number of ['1', '-1', 'x']) expect((await get(`${path}/attachments/${number}`)).status).toBe(404);
});

test('the source is plain text, and of a huge one only the beginning comes', async () => {
  const mime = ['Subject: huge', '', 'x'.repeat(2_000_000)];
  await incoming(mime);
  const { path, mail } = await facts('huge');
  const source = await get(`${path}/source`);
  expect([source.headers.get('content-type'), source.headers.get('x-content-type-options')]).toEqual([
    'text/plain; charset=utf-8',
    'nosniff',
  ]);
  expect([source.text.length, source.headers.get('x-total-bytes')]).toEqual([500_000, String(mail.size)]);
  expect([mail.text.length, mail.isTextCut]).toEqual([200_000, true]);
  expect((await get(`${path}/download`)).text).toHaveLength(mail.size);
});

test('the HTML of a mail is a document that can run and load nothing', async () => {
  await incoming([
    'Content-Type: text/html; charset=utf-8',
    'Subject: hostile',
    '',
    '<LINK rel=preconnect href=//example.com><meta http-equiv=refresh content=0><base href=//example.com><p>text</p><linked>',
  ]);
  const { path } = await facts('hostile');
  const body = await get(`${path}/body`);
  const policy = body.headers.get('content-security-policy') ?? '';
  for (const part of ['sandbox;', "default-src 'none'", "form-action 'none'", "base-uri 'none'"]) expect(policy).toContain(part);
  expect(policy).not.toContain('allow');
  expect(body.text).not.toMatch(/<(link|meta)[\s/>]|<base href/i);
  expect(body.text).toContain('<p>text</p><linked>');
});

test('a mail with a mark links to the page that knows it, in the name of the mailbox that sent it', async () => {
  const { url } = client.emulator;
  const put = (link: unknown) =>
    client.raw('PUT', `${url}/control/mail-link`, JSON.stringify(link), { 'Content-Type': 'application/json' });
  const link = {
    text: 'Open',
    url: 'http://localhost:7071/console#/{mailbox}/{mark}',
    marks: ['X-Job', 'String {00020329-0000-0000-C000-000000000046} Name Job'],
  };
  for (const wrong of [
    { ...link, url: 'javascript:alert(1)' },
    { ...link, url: 'nonsense' },
    { ...link, text: '' },
    { ...link, marks: 'x-job' },
    {},
  ])
    expect((await put(wrong)).status).toBe(400);
  expect((await put(link)).status).toBe(204);
  await send({ subject: 'by header', internetMessageHeaders: [{ name: 'x-job', value: 'a/1' }] });
  await send({
    subject: 'by property',
    singleValueExtendedProperties: [{ id: 'String {00020329-0000-0000-c000-000000000046} Name Job', value: 'b2' }],
  });
  await send({ subject: 'neither' });
  const linkOf = async (query: string) => (await facts(query)).mail.link?.url;
  const target = `http://localhost:7071/console#/sender%40contoso.com/`;
  for (const { mailbox: box, key } of (await list('?q=%22by header%22')).value)
    expect((await get(`/viewer/mails/${box}/${key}`)).json.link).toEqual({ text: 'Open', url: `${target}a%2F1` });
  expect(await linkOf('"by property" from:sender mark:b2')).toBe(`${target}b2`);
  expect(await linkOf('neither')).toBeUndefined();
  expect((await put({ url: null })).status).toBe(204);
  expect(await linkOf('"by header"')).toBeUndefined();
});

test('the overview says what is where, which faults have fired, and what is held', async () => {
  const { control } = client.emulator;
  control.faults.set([{ id: 'f1', operation: 'sendMail', answer: 'reset' }]);
  control.stages.hold({ stage: 'file' });
  const overview = (await get('/viewer/overview')).json;
  expect(overview.faults).toEqual([{ id: 'f1', operation: 'sendMail', when: 'before', fired: 0, times: 1 }]);
  expect(overview.stages[1]).toEqual({ name: 'file', waiting: 0, held: [null] });
  expect(overview.controlled).toBe(true);
  expect(overview.mailboxes.length).toBeGreaterThan(4);
  expect((await client.raw('POST', `${client.emulator.url}/viewer/overview`)).status).toBe(405);
});

test('streams that nobody closes are bounded', async () => {
  const aborted = new AbortController();
  const open = () => fetch(`${client.emulator.url}/viewer/changes`, { signal: aborted.signal });
  // An answer that nobody holds any more is collected, and its stream ends.
  const answers = await Promise.all(Array.from({ length: 101 }, open));
  const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
  expect([count(200), count(503)]).toEqual([100, 1]);
  aborted.abort();
  for (let status = 503; status !== 200; ) {
    const again = await fetch(`${client.emulator.url}/viewer/changes`);
    status = again.status;
    await again.body?.cancel();
  }
});

test('a stream tells of each change, and ends with the server', async () => {
  const other = await startClient();
  const response = await fetch(`${other.emulator.url}/viewer/changes`);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toBe('data: 1\n\n');
  await other.emulator.control.incoming({ mailbox, mime: 'Subject: x\n\nx' });
  expect((await reader.read()).value).toBe('data: 2\n\n');
  other.emulator.control.stages.hold({ stage: 'report' });
  expect((await reader.read()).value).toBe('data: 3\n\n');
  await other.close();
  await expect(reader.read()).rejects.toThrow();
});
