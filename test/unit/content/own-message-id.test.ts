// A caller's own Message-ID is refused if it could be taken for one of ours: a report of another mail would be booked on it, or a copy.
import { describe, expect, test } from 'vitest';
import { decodeMail } from '../../../shared/domain/content/decode-operation.ts';
import { messageIdFor } from '../../../shared/domain/doubt/marks.ts';
import { makeSendRequestId } from '../../../shared/domain/log/send-request-id.ts';
import type { Operation } from '../../../shared/domain/operations.ts';

const ID = makeSendRequestId(1_768_464_000_000, 'sender@contoso.com', new Uint8Array(14).fill(7));
const OURS = messageIdFor(ID, 'sender@contoso.com');
const TO = [{ emailAddress: { address: 'bob@example.com' } }];

const decode = (operation: Operation, format: 'json' | 'mime', body: string) =>
  decodeMail({ operation, format, body: Buffer.from(body), recipientLimit: 10 });
const json = (operation: Operation, body: unknown) => decode(operation, 'json', JSON.stringify(body));
const mime = (...lines: string[]) =>
  decode('sendMail', 'mime', Buffer.from(['To: bob@example.com', ...lines, '', 'x'].join('\r\n')).toString('base64'));

describe('in JSON', () => {
  test.each<[Operation, (message: object) => unknown]>([
    ['sendMail', (message) => ({ message: { toRecipients: TO, ...message } })],
    ['createDraft', (message) => message],
    ['reply', (message) => ({ message })],
    ['createForward', (message) => ({ message })],
  ])('of %s', async (operation, body) => {
    for (const internetMessageId of [OURS, OURS.toUpperCase(), `<${ID}@other.example>`, `<"${ID}"@contoso.com>`]) {
      const decoded = await json(operation, body({ internetMessageId }));
      expect(decoded).toMatchObject({
        ok: false,
        problem: { status: 400, message: expect.stringContaining("internetMessageId' has the form") },
      });
    }
    for (const internetMessageId of ['<4711@contoso.com>', `<x${ID}@contoso.com>`, `<${'l'.repeat(28)}@contoso.com>`])
      expect(await json(operation, body({ internetMessageId }))).toMatchObject({ ok: true, value: { internetMessageId } });
  });

  test('as an extended property, with any value: no caller sets that one', async () => {
    for (const id of ['String 0x1035', 'string 0x00001035', 'String  0X1035'])
      for (const value of [OURS, '<4711@contoso.com>']) {
        const message = { toRecipients: TO, singleValueExtendedProperties: [{ id, value }] };
        expect(await json('sendMail', { message })).toMatchObject({ ok: false, problem: { status: 400 } });
      }
  });
});

describe('in MIME', () => {
  test.each([
    [`Message-ID: ${OURS}`],
    [`message-id:${OURS.toUpperCase()}`],
    [`Message-ID:\r\n ${OURS}`],
    [`Message-ID: (a comment) ${OURS}`],
    [`Message-ID: ${ID}@contoso.com`],
    [`Message-ID: =?utf-8?Q?=3C${ID}=40contoso.com=3E?=`],
    [`Message-ID: <"${ID}"@contoso.com>`],
    [`Message-ID: < ${ID}@contoso.com >`],
    ['Message-ID: <4711@contoso.com>', `Message-ID: ${OURS}`],
  ])('as %s', async (...lines) => {
    expect(await mime(...lines)).toMatchObject({
      ok: false,
      problem: { status: 400, message: expect.stringContaining('Message-ID has the form') },
    });
  });

  test('but not where it names the mail that is answered, or that is attached', async () => {
    expect((await mime(`In-Reply-To: ${OURS}`, `References: ${OURS}`, 'Message-ID: <4711@contoso.com>')).ok).toBe(true);
    expect((await mime('Content-Type: message/rfc822', '', `Message-ID: ${OURS}`, 'Subject: x')).ok).toBe(true);
  });
});
