// Redirected MIME: every recipient field goes, whatever its spelling, not a byte besides changes, and no other reader sees other recipients.
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { redirect } from '../../../shared/domain/accept/redirect.ts';
import { REDIRECT_HEADER } from '../../../shared/domain/accept/redirect-mime.ts';
import { decodeOperation } from '../../../shared/domain/content/decode-operation.ts';
import { takeApart } from '../../../shared/domain/content/take-apart.ts';
import { bytes, decode, RULE, redirected, STRANGERS } from './redirecting.ts';

describe('in MIME', () => {
  const mime = (end: string) =>
    [
      'Received: from x',
      'odd continuation line',
      'From: ada@contoso.com',
      'To: "A, B" <customer@example.com>,',
      ' Ada <ada@contoso.com>',
      'CC:',
      '\tboss@example.org',
      'bcc : eu@mail.contoso.com',
      'X-To: customer@example.com',
      'Subject: Über',
      '',
      'To: body@example.com',
      'Bye',
      '',
    ].join(end);

  test.each(['\r\n', '\n'])('recipient fields are replaced with their continuations, and not a byte besides (%j)', async (end) => {
    const result = redirected('sendMail', 'mime', mime(end));
    const text = Buffer.from(result.content).toString();
    expect(text).toBe(
      [
        `${REDIRECT_HEADER}: ${STRANGERS.join(', ')}`,
        'To: Ada <ada@contoso.com>,',
        ' test-mail@contoso.com',
        'Bcc: eu@mail.contoso.com',
        'Received: from x',
        'odd continuation line',
        'From: ada@contoso.com',
        'X-To: customer@example.com',
        'Subject: Über',
        '',
        'To: body@example.com',
        'Bye',
        '',
      ].join(end),
    );
    const parsed = await PostalMime.parse(result.content);
    expect(parsed.to?.map(({ address }) => address)).toEqual(['ada@contoso.com', 'test-mail@contoso.com']);
    expect(parsed.cc).toBeUndefined();
  });

  test('no spelling of a recipient field is overlooked', () => {
    const hidden = [
      `To${' '.repeat(200)}: customer@example.com`,
      'tO\t:boss@example.org',
      'Resent-To: customer@example.com',
      'RESENT-CC: boss@example.org',
      'X-Redirected-From: nobody@example.com',
      'Resent-Bcc: boss@example.org',
      `X-${'a'.repeat(200)}: stays`,
      'To: customer@example.com,',
      ' boss@example.org',
      '',
      '',
    ].join('\r\n');
    const text = Buffer.from(redirected('sendMail', 'mime', hidden).content).toString();
    expect(text.split('\r\n').slice(1)).toEqual(['To: test-mail@contoso.com', `X-${'a'.repeat(200)}: stays`, '', '']);
  });

  test('a carriage return alone, which some take for a line break, is refused at the HTTP API', () => {
    expect(() => decode('sendMail', 'mime', 'Subject: x\rTo: customer@example.com\r\nTo: ada@contoso.com\r\n\r\n')).toThrow(
      'carriage return',
    );
  });

  test('another reader of the same bytes sees no other recipients, however they are spelt', async () => {
    const blank = fc.constantFrom('', ' ', '\t', '\v', '\f', '\u00a0', '\ufeff', '\0', '\x1f', '\u2028');
    const name = fc.constantFrom('To', 'cc', 'BCC', 'Subject', 'X-To', 'T o', 'To(x)', '');
    const line = fc
      .tuple(blank, name, blank, fc.constantFrom(':', '::', ''), blank, fc.constantFrom('a@example.com', '<b@example.com>,', 'x:', ''))
      .map((parts) => parts.join(''));
    const end = fc.constantFrom('\r\n', '\n', '\r', '\n\r');
    const encoding = fc.constantFrom<BufferEncoding>('utf8', 'latin1');
    let redirectedMails = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(line, end), { maxLength: 6 }), encoding, async (lines, as) => {
        const mail = Buffer.from(`To: c@example.com\r\n${lines.flat().join('')}\r\n\r\nx`, as);
        const decoded = decodeOperation('sendMail', 'mime', bytes(mail.toString('base64')), 500);
        if (!decoded.ok) return;
        const result = redirect('sendMail', 'mime', decoded.value, RULE);
        if (!result.ok) throw new Error(result.problem.message);
        redirectedMails++;
        const { to = [], cc = [], bcc = [] } = await PostalMime.parse(result.value.content as Uint8Array<ArrayBuffer>);
        expect([...to, ...cc, ...bcc].flatMap((one) => one.group ?? [one]).map(({ address }) => address)).toEqual([
          'test-mail@contoso.com',
        ]);
      }),
      { seed: 20_261_121, numRuns: 3_000 },
    );
    expect(redirectedMails).toBeGreaterThan(400);
  });

  test('what is taken apart for the draft route goes to nobody else, and says so first', async () => {
    const headers = ['To: customer@example.com', 'Cc: boss@example.org', ...[1, 2, 3, 4, 5, 6].map((n) => `X-${n}: v`)];
    const { content } = redirected('sendMail', 'mime', [...headers, 'Content-Type: text/plain', '', 'x'].join('\r\n'));
    const apart = await takeApart(content);
    const message = apart.ok ? apart.value.message : apart.problem;
    expect(message).toMatchObject({
      toRecipients: [{ emailAddress: { address: 'test-mail@contoso.com' } }],
      internetMessageHeaders: expect.arrayContaining([{ name: REDIRECT_HEADER, value: STRANGERS.join(', ') }]),
    });
    expect(message).not.toHaveProperty('ccRecipients');
    expect(message).not.toHaveProperty('bccRecipients');
  });

  test('what is signed stays as it was signed', () => {
    const signed = [
      'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary=b',
      '',
      '--b',
      'To: within@example.com',
      '',
      'Signed.',
      '--b--',
      '',
    ].join('\r\n');
    const text = Buffer.from(redirected('sendMail', 'mime', `To: customer@example.com\r\n${signed}`).content).toString();
    expect(text.endsWith(signed)).toBe(true);
  });

  test('a message of nothing but a header, without a last line break, is read to its end', () => {
    expect(Buffer.from(redirected('sendMail', 'mime', 'Subject: x\r\nTo: customer@example.com').content).toString()).toBe(
      `${REDIRECT_HEADER}: customer@example.com\r\nTo: test-mail@contoso.com\r\nSubject: x\r\n`,
    );
    expect(Buffer.from(redirected('sendMail', 'mime', 'To: customer@example.com').content).toString()).toContain('\r\n');
  });
});
