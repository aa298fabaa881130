// The real worker threads, as they are in the package: the same answers as in the process, a deadline, a memory limit, and no stop.
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { heapMegabytesFor, THREADS, ThreadMailWork } from '../../../shared/adapters/threads/thread-mail-work.ts';
import { decodeMail } from '../../../shared/domain/content/decode-operation.ts';
import { takeApart } from '../../../shared/domain/content/take-apart.ts';
import { StoreUnavailable } from '../../../shared/ports/store-unavailable.ts';

/** With digests in place of bytes: comparing millions of them one by one takes most of a minute. */
function digested(value: unknown): unknown {
  if (value instanceof Uint8Array) return createHash('sha256').update(value).digest('hex');
  if (Array.isArray(value)) return value.map(digested);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, digested(inner)]));
}

const script = fileURLToPath(new URL('../../../dist/app/dist/mail-thread.cjs', import.meta.url));
const work = new ThreadMailWork({ script, ...THREADS });
afterAll(() => work.close());

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const MAIL = {
  message: {
    subject: 'Grüße',
    toRecipients: [{ emailAddress: { address: 'bob@example.com' } }],
    attachments: [{ '@odata.type': '#microsoft.graph.fileAttachment', name: 'a', contentBytes: base64('x'.repeat(300_000)) }],
  },
};
const json = (body: unknown) => ({
  operation: 'sendMail' as const,
  format: 'json' as const,
  body: Buffer.from(JSON.stringify(body)),
  recipientLimit: 5,
});
const text = [
  'To: bob@example.com',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  '',
  'Text',
  '--b',
  'Content-Type: application/pdf',
  'Content-Disposition: attachment; filename=a.pdf',
  'Content-Transfer-Encoding: base64',
  '',
  base64('x'.repeat(3_000_000)),
  '--b--',
].join('\r\n');
/** A fresh copy: what a thread is given is gone. */
const mime = (): Uint8Array => new Uint8Array(Buffer.from(text));

describe('worker threads', () => {
  test.each([
    ['a mail', MAIL],
    ['a mail that is refused', { message: { ...MAIL.message, nonsense: true } }],
    ['a small mail, in the process itself', { message: { ...MAIL.message, attachments: [] } }],
  ])('decode %s as the process does', async (_, body) => {
    expect(await work.decode(json(body))).toEqual(await decodeMail(json(body)));
  });

  test('decode large MIME, and take it apart, as the process does', async () => {
    const order = () => ({
      operation: 'sendMail' as const,
      format: 'mime' as const,
      body: Buffer.from(base64(text)),
      recipientLimit: 5,
    });
    expect(digested(await work.decode(order()))).toEqual(digested(await decodeMail(order())));
    expect(digested(await work.takeApart(mime()))).toEqual(digested(await takeApart(mime())));
  });

  test('end what lasts too long: it may be tried again', async () => {
    const hurried = new ThreadMailWork({ script, ...THREADS, deadlineMs: 1 });
    await expect(hurried.takeApart(mime())).rejects.toThrow(StoreUnavailable);
    await hurried.close();
  });

  test('have memory in proportion to the largest message', () => {
    expect([1, 35, 36, 150].map((megabytes) => heapMegabytesFor(megabytes * 1024 * 1024))).toEqual([192, 192, 384, 960]);
  });

  test('refuse what takes more memory than a message may have, and go on', async () => {
    const narrow = new ThreadMailWork({ script, ...THREADS, heapMegabytes: 16 });
    // Many small strings: one that is larger than what is left would end the process.
    const values = json({ message: { ...MAIL.message, attachments: [], categories: Array(20_000).fill('\u{1f4e7}'.repeat(1_000)) } });
    expect(await narrow.decode(values)).toMatchObject({ ok: false, problem: { status: 413, message: expect.stringContaining('memory') } });
    expect(await narrow.decode(json(MAIL))).toMatchObject({ ok: true });
    await narrow.close();
  });
});
