// What can be a mail address, and what never can.
import { describe, expect, test } from 'vitest';
import { isAddress } from '../../../shared/domain/address/address.ts';
import { hasControlCharacter, printable } from '../../../shared/domain/content/addresses.ts';

describe('an address', () => {
  test.each([
    'a@example.com',
    'first.last+tag@sub.example.com',
    "o'brien@example.com",
    'two..dots@example.com',
    'user@localhost',
    '"a quoted local part"@example.com',
    '"an \\" escape"@example.com',
    'user@[192.0.2.1]',
    'grüße@exämple.com',
    '用户@例子.example',
    `${'a'.repeat(64)}@example.com`,
  ])('can be %s', (address) => {
    expect(isAddress(address)).toBe(true);
  });

  test.each([
    '',
    'a',
    '@example.com',
    'a@',
    'a@b@example.com',
    'a b@example.com',
    'a@exa mple.com',
    'a@.example.com',
    'a@example.com.',
    'a@example..com',
    'a@exa!mple.com',
    '<a@example.com>',
    'a@example.com, b@example.com',
    'a\r\nBcc: b@example.com',
    'a\u0000@example.com',
    'a\ud800@example.com',
    '"a"b@example.com',
    '"unclosed@example.com',
    '/o=ExchangeLabs/ou=Group/cn=Recipients/cn=a',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(319)}`,
  ])('cannot be %j', (address) => {
    expect(isAddress(address)).toBe(false);
  });

  test('is told apart in one pass, however it is made', () => {
    for (const part of ['"', '\\', '.', 'a.', '"\\', '@', '[']) {
      expect(isAddress(part.repeat(300).slice(0, 300))).toBe(false);
      expect(isAddress(part.repeat(1_000_000))).toBe(false);
    }
  }, 20_000);
});

test('control characters are found, tabs are none', () => {
  for (const text of ['a\rb', 'a\nb', '\0', '\u007f', '\u0085']) expect(hasControlCharacter(text)).toBe(true);
  for (const text of ['', 'a\tb', 'ä 日本 😀']) expect(hasControlCharacter(text)).toBe(false);
});

test('a text of the caller is repeated in ASCII and not at length', () => {
  expect(printable('a\nü')).toBe('a??');
  expect(printable('x'.repeat(500))).toHaveLength(100);
  expect(printable('x'.repeat(500), 7)).toBe('xxxxxxx');
});
