// The mailbox viewer: shows what is there, and what is in a mail can do nothing.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, mailbox, startClient } from './support/client.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client.close());

const get = (path: string) => client.raw('GET', `${client.emulator.url}${path}`);

test('the page loads nothing from elsewhere, and runs only its own script', async () => {
  const page = await get('/');
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const policy = page.headers.get('content-security-policy') ?? '';
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  expect(policy).toContain("default-src 'none'");
  expect(page.text.match(/<(script|style) nonce="([^"]+)"/g)).toEqual([`<style nonce="${nonce}"`, `<script nonce="${nonce}"`]);
  expect(page.text).not.toMatch(/https?:\/\//);
  expect(page.text).toContain("frame.setAttribute('sandbox', '')");
});

test('a hostile mail is shown in a document that may run and load nothing', async () => {
  const mime = [
    'From: bob@contoso.com',
    'To: sender@contoso.com',
    'Subject: <script>alert(1)</script>',
    'Content-Type: text/html',
    '',
    '<script>parent.alert(1)</script><img src="https://example.com/x.png">',
  ];
  const { key } = await client.emulator.control.incoming({ mailbox, mime: mime.join('\n') });
  const body = await get(`/viewer/mails/${mailbox}/${key}/body`);
  expect(body.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'");
  const source = await get(`/viewer/mails/${mailbox}/${key}/source`);
  expect([source.headers.get('content-type'), source.headers.get('x-content-type-options'), source.text]).toEqual([
    'text/plain; charset=utf-8',
    'nosniff',
    mime.join('\n'),
  ]);
});

test('folders, mails, faults and what was handed on are listed', async () => {
  client.emulator.control.faults.set([{ id: 'f1', operation: 'sendMail', answer: 'reset' }]);
  const overview = (await get('/viewer/overview')).json;
  expect(overview.faults).toEqual([{ id: 'f1', operation: 'sendMail', when: 'before', fired: 0, times: 1 }]);
  expect(overview.mailboxes.length).toBeGreaterThan(4);
  expect((await get(`/viewer/mails/${mailbox}?folder=inbox`)).json.value[0].subject).toContain('<script>');
  expect((await client.raw('POST', `${client.emulator.url}/viewer/overview`)).status).toBe(405);
});
