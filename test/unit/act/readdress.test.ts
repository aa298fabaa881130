// A mail gets other recipients: nobody else is named in it afterwards, and nothing else of it changes.
import { describe, expect, test } from 'vitest';
import { readdress } from '../../../shared/domain/act/readdress.ts';
import type { Recipient } from '../../../shared/domain/log/send-request.ts';
import type { Operation } from '../../../shared/domain/operations.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array) => new TextDecoder().decode(content);
const entry = (address: string, name?: string) => ({ emailAddress: { address, ...(name !== undefined && { name }) } });

const ADA: Recipient = { address: 'ada@example.org', type: 'to', replaces: 'aad@example.com' };
const BOB: Recipient = { address: 'bob@example.com', type: 'cc' };
const EVE: Recipient = { address: 'eve@example.com', type: 'bcc' };

function inJson(body: object, recipients: Recipient[], operation: Operation = 'sendMail') {
  const readdressed = readdress(operation, 'json', bytes(JSON.stringify(body)), recipients);
  return readdressed.ok ? (JSON.parse(text(readdressed.value)) as unknown) : readdressed.problem;
}
function inMime(mime: string, recipients: Recipient[]) {
  const readdressed = readdress('sendMail', 'mime', bytes(mime), recipients);
  return readdressed.ok ? text(readdressed.value) : readdressed.problem;
}

describe('in JSON', () => {
  const message = {
    subject: 'Invoice',
    toRecipients: [entry('Aad@example.com', 'Ada'), entry('other@example.com')],
    ccRecipients: [entry('bob@example.com', 'Bob')],
    bccRecipients: [entry('secret@example.com')],
  };

  test('the lists are those of the resend; names stay', () => {
    expect(inJson({ message }, [ADA, BOB])).toEqual({
      message: { subject: 'Invoice', toRecipients: [entry(ADA.address, 'Ada')], ccRecipients: [entry(BOB.address, 'Bob')] },
    });
    expect(inJson(message, [EVE], 'createDraft')).toEqual({ subject: 'Invoice', bccRecipients: [entry(EVE.address)] });
  });

  test('a forward keeps its recipients where they were', () => {
    expect(inJson({ comment: 'See', toRecipients: [entry('aad@example.com')] }, [ADA, BOB], 'forward')).toEqual({
      comment: 'See',
      toRecipients: [entry(ADA.address)],
      ccRecipients: [entry(BOB.address)],
    });
    expect(inJson({ toRecipients: [entry('aad@example.com')], message: { subject: 'x' } }, [ADA, BOB], 'forward')).toEqual({
      toRecipients: [entry(ADA.address)],
      message: { subject: 'x', ccRecipients: [entry(BOB.address)] },
    });
  });

  test('a forward without a recipient in To is refused, as Graph would refuse it', () => {
    expect(inJson({ toRecipients: [] }, [BOB], 'forward')).toMatchObject({
      status: 409,
      message: expect.stringContaining('recipient in To'),
    });
  });

  test('what is no JSON is refused', () => {
    expect(readdress('sendMail', 'json', bytes('{'), [BOB])).toMatchObject({ ok: false });
  });
});

test.each(['reply', 'replyAll', 'send'] as const)('%s is refused: Exchange chooses its recipients', (operation) => {
  expect(readdress(operation, 'mime', bytes('To: a@example.com\r\n\r\nx'), [BOB])).toMatchObject({ ok: false, problem: { status: 409 } });
});

describe('in MIME', () => {
  test('the fields are those of the resend, and no other byte changes', () => {
    const rest = 'Subject: Invoice\r\nX-Own: 1\r\n\r\nTo: in the body\r\n';
    expect(inMime(`To: "Ada" <aad@example.com>,\r\n other@example.com\r\nBcc: secret@example.com\r\n${rest}`, [ADA, BOB])).toBe(
      `To: "Ada" <ada@example.org>\r\nCc: bob@example.com\r\n${rest}`,
    );
  });

  test.each([
    ['no header', 'no header'],
    ['a field that cannot be read', 'To: a@b@c\r\n\r\nx'],
    [
      'a part that cannot be read',
      `Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain\r\n${'X: y\r\n'.repeat(60_000)}\r\n\r\nx`,
    ],
  ])('with %s is refused', (_, mime) => {
    expect(inMime(mime, [BOB])).toMatchObject({ status: 400 });
  });

  const SIGNED = [
    'multipart/signed; boundary=b',
    'application/pkcs7-mime; smime-type=signed-data',
    'application/x-pkcs7-mime; smime-type="Certs-Only"',
  ];
  const ENCRYPTED = [
    'multipart/encrypted; boundary=b',
    'application/pkcs7-mime; smime-type=enveloped-data',
    'application/pkcs7-mime; smime-type=authEnveloped-data',
    'application/x-pkcs7-mime',
  ];
  const mail = (type: string) => `To: aad@example.com\r\nCc: bob@example.com\r\nContent-Type: ${type}\r\n\r\nx`;

  test.each(SIGNED)('what is signed (%s) goes to a corrected address: its header is not signed', (type) => {
    expect(inMime(mail(type), [ADA])).toBe(`To: ada@example.org\r\nContent-Type: ${type}\r\n\r\nx`);
  });

  test.each(ENCRYPTED)('what is encrypted (%s) goes to its own recipients only', (type) => {
    expect(inMime(mail(type), [ADA])).toMatchObject({ status: 409, message: expect.stringContaining('another address could not read it') });
    expect(inMime(mail(type), [BOB])).toContain('Cc: bob@example.com\r\nContent-Type');
  });

  test('a part that is encrypted counts, too', () => {
    const parts = `multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pkcs7-mime\r\n\r\nx\r\n--b--\r\n`;
    expect(inMime(mail(parts), [ADA])).toMatchObject({ status: 409 });
  });
});
