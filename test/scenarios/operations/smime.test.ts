// S/MIME goes through untouched: made, verified and decrypted with openssl; not a byte of what is signed changes on the way.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedStack } from '../../support/shared-stack.ts';
import { mimeOf, original, post, transported } from './operations.ts';

const HAS_OPENSSL = spawnSync('openssl', ['version']).status === 0;
const stack = sharedStack();
let folder: string;
const path = (name: string): string => join(folder, name);
const openssl = (...args: string[]): Buffer => execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });

beforeAll(async () => {
  if (!HAS_OPENSSL) return;
  folder = mkdtempSync(join(tmpdir(), 'smime-'));
  const subject = ['-subj', '/CN=Ada/emailAddress=ada@contoso.com'];
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-out', 'cert.pem', '-days', '2', ...subject);
});
afterAll(async () => {
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const header = (mailbox: string) => ['-from', mailbox, '-to', 'other@example.com', '-subject', 'Sealed'];
const TEXT = 'Content-Type: text/plain; charset=utf-8\r\n\r\nZum Gruß,  mit Leerraum am Ende  \r\n.\r\nFrom here on\r\n';

/** Without `-binary` openssl signs the text with CRLF, and writes it with bare line feeds. */
function sign(mailbox: string, ...options: string[]): Buffer {
  writeFileSync(path('text.txt'), TEXT);
  return openssl('cms', '-sign', '-in', 'text.txt', '-signer', 'cert.pem', '-inkey', 'key.pem', ...options, ...header(mailbox));
}
function encrypt(mailbox: string, content: Buffer | string): Buffer {
  writeFileSync(path('plain.txt'), content);
  return openssl('cms', '-encrypt', '-aes256', '-in', 'plain.txt', '-binary', ...header(mailbox), 'cert.pem');
}
function verify(mime: Buffer, ...options: string[]): string {
  writeFileSync(path('got.eml'), mime);
  return openssl('cms', '-verify', '-in', 'got.eml', '-CAfile', 'cert.pem', ...options).toString();
}
function decrypt(mime: Buffer): Buffer {
  writeFileSync(path('got.eml'), mime);
  return openssl('cms', '-decrypt', '-in', 'got.eml', '-recip', 'cert.pem', '-inkey', 'key.pem', '-binary');
}
const unixLines = (mime: Buffer): Buffer => Buffer.from(mime.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');

interface Case {
  name: string;
  make: (mailbox: string) => Buffer;
  open: (mime: Buffer) => string;
}
const CASES: Case[] = [
  { name: 'clear-signed (multipart/signed)', make: (mailbox) => sign(mailbox, '-binary'), open: (mime) => verify(mime, '-binary') },
  { name: 'clear-signed, with bare line feeds', make: (mailbox) => unixLines(sign(mailbox)), open: verify },
  { name: 'opaque signed (smime-type=signed-data)', make: (mailbox) => sign(mailbox, '-nodetach'), open: verify },
  { name: 'enveloped', make: (mailbox) => encrypt(mailbox, TEXT), open: (mime) => decrypt(mime).toString() },
  { name: 'signed, then enveloped', make: (mailbox) => encrypt(mailbox, sign(mailbox)), open: (mime) => verify(decrypt(mime)) },
];

describe.skipIf(!HAS_OPENSSL)('S/MIME (needs openssl)', () => {
  test.each(CASES)('$name arrives as it was posted', async ({ name, make, open }) => {
    const mailbox = `smime-${name.replace(/\W+/g, '-')}@contoso.com`.toLowerCase();
    const posted = make(mailbox);
    const expected = open(posted);
    const { location, status } = await post(stack, mailbox, 'sendMail', posted);
    expect(status).toBe(202);
    await stack.untilStatus(location, 'sent');
    const got = await mimeOf(stack, (await transported(stack, mailbox))[0]!);
    // Not a byte has changed; ours, and Exchange's, are lines on top.
    expect(got.subarray(-posted.length).equals(posted)).toBe(true);
    expect(open(got)).toBe(expected);
    expect(expected).toContain('Gruß');
  });

  test('8-bit content is among them', () => {
    expect(sign('ada@contoso.com', '-binary').includes(Buffer.from('ß'))).toBe(true);
  });

  test('a draft, a reply and a forward of it are as untouched', async () => {
    const mailbox = 'smime-answers@contoso.com';
    const question = await original(stack, mailbox, 'Question');
    const posted = sign(mailbox);
    const draft = await post(stack, mailbox, 'messages', posted);
    const sent = [
      await post(stack, mailbox, `messages/${draft.body.id}/send`),
      await post(stack, mailbox, `messages/${question.id}/reply`, posted),
      await post(stack, mailbox, `messages/${question.id}/forward`, posted),
    ];
    for (const { location } of sent) await stack.untilStatus(location, 'sent');
    const deliveries = await transported(stack, mailbox);
    expect(deliveries).toHaveLength(3);
    for (const delivery of deliveries) expect(verify(await mimeOf(stack, delivery))).toContain('Zum Gruß');
  });
});
