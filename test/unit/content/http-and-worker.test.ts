// What the HTTP API takes, the worker can submit: whatever the content, a plan comes of it, and every byte of the plan can be made.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeMail } from '../../../shared/domain/content/decode-operation.ts';
import { MAXIMUM_CONTENT_BYTES, MAXIMUM_REQUEST_BYTES } from '../../../shared/domain/content/graph-limits.ts';
import { takeApart } from '../../../shared/domain/content/take-apart.ts';
import { type ContentFormat, isDraftOnly, OPERATIONS, type Operation } from '../../../shared/domain/operations.ts';
import { planOf } from '../../../shared/domain/submit/submission-plan.ts';
import { record } from '../../support/samples.ts';
import { attached, leaf, mimeOf, multipart, type Part } from './mime-samples.ts';

const MAILBOX = 'sender@contoso.com';
const RUNS = { numRuns: 60 };

/** Whether the HTTP API took it; then all that the worker would send is made. */
async function submitted(operation: Operation, format: 'json' | 'mime', body: Uint8Array): Promise<boolean> {
  const decoded = await decodeMail({ operation, format, body, recipientLimit: 500 });
  if (!decoded.ok || decoded.value.size.problem) return false;
  const { content, internetMessageId } = decoded.value;
  const kept = { operation, format: format as ContentFormat, ...(internetMessageId && { internetMessageId, callerSetMessageId: true }) };
  const plan = await planOf(record(MAILBOX, kept), content, 'AAMk=', takeApart);
  if (plan.kind !== 'mail') throw new Error(`no plan: ${JSON.stringify(plan)}`);
  for (const request of [plan.direct, plan.draft.create]) {
    if (request) expect(Buffer.byteLength(request.payload().body)).toBeLessThanOrEqual(MAXIMUM_REQUEST_BYTES);
  }
  for (const { size, bytes, base64 } of plan.draft.attachments) {
    expect(bytes(0, size)).toHaveLength(size);
    expect(base64()).toHaveLength(Math.ceil(size / 3) * 4);
  }
  return true;
}

const FILL = Buffer.alloc(3_300_000, 'fill').toString('base64');
const longText = fc.constantFrom('', 'x', 'ü'.repeat(1_900_000), '\u0001'.repeat(600_000), 'x'.repeat(4_190_000), '"'.repeat(2_090_000));

test('in JSON', async () => {
  const file = fc.record({
    '@odata.type': fc.constant('#microsoft.graph.fileAttachment'),
    name: fc.string({ maxLength: 10 }),
    contentBytes: fc.constantFrom('', 'SGk=', 'S Gk=\n', FILL, `${FILL}\n`),
  });
  const item = fc.constant({
    '@odata.type': '#microsoft.graph.itemAttachment',
    name: 'i',
    item: { '@odata.type': '#microsoft.graph.message' },
  });
  const message = fc.record(
    {
      subject: fc.string({ maxLength: 20 }),
      body: fc.record({ contentType: fc.constantFrom('text', 'html'), content: longText }),
      toRecipients: fc.constant([{ emailAddress: { address: 'bob@example.com' } }]),
      attachments: fc.array(fc.oneof(file, item), { maxLength: 3 }),
      internetMessageId: fc.constantFrom(null, '<a@contoso.com>', `<${'a'.repeat(980)}@contoso.com>`),
      extensions: fc.array(fc.record({ extensionName: fc.string(), contentBytes: fc.constantFrom('x', FILL) }), { maxLength: 1 }),
    },
    { requiredKeys: ['toRecipients'] },
  );
  const body = fc.oneof(
    message.map((value) => ['sendMail', { message: value }] as const),
    message.map((value) => ['createDraft', value] as const),
    fc
      .tuple(fc.constantFrom('forward', 'createForward'), message)
      .map(([operation, { body: _, ...value }]) => [operation, { message: value, comment: 'c' }] as const),
    fc
      .tuple(fc.constantFrom('reply', 'replyAll', 'createReply', 'createReplyAll'), message)
      .map(([operation, { toRecipients: _, ...value }]) => [operation, { message: value }] as const),
  );
  let taken = 0;
  let drafts = 0;
  await fc.assert(
    fc.asyncProperty(body, async ([operation, value]) => {
      if (!(await submitted(operation, 'json', Buffer.from(JSON.stringify(value))))) return;
      taken++;
      if (isDraftOnly(operation)) drafts++;
    }),
    { seed: 20_261_204, ...RUNS },
  );
  expect(taken).toBeGreaterThan(12);
  expect(drafts).toBeGreaterThan(6);
}, 120_000);

test('in MIME', async () => {
  const large = attached('application/pdf', 'large.pdf', FILL, 'Content-Transfer-Encoding: base64');
  const leaves = fc.constantFrom<Part>(
    leaf('text/plain', 'Text'),
    leaf('text/html; charset=utf-16', 'x'.repeat(2_600_000)),
    leaf('text/plain; charset=iso-8859-1', '=FF'.repeat(1_300_000), 'Content-Transfer-Encoding: quoted-printable'),
    leaf('text/html', '<img src="cid:a">'),
    leaf('image/png', 'SGk=', 'Content-ID: <a>'),
    leaf('text/calendar', 'BEGIN'),
    leaf('multipart/mixed', 'no parts'),
    { header: ['damaged'], body: 'x' },
    attached('a/b', 'a', '=zz', 'Content-Transfer-Encoding: quoted-printable'),
  );
  const subtypes = fc.constantFrom('mixed', 'related', 'alternative', 'signed');
  const part = fc.letrec<{ part: Part; multi: Part }>((tie) => ({
    part: fc.oneof({ maxDepth: 2 }, leaves, tie('multi')),
    multi: fc
      .tuple(subtypes, fc.array(tie('part'), { minLength: 1, maxLength: 3 }))
      .map(([subtype, parts]) => multipart(subtype, ...parts)),
  })).part;
  const headers = fc.array(
    fc.constantFrom(
      'X-A: b',
      'Subject: =?utf-8?B?R3LDvMOf?=',
      `X-Long: ${'a'.repeat(100_000)}`,
      'Message-ID: <a@contoso.com>',
      'References: <b@c>',
    ),
    { maxLength: 3 },
  );
  const operations = fc.constantFrom(...OPERATIONS.filter((operation) => operation !== 'send'));
  const taken = { small: 0, takenApart: 0, drafts: 0 };
  await fc.assert(
    fc.asyncProperty(operations, part, headers, fc.boolean(), async (operation, root, more, isLarge) => {
      const mime = mimeOf(isLarge ? multipart('mixed', root, large) : root, ...more);
      const body = Buffer.from(mime.toString('base64'));
      if (!(await submitted(operation, 'mime', body))) return;
      taken[body.length > MAXIMUM_CONTENT_BYTES ? 'takenApart' : 'small']++;
      if (isDraftOnly(operation)) taken.drafts++;
    }),
    { seed: 20_261_205, numRuns: 40 },
  );
  for (const [kind, count] of Object.entries(taken)) expect([kind, count > 3]).toEqual([kind, true]);
}, 300_000);
