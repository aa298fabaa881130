// Every decoder on damaged input, with fixed seeds: it takes it or refuses it with a 4xx; it never throws and never hangs.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeMimeMessage } from '../../../shared/domain/content/decode-mime.ts';
import { decodeSendMail } from '../../../shared/domain/content/decode-send-mail.ts';
import type { Decoded } from '../../../shared/domain/content/decoded.ts';
import type { Checked } from '../../../shared/domain/content/problem.ts';

const base64 = (bytes: Uint8Array): Uint8Array => new TextEncoder().encode(Buffer.from(bytes).toString('base64'));
const mime = (bytes: Uint8Array) => decodeMimeMessage(base64(bytes), 10);
const json = (bytes: Uint8Array) => decodeSendMail(bytes, 10);

/** What is taken has what the log needs; what is refused says why, in ASCII and not at length. */
function expectSane(result: Checked<Decoded>): void {
  if (result.ok) {
    expect(result.value.recipients.length).toBeGreaterThan(0);
    expect(result.value.subject ?? '').not.toMatch(/[\r\n]/);
    return;
  }
  expect(result.problem.status).toBeGreaterThanOrEqual(400);
  expect(result.problem.status).toBeLessThan(500);
  expect(result.problem.code).toMatch(/^\w+$/);
  expect(result.problem.message.length).toBeLessThan(1000);
  expect(result.problem.message).toMatch(/^[\x20-\x7e]+$/);
}

const MIME = new TextEncoder().encode(
  [
    'From: =?utf-8?Q?J=C3=BCrgen?= <ada@contoso.com>',
    'To: "Last, First" <a@example.com>, team: b@example.com;',
    'Subject: =?utf-8?B?R3LDvMOfZQ==?=',
    ' folded',
    'Message-ID: <4711@contoso.com>',
    '',
    'Hello',
  ].join('\r\n'),
);
const JSON_MAIL = new TextEncoder().encode(
  JSON.stringify({
    message: {
      subject: 'Grüße',
      body: { contentType: 'HTML', content: '<p>x</p>' },
      toRecipients: [{ emailAddress: { name: 'A', address: 'a@example.com' } }],
      attachments: [{ '@odata.type': '#microsoft.graph.fileAttachment', name: 'a', contentBytes: 'SGk=' }],
      singleValueExtendedProperties: [{ id: 'SystemTime 0x3FEF', value: '2026-09-01T08:00:00Z' }],
      internetMessageHeaders: [{ name: 'x-a', value: 'b' }],
    },
    saveToSentItems: 'false',
  }),
);

const cases = [
  { name: 'JSON', seed: JSON_MAIL, decode: json },
  { name: 'MIME', seed: MIME, decode: mime },
  { name: 'base64 of MIME', seed: base64(MIME), decode: (bytes: Uint8Array) => decodeMimeMessage(bytes, 10) },
];

describe.each(cases)('$name', ({ seed, decode }) => {
  test('is taken undamaged', () => {
    expect(decode(seed).ok).toBe(true);
  });

  test('with every single byte flipped in turn', () => {
    for (let at = 0; at < seed.length; at++) {
      for (const bit of [0x01, 0x80]) {
        const damaged = seed.slice();
        damaged[at]! ^= bit;
        expectSane(decode(damaged));
      }
    }
  });

  test('cut off at every place', () => {
    for (let length = 0; length < seed.length; length++) expectSane(decode(seed.subarray(0, length)));
  });

  test('with pieces replaced, doubled and swapped', () => {
    const place = fc.nat({ max: seed.length });
    fc.assert(
      fc.property(place, place, place, fc.uint8Array({ maxLength: 12 }), (a, b, c, bytes) => {
        const [x, y, z] = [a, b, c].sort((p, q) => p - q) as [number, number, number];
        expectSane(decode(Buffer.concat([seed.subarray(0, y), bytes, seed.subarray(x, z), seed.subarray(z)])));
      }),
      { seed: 20_260_805, numRuns: 500 },
    );
  });

  test('made of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => expectSane(decode(bytes))),
      { seed: 20_260_806, numRuns: 500 },
    );
  });
});

test('any JSON in any place of a message', () => {
  const names = [
    'subject',
    'body',
    'toRecipients',
    'from',
    'flag',
    'attachments',
    'internetMessageHeaders',
    'singleValueExtendedProperties',
  ];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names, '@odata.type', '__proto__', 'x'), fc.jsonValue({ maxDepth: 4 })), (message) => {
      expectSane(json(new TextEncoder().encode(JSON.stringify({ message }))));
    }),
    { seed: 20_260_807, numRuns: 400 },
  );
});

test.each(['(', '<', '"', ':', ',', ';', '@', '\\', '=?', '=?utf-8?Q?', 'a:', 'a <', ' \r\n '])(
  'address fields made of %j as long as a header may be come to an end',
  (piece) => {
    const text = piece.repeat(250_000 / piece.length);
    expectSane(mime(new TextEncoder().encode(`To: ${text}\r\n\r\n`)));
    expectSane(mime(new TextEncoder().encode(`To: a@example.com\r\nSubject: ${text}\r\n\r\n`)));
  },
);
