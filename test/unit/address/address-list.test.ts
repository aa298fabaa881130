// Address fields of MIME: what is read, and what is refused because another reader could see other addresses in it.
import { describe, expect, test } from 'vitest';
import { headerAddress, isAddress, sameAddress, searchKeys } from '../../../shared/domain/address/address.ts';
import { type FieldSyntax, readAddresses } from '../../../shared/domain/address/address-list.ts';
import { asciiDomain, unicodeDomain } from '../../../shared/domain/address/domain-name.ts';
import { addressIn, withoutXtext } from '../../../shared/domain/address/reported-address.ts';

function read(text: string, syntax: FieldSyntax = 'addresses'): string[] {
  const result = readAddresses(text, syntax);
  return result.ok ? result.mailboxes.map(({ name, address }) => (name ? `${name} <${address}>` : address)) : [`refused: ${result.why}`];
}

test.each([
  ['', []],
  ['a@b.example', ['a@b.example']],
  [' <a@b.example>\t', ['a@b.example']],
  ['"Last, First" <a@b.example>, c@d.example (C (see (D)))', ['"Last, First" <a@b.example>', 'c@d.example']],
  ['J. R. Smith <a@b.example>', ['"J." "R." Smith <a@b.example>']],
  ['Gr\u00fc\u00dfe \ud83d\ude00 <a@ex\u00e4mple.com>', ['Gr\u00fc\u00dfe \ud83d\ude00 <a@ex\u00e4mple.com>']],
  ['=?utf-8?Q?Dr._A?= "q\\"x" <a@b.example>', ['=?utf-8?Q?Dr._A?= "q\\"x" <a@b.example>']],
  ['"needless"@b.example, "a b"@b.example, "two..dots"@b.example', ['needless@b.example', '"a b"@b.example', '"two..dots"@b.example']],
  ['team: a@b.example, <c@d.example>;, nobody:;', ['a@b.example', 'c@d.example']],
  ['a@[192.0.2.1]', ['a@[192.0.2.1]']],
])('%j is read as %j', (text, expected) => {
  expect(read(text)).toEqual(expected);
});

test.each([
  '(a (b) <sender@contoso.com>) ceo@contoso.com',
  'ceo @contoso.com',
  'ceo@ contoso.com',
  'ceo(x)@contoso.com',
  '<ceo@contoso.com (x)>',
  '< ceo@contoso.com>',
  '<@x:ceo@contoso.com>',
  '<a@b.example> <c@d.example>',
  'a@b.example c@d.example',
  'a@b.example,,c@d.example',
  'a@b.example,',
  'Ada',
  '(nobody)',
  '<Ada>',
  '.Ada <a@b.example>',
  'a..b@c.example',
  '.a@c.example',
  '"a".b@c.example',
  '""@c.example',
  '" a"@c.example',
  'a@b@c.example',
  'a@b..example',
  'a@[192.0.2.1',
  'team: a@b.example',
  'a: b: c@d.example;;',
  ': a@b.example;',
  'a@b.example;',
  '(open a@b.example',
  '"open a@b.example',
  '"open\\',
  '"a\u0001" <a@b.example>',
  'a\u00a0\u0085@b.example',
  'a\ud800@b.example',
  ') a@b.example',
  "'a@b.example' <c@d.example>",
  `${'x'.repeat(70)}@b.example`,
])('%j is refused', (text) => {
  expect(read(text)[0]).toMatch(/^refused: ./);
});

test('From is one mailbox or more, Sender one, and neither is a group or nobody', () => {
  expect(read('a@b.example, c@d.example', 'mailboxes')).toHaveLength(2);
  for (const text of ['', 'team: a@b.example;']) expect(read(text, 'mailboxes')[0]).toMatch(/^refused/);
  for (const text of ['', 'a@b.example, c@d.example']) expect(read(text, 'mailbox')[0]).toMatch(/^refused/);
});

test('long fields take time in proportion to their length, whatever they are made of', () => {
  const time = (text: string): number => {
    const start = performance.now();
    read(text);
    return performance.now() - start;
  };
  for (const part of ['(', '"', 'a ', 'a:', '<', '\\', 'a@b.c,', '((', '.', '"a" ', '=?', '(\\']) {
    time(part.repeat(10_000));
    const [short, long] = [10_000, 80_000].map((count) => Math.min(...[1, 2, 3].map(() => time(part.repeat(count))))) as [number, number];
    expect(long).toBeLessThan(50 * short + 500);
  }
});

describe('two addresses', () => {
  test.each([
    ['"ryan."@example.com', 'ryan.@example.com'],
    ['"bob"@example.com', 'BOB@EXAMPLE.com'],
    ['"b\\ob"@example.com', 'bob@example.com'],
    [' <bob@example.com> ', 'bob@example.com'],
    ['bob@ex\u00e4mple.com', 'bob@XN--EXMPLE-CUA.com'],
    ['bob@example.com.', 'bob@example.com'],
    ['ju\u0308rgen@example.com', 'j\u00fcrgen@example.com'],
    ['/O=Org/CN=Bob', '/o=org/cn=bob'],
    ['bob b@example.com', '"bob b"@example.com'],
  ])('%s and %s are the same', (a, b) => {
    expect(sameAddress(a, b)).toBe(true);
  });

  test.each([
    ["o'neil@example.com", 'oneil@example.com'],
    ['bob@example.com', 'bob@example.org'],
    ['a.b@example.com', 'ab@example.com'],
    ['bob+x@example.com', 'bob@example.com'],
    ['', 'bob@example.com'],
  ])('%s and %s are not', (a, b) => {
    expect(sameAddress(a, b)).toBe(false);
  });
});

test('a domain that no resolver can be asked for makes no address', () => {
  for (const text of ['a@\u2460.\u2461', 'a@\u00fc.1', 'a@x\u00ad\u200d.example']) expect(isAddress(text)).toBe(false);
  expect(sameAddress(`${'a'.repeat(400)}@b.example`, `${'A'.repeat(400)}@b.example`)).toBe(true);
});

test('an address is written for a header with the quotes that it needs, and in A-labels where that is enough', () => {
  expect(headerAddress('two..dots@example.com')).toBe('"two..dots"@example.com');
  expect(headerAddress('"needless"@ex\u00e4mple.com')).toBe('needless@xn--exmple-cua.com');
  expect(headerAddress('gr\u00fcn@ex\u00e4mple.com')).toBe('gr\u00fcn@ex\u00e4mple.com');
  expect(headerAddress('a@\u2460.\u2461')).toBe('a@\u2460.\u2461');
});

test('an address is searched under its one key first, then under the spellings that rows from before may have', () => {
  expect(searchKeys('Bob@Example.com')).toEqual(['bob@example.com', '"bob"@example.com']);
  expect(searchKeys('"B\\"c"@EX\u00c4MPLE.com')).toEqual(
    expect.arrayContaining(['"b\\"c"@xn--exmple-cua.com', '"b\\"c"@ex\u00e4mple.com']),
  );
  expect(searchKeys('bob@xn--exmple-cua.com')).toContain('bob@ex\u00e4mple.com');
  expect(searchKeys('/O=Org')).toEqual(['/o=org']);
});

test('xtext is decoded where there is any', () => {
  expect(withoutXtext('bob+2Bnews@example.com')).toBe('bob+news@example.com');
  expect(withoutXtext('bob+news@example.com')).toBeUndefined();
});

test('what is no domain has no spelling in A-labels, and is read as it is', () => {
  expect(asciiDomain('\u00e4 \u00f6')).toBeUndefined();
  expect(unicodeDomain('xn--a')).toBe('xn--a');
});

test('a route that leads to no address is no address', () => {
  expect(addressIn('@relay.example.net:bob')).toBe('bob');
});
