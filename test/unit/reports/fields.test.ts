// The small readers that the parsers share: fields, addresses, ids, codes, HTML.

import { describe, expect, test } from 'vitest';
import { addressIn, readRecipientField } from '../../../shared/domain/address/reported-address.ts';
import { findEnhancedStatusCode, findReplyStatusCode } from '../../../shared/domain/reports/enhanced-status-code.ts';
import { fieldValue, readFieldGroups } from '../../../shared/domain/reports/header-fields.ts';
import { htmlToText } from '../../../shared/domain/reports/html-text.ts';
import { MAXIMUM_VALUE } from '../../../shared/domain/reports/limits.ts';
import { readMessageIds } from '../../../shared/domain/reports/message-id.ts';
import { readOriginalMessage } from '../../../shared/domain/reports/original-message.ts';
import { actionOf, kindOf } from '../../../shared/domain/reports/report-kind.ts';

describe('fields', () => {
  test('are unfolded, grouped by blank lines, and named in lower case', () => {
    expect(readFieldGroups(' lost\nA: 1\n  2\nnot a field\n\nB : 3\n\n\n')).toEqual([
      [{ name: 'a', value: '1 2' }],
      [{ name: 'b', value: '3' }],
    ]);
  });

  test('have bounded values', () => {
    const folded = `A: x\n${' y\n'.repeat(MAXIMUM_VALUE)}`;
    expect(readFieldGroups(folded)[0]![0]!.value.length).toBeLessThanOrEqual(MAXIMUM_VALUE);
  });

  test('an empty value is no value', () => {
    expect(fieldValue([{ name: 'a', value: '' }], 'a')).toBeUndefined();
  });
});

test.each([
  ['rfc822; Bob@Example.com', 'bob@example.com'],
  ['rfc822;<bob@example.com>', 'bob@example.com'],
  ['rfc/822;bob@example.com', 'bob@example.com'],
  ['rfc822; "bob b"@example.com', '"bob b"@example.com'],
  ["rfc822; o'neil@example.com", "o'neil@example.com"],
  ['rfc822; "ryan."@example.com', '"ryan."@example.com'],
  ['rfc822; ryan.@example.com', '"ryan."@example.com'],
  ['rfc822; "needless"@example.com', 'needless@example.com'],
  ["'bob@example.com'", 'bob@example.com'],
  ['"bob@example.com"', 'bob@example.com'],
  ['rfc822; (a (b) <x@y.z>) bob@example.com (c)', 'bob@example.com'],
  ['rfc822; "a(b\\"c"@example.com', '"a(b\\"c"@example.com'],
  ['utf-8; \\x{67}r\\x{FC}n@b\\x{FC}cher.example', 'gr\u00fcn@xn--bcher-kva.example'],
  ['rfc822; bob@B\u00dcCHER.example.', 'bob@xn--bcher-kva.example'],
  ['rfc822; (unclosed \\) x', '(unclosed \\) x'],
  ['x400; /rfc-822=bob(a)example.com/c=ww/', '/rfc-822=bob(a)example.com/c=ww/'],
  ['rfc822; bob@example.com (Bob)', 'bob@example.com'],
  ['bob@example.com>', 'bob@example.com'],
  ['utf-8; \\x{4E2D}@example.com', '中@example.com'],
  ['utf-8; \\x{FFFFFF}@example.com', '"\\\\x{ffffff}"@example.com'],
  ['X400; /G=Bob/C=WW/', '/g=bob/c=ww/'],
  ['mailto:bob@example.com', 'bob@example.com'],
  ['rfc822;', undefined],
])('the recipient field %s is %s', (value, address) => {
  expect(readRecipientField(value)).toBe(address);
});

test('a display name is not part of an address', () => {
  expect(addressIn('Bob <bob@example.com>')).toBe('bob@example.com');
});

test.each([
  ['<a@b> <c@d> <a@b>', ['<a@b>', '<c@d>']],
  ['<a\n @b>', ['<a@b>']],
  [' a@b ', ['<a@b>']],
  ['not an id', []],
  [undefined, []],
])('the Message-IDs in %s', (value, ids) => {
  expect(readMessageIds(value)).toEqual(ids);
});

test.each([
  ['5.1.1 (unknown)', '5.1.1'],
  ['5.01.1', '5.1.1'],
  ['192.5.1.1 or 5.1.1.2', undefined],
  ['', undefined],
])('the enhanced status code in "%s" is %s', (text, code) => {
  expect(findEnhancedStatusCode(text)).toBe(code);
});

test.each([
  ['DSN 5.0.350, then 550 5.1.1 unknown', false, '5.1.1'],
  ['no mailbox (#5.1.1)', false, '5.1.1'],
  ['ERROR :5.2.2 full', false, '5.2.2'],
  ['250 2.1.5 OK', false, undefined],
  ['550 5.1.1, 250 2.1.5 OK', true, '2.1.5'],
  ['code 2.6.0', true, '2.6.0'],
])('the code of the answer in "%s" (success: %s) is %s', (text, success, code) => {
  expect(findReplyStatusCode(text, success)).toBe(code);
});

test.each([
  ['<p>a</p><p>b<br>c</p>', '\na\n\nb\nc\n'],
  ['a <b>b</b>\n c', 'a b c'],
  ['a\nb<pre>c\nd</pre>e\nf', 'a b\nc\nd\ne f'],
  ['<style>x { }</style>a<script>y</script>', 'a'],
  ['a<style>lost', 'a'],
  ['a<lost', 'a'],
  ['&lt;a&gt; &amp; &quot;&apos;&nbsp;&#65;&unknown;&#9999999;', '<a> & "\' A&unknown;&#9999999;'],
  ['', ''],
])('HTML %j is the text %j', (html, text) => {
  expect(htmlToText(html)).toBe(text);
});

test('the returned original tells its ids from its own headers only', () => {
  const original =
    '\nFrom: a@contoso.com\nTo: b@example.com\nSubject: x\nMessage-ID: <1@contoso.com>\nX-Send-Request-Id: 01J\n\nMessage-ID: <2@contoso.com>\n';
  expect(readOriginalMessage(original)).toEqual({
    from: 'a@contoso.com',
    to: 'b@example.com',
    subject: 'x',
    messageId: '<1@contoso.com>',
    sendRequestHeader: '01J',
  });
  expect(readOriginalMessage('')).toEqual({});
});

test('the kind and the action of a report are two sides of one thing', () => {
  expect(
    kindOf([
      { address: 'a', action: 'delivered' },
      { address: 'b', action: 'relayed' },
    ]),
  ).toBe('relayed');
  expect(kindOf([{ address: 'a' }])).toBe('ndr');
  expect(actionOf('delay')).toBe('delayed');
  expect(actionOf('mdn')).toBeUndefined();
});
