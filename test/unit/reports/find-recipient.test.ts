// Each report finds its recipient, however mail systems write the address; another recipient is open too, so nothing can be guessed.
import { describe, expect, test } from 'vitest';
import { recipientReports } from '../../../shared/domain/reconcile/report-events.ts';
import { parseReport } from '../../../shared/domain/reports/parse-report.ts';
import { bytes, dsn, mdn } from './mails.ts';

const OTHER = 'other@example.org';

async function bookedOn(mime: Uint8Array, ...addresses: string[]): Promise<(string | undefined)[]> {
  const recipients = [OTHER, ...addresses].map((address) => ({ address, type: 'to' as const }));
  return recipientReports(await parseReport(mime), recipients, 'mail', '2026-01-15T09:00:00.000Z').map(({ address }) => address);
}

const FIELDS: readonly (readonly [recipient: string, field: string])[] = [
  // Local parts with needless quotes, without those that they need, and with characters that look like quotes.
  ["o'neil@example.com", "rfc822; o'neil@example.com"],
  ["o'neil@example.com", `rfc822;"o'neil"@example.com`],
  ["o'neil@example.com", "rfc822;O'NEIL@EXAMPLE.COM"],
  ["'tis@example.com", "rfc822;'tis@example.com"],
  ["bob'@example.com", "rfc822;bob'@example.com"],
  ["'bob'@example.com", "rfc822;'bob'@example.com"],
  ['bob@example.com', "rfc822;'bob@example.com'"],
  ['bob@example.com', 'rfc822;"bob"@example.com'],
  ['bob@example.com', 'rfc822;"bob@example.com"'],
  ['"ryan."@example.com', 'rfc822;"ryan."@example.com'],
  ['"ryan."@example.com', 'rfc822;ryan.@example.com'],
  ['ryan.@example.com', 'rfc822;"ryan."@example.com'],
  ['a..b@example.com', 'rfc822;"a..b"@example.com'],
  ['"john doe"@example.com', 'rfc822;"john doe"@example.com'],
  ['"john doe"@example.com', 'rfc822; "john\\ doe"@example.com'],
  ['"john doe"@example.com', 'rfc822;john doe@example.com'],
  ['"john doe"@example.com', 'rfc822;<john doe@example.com>'],
  ['"a\\"b"@example.com', 'rfc822;"a\\"b"@example.com'],
  ['"a\\\\b"@example.com', 'rfc822;"a\\\\b"@example.com'],
  ['"a@b"@example.com', 'rfc822;"a@b"@example.com'],
  ['"a@b"@example.com', 'rfc822;<"a@b"@example.com>'],
  ['"a@b"@example.com', 'rfc822;a@b@example.com'],
  ['"a(b)c"@example.com', 'rfc822;"a(b)c"@example.com'],
  ['"a(b)c"@example.com', 'rfc822;<"a(b)c"@example.com> (full)'],
  ['"a<b>c"@example.com', 'rfc822;"a<b>c"@example.com'],
  ['"a<b>c"@example.com', 'rfc822;<"a<b>c"@example.com>'],
  ['"a;b"@example.com', 'rfc822;"a;b"@example.com'],
  ['"a;b"@example.com', '"a;b"@example.com'],
  ['"a,b"@example.com', 'rfc822;"a,b"@example.com'],
  ['"a:b"@example.com', 'rfc822;"a:b"@example.com'],
  ['"x{41}"@example.com', 'rfc822;"x{41}"@example.com'],
  ['a+b=c/d@example.com', 'rfc822;a+b=c/d@example.com'],
  ['a+b=c/d@example.com', 'rfc822;a+2Bb+3Dc/d@example.com'],
  ['a+b=c/d@example.com', 'rfc822;A+2bB+3dC/D@EXAMPLE.COM'],
  ['a+2bc@example.com', 'rfc822;a+2bc@example.com'],
  ['a+2bc@example.com', 'rfc822;a+2B2bc@example.com'],
  ['#ext#$%&*!?^`{|}~@example.com', 'rfc822;#ext#$%&*!?^`{|}~@example.com'],

  // Comments, names, angle brackets, types.
  ['bob@example.com', 'rfc822; bob@example.com (mailbox (really) full)'],
  ['bob@example.com', 'rfc822;(the user) bob@example.com'],
  ['bob@example.com', 'rfc822;bob(x)@example.com'],
  ['bob@example.com', 'rfc822;bob@(x)example.com'],
  ['bob@example.com', 'rfc822; bob @ example.com'],
  ['bob@example.com', 'rfc822;bob@example.com (not other@example.org)'],
  ['bob@example.com', 'rfc822;<bob@example.com>'],
  ['bob@example.com', 'rfc822;< bob@example.com >'],
  ['bob@example.com', 'rfc822;<<bob@example.com>>'],
  ['bob@example.com', 'rfc822;"Bob, (the) <Builder>" <bob@example.com>'],
  ['bob@example.com', "rfc822;'Bob O'Neil' <bob@example.com>"],
  ['bob@example.com', "rfc822;Bob O'Neil <bob@example.com>"],
  ['bob@example.com', 'rfc822;other@example.org <bob@example.com>'],
  ['bob@example.com', 'rfc822;=?utf-8?Q?Bob_B=C3=BCrger?= <bob@example.com>'],
  ['bob@example.com', '=?utf-8?Q?rfc822=3Bbob=40example=2Ecom?='],
  ['bob@example.com', 'rfc822;=?utf-8?B?Ym9iQGV4YW1wbGUuY29t?='],
  ['bob@example.com', 'RFC822 ;bob@example.com'],
  ['bob@example.com', '(x) rfc822; bob@example.com'],
  ['bob@example.com', 'rfc822 (internet); bob@example.com'],
  ['bob@example.com', '<rfc822;bob@example.com>'],
  ['bob@example.com', 'rfc822;rfc822;bob@example.com'],
  ['bob@example.com', 'rfc822:bob@example.com'],
  ['bob@example.com', 'smtp;bob@example.com'],
  ['bob@example.com', 'rfc822;SMTP:bob@example.com'],
  ['bob@example.com', 'unknown;bob@example.com'],
  ['bob@example.com', 'x-local;bob@example.com'],
  ['bob@example.com', 'rfc822;mailto:Bob@Example.com'],
  ['bob@example.com', 'bob@example.com'],
  ['bob@example.com', 'rfc822;bob@example.com.'],
  ['bob@example.com', 'rfc822;bob@example.com;'],
  ['bob@example.com', 'rfc822;bob@example.com,'],
  ['bob@example.com', 'rfc822;bob@example.com:'],
  ['bob@example.com', 'rfc822;@relay.example.net:bob@example.com'],
  ['bob@example.com', 'rfc822;<@a.example.net,@b.example.net:bob@example.com>'],
  ['bob@example.com', 'rfc822;\n bob@example.com'],
  ['bob@example.com', 'rfc822;bob@\n example.com'],
  ['bob@[192.0.2.1]', 'rfc822;bob@[192.0.2.1]'],
  ['bob@[ipv6:2001:db8::1]', 'rfc822;bob@[IPv6:2001:DB8::1]'],
  ["o'neil@example.com", 'rfc822;IMCEAINVALID-o+27neil+40example+2Ecom@contoso.com'],
  ['bob@example.com', 'rfc822;IMCEASMTP-bob+40example+2Ecom@contoso.com'],
  ['a_b@example.com', 'rfc822;IMCEAINVALID-a+5Fb+40example+2Ecom@contoso.com'],

  // International addresses, RFC 6533.
  ['bob@bücher.example', 'rfc822;bob@xn--bcher-kva.example'],
  ['bob@xn--bcher-kva.example', 'utf-8;bob@bücher.example'],
  ['bob@BÜCHER.example', 'rfc822;BOB@XN--BCHER-KVA.EXAMPLE'],
  ['bob@bücher.example', 'utf-8;bob@b\\x{FC}cher.example'],
  ['bob@bücher.example', 'utf-8; bob@bu\u0308cher.example'],
  ['bob@bücher.example', 'utf-8;bob@b\\x{fc}cher\uFF0Eexample'],
  ['bob@straße.example', 'rfc822;bob@xn--strae-oqa.example'],
  ['用户@例え.example', 'utf-8;用户@例え.example'],
  ['用户@例え.example', 'utf-8;\\x{7528}\\x{6237}@\\x{4F8B}\\x{3048}.example'],
  ['用户@例え.example', 'utf-8;\\x{7528}\\x{6237}@xn--r8jz45g.example'],
  ['jösé@example.com', 'utf-8;j\\x{F6}s\\x{E9}@example.com'],
  ['jösé@example.com', 'utf-8;jo\u0308se\u0301@example.com'],
  ['jösé@example.com', 'UTF-8; J\\x{D6}S\\x{C9}@EXAMPLE.COM'],
  ['jösé@example.com', 'utf-8;<j\\x{F6}s\\x{E9}@example.com>'],
  ['jösé@example.com', 'utf-8;"jösé"@example.com'],
  ['jösé@example.com', 'rfc822;=?iso-8859-1?Q?j=F6s=E9=40example=2Ecom?='],
  ['jösé@example.com', '=?utf-8?B?dXRmLTg7asO2c8OpQGV4YW1wbGUuY29t?='],
  ['😀@example.com', 'utf-8;\\x{1F600}@example.com'],
  ['a+b@例え.example', 'utf-8;a\\x{2B}b@\\x{4F8B}\\x{3048}.example'],
  ['a\\x{e9}@example.com', 'utf-8;a\\x{5C}x{e9}@example.com'],
  ['"a b"@例え.example', 'utf-8;"a\\x{20}b"@\\x{4F8B}\\x{3048}.example'],
  ['"a<b"@例え.example', 'utf-8;"a\\x{3C}b"@\\x{4F8B}\\x{3048}.example'],
  ['"a(b"@例え.example', 'utf-8;a\\x{28}b@\\x{4F8B}\\x{3048}.example'],
];

describe('a field of a status part', () => {
  test.each(FIELDS)('%s is meant by %j', async (recipient, field) => {
    const status = (name: string) => `Reporting-MTA: dns;x\n\n${name}: ${field}\nAction: failed\nStatus: 5.1.1\n`;
    expect(await bookedOn(dsn(status('Final-Recipient')), recipient)).toEqual([recipient]);
    const rewritten = `${status('Original-Recipient')}Final-Recipient: rfc822;rewritten@example.net\n`;
    expect(await bookedOn(dsn(rewritten), recipient)).toEqual([recipient]);
    expect(await bookedOn(mdn(`Final-Recipient: ${field}\nDisposition: manual-action/x; displayed\n`), recipient)).toEqual([recipient]);
  });
});

describe('never the wrong one', () => {
  test.each([
    ['"a b"@example.com', 'ab@example.com', 'rfc822;"a b"@example.com'],
    ['bob@example.com', 'bob@example.com.evil.example', 'rfc822;bob@example.com'],
    ["'bob@example.com", 'bob@example.com', "rfc822;'bob@example.com"],
    ['"bob@example.com"@x.example', 'bob@example.com', 'rfc822;"bob@example.com"@x.example'],
    ['"<bob@example.com>"@x.example', 'bob@example.com', 'rfc822;"<bob@example.com>"@x.example'],
  ])('%s and not %s is meant by %j', async (meant, alike, field) => {
    const mime = dsn(`Reporting-MTA: dns;x\n\nFinal-Recipient: ${field}\nAction: failed\nStatus: 5.1.1\n`);
    expect(await bookedOn(mime, alike, meant)).toEqual([meant]);
    expect(await bookedOn(mime, meant, alike)).toEqual([meant]);
    expect(await bookedOn(mime, alike)).not.toEqual([alike]);
  });
});

test('an address that is one of the recipients as it is written is not read in another way', async () => {
  const mime = dsn('Reporting-MTA: dns;x\n\nFinal-Recipient: rfc822;bob+2b@example.com\nAction: failed\nStatus: 5.1.1\n');
  expect(await bookedOn(mime, 'bob+@example.com', 'bob+2b@example.com')).toEqual(['bob+2b@example.com']);
});

describe('a bounce without fields', () => {
  const bounce = (text: string, headers = '') =>
    bytes(
      `From: MAILER-DAEMON@mx.example.com\nTo: sender@contoso.com\nSubject: failure notice\n${headers}Content-Type: text/plain; charset=utf-8\n\n${text}\n`,
    );
  const QMAIL = (address: string) =>
    `Hi. This is the qmail-send program at mx.example.com.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<${address}>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 user unknown\n`;

  test.each([
    ["o'neil@example.com", "o'neil@example.com"],
    ['"john doe"@example.com', '"john doe"@example.com'],
    ['"ryan."@example.com', 'ryan.@example.com'],
    ['"a@b"@example.com', '"a@b"@example.com'],
    ['"a\\"b"@example.com', '"a\\"b"@example.com'],
    ['bob@bücher.example', 'bob@xn--bcher-kva.example'],
    ['bob@xn--bcher-kva.example', 'bob@bücher.example'],
    ['用户@例え.example', '用户@例え.example'],
    ['a+b=c/d@example.com', 'A+b=C/d@EXAMPLE.com'],
  ])('%s is meant by <%s>', async (recipient, written) => {
    expect(await bookedOn(bounce(QMAIL(written)), recipient)).toEqual([recipient]);
    const exim =
      'This message was created automatically by mail delivery software.\nA message that you sent could not be delivered to one or more of its recipients.\n';
    expect(await bookedOn(bounce(exim, `X-Failed-Recipients: ${written}\n`), recipient)).toEqual([recipient]);
  });
});
