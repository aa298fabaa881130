// Small requests that ask for much work or memory: each is posted as it is, and refused or taken, but stops nobody.
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

export interface HostileInput {
  name: string;
  headers: Record<string, string>;
  body: Buffer;
  /** What it is answered: it is refused, or it is only a mail like any other. */
  status: number;
  code?: string;
}

const TO = [{ emailAddress: { address: 'bob@contoso.com' } }];
const JSON_TYPE = { 'content-type': 'application/json' };
const MIME_TYPE = { 'content-type': 'text/plain' };
const file = (base64: string, name = 'a') => ({ '@odata.type': '#microsoft.graph.fileAttachment', name, contentBytes: base64 });
const mail = (more: object): string => JSON.stringify({ message: { subject: 'x', toRecipients: TO, ...more } });
const text = (content: string) => ({ body: { contentType: 'text', content } });
const base64 = (bytes: string | Uint8Array): string => Buffer.from(bytes as string).toString('base64');
const gzip = (body: string): { headers: Record<string, string>; body: Buffer } => ({
  headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
  body: gzipSync(body, { level: 9 }),
});
const brotli = (body: string): { headers: Record<string, string>; body: Buffer } => ({
  headers: { ...MIME_TYPE, 'content-encoding': 'br' },
  body: brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
});

const HEAD = 'From: sender@contoso.com\r\nTo: bob@contoso.com\r\n';
const nested = (depth: number, body: string): string =>
  HEAD +
  Array.from({ length: depth }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`).join('') +
  `\r\n${body}`;

const SIGNS = Array.from({ length: 6_000 }, (_, i) => `large${String(i).padStart(7, '0')}`).join('');

export const hostileInputs = (): HostileInput[] => [
  {
    name: 'the placeholder of an attachment 900 times',
    ...gzip(
      mail({ ...text('PLACE'.repeat(900)), attachments: [file('A'.repeat(1_000_000))] }).replaceAll('PLACE', '\\u006carge000000000000000'),
    ),
    status: 202,
  },
  {
    name: 'all that a placeholder could be',
    headers: JSON_TYPE,
    body: Buffer.from(mail({ ...text(SIGNS), attachments: [file('A'.repeat(70_000))] })),
    status: 202,
  },
  {
    name: '28 nested multiparts, packed',
    ...brotli(base64(nested(28, '-\n'.repeat(6_000_000)))),
    status: 413,
    code: 'ErrorMessageSizeExceeded',
  },
  {
    name: '28 nested multiparts around six million lines',
    headers: MIME_TYPE,
    body: Buffer.from(base64(nested(28, '--\n'.repeat(2_000_000)))),
    status: 413,
    code: 'ErrorMessageSizeExceeded',
  },
  {
    name: '300 nested multiparts around an attachment',
    headers: MIME_TYPE,
    body: Buffer.from(base64(nested(300, base64(Buffer.alloc(4_000_000))))),
    status: 400,
    code: 'ErrorMimeContentInvalid',
  },
  {
    name: 'a thousand parts',
    headers: MIME_TYPE,
    body: Buffer.from(base64(`${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(1_000)}--b--`)),
    status: 413,
    code: 'ErrorMessageSizeExceeded',
  },
  {
    name: 'a header of 4 MB',
    headers: MIME_TYPE,
    body: Buffer.from(base64(`${HEAD}X-A: ${'a'.repeat(4_000_000)}\r\n\r\nx`)),
    status: 400,
    code: 'ErrorMimeContentInvalid',
  },
  {
    name: '20,000 attachments',
    headers: JSON_TYPE,
    body: Buffer.from(mail({ attachments: Array.from({ length: 20_000 }, (_, i) => file('A'.repeat(256), `${i}`)) })),
    status: 400,
    code: 'RequestBodyRead',
  },
  {
    name: '300 attachments',
    headers: JSON_TYPE,
    body: Buffer.from(mail({ attachments: Array.from({ length: 300 }, (_, i) => file('AAAA', `${i}`)) })),
    status: 413,
    code: 'ErrorMessageSizeExceeded',
  },
  {
    name: 'a million values',
    headers: JSON_TYPE,
    body: Buffer.from(
      mail({})
        .replace(/}$/, `,"extensions":[{"extensionName":"a","v":[${'{},'.repeat(999_000)}{}]}]}`)
        .replace('}]},"ext', '}],"ext'),
    ),
    status: 400,
    code: 'RequestBodyRead',
  },
  { name: 'a bomb', ...gzip(' '.repeat(40_000_000)), status: 413, code: 'ErrorMessageSizeExceeded' },
  { name: 'backslashes', headers: JSON_TYPE, body: Buffer.from(mail(text('\\'.repeat(1_500_000)))), status: 202 },
  { name: 'nested arrays', headers: JSON_TYPE, body: Buffer.from('['.repeat(1_000_000)), status: 400, code: 'RequestBodyRead' },
  {
    name: 'a label of a domain that has no end',
    headers: JSON_TYPE,
    body: Buffer.from(mail({ ccRecipients: [{ emailAddress: { address: `a@${'ü'.repeat(200_000)}.com` } }] })),
    status: 400,
  },
  {
    name: 'encoded words by the thousand',
    headers: MIME_TYPE,
    body: Buffer.from(base64(`${HEAD}Subject:${' =?utf-8?Q?a?='.repeat(15_000)}\r\n\r\nx`)),
    status: 202,
  },
  {
    name: 'continuations of a parameter by the thousand',
    headers: MIME_TYPE,
    body: Buffer.from(
      base64(`${HEAD}Content-Type: text/plain${Array.from({ length: 9_000 }, (_, i) => `;\r\n name*${i}*=%41`).join('')}\r\n\r\nx`),
    ),
    status: 202,
  },
  {
    name: 'Received lines by the thousand',
    headers: MIME_TYPE,
    body: Buffer.from(base64(`${'Received: from a.example by b.example; Mon, 1 Jan 2024 00:00:00 +0000\r\n'.repeat(10_000)}${HEAD}\r\nx`)),
    status: 400,
    code: 'ErrorMimeContentInvalid',
  },
  {
    name: 'recipients made of brackets',
    headers: MIME_TYPE,
    body: Buffer.from(base64(`To: ${'<('.repeat(100_000)}\r\n\r\nx`)),
    status: 400,
  },
];

/** The comment of a reply that opens tags and closes none. */
export const HOSTILE_COMMENT = '<a'.repeat(60_000);
