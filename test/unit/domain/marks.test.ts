// The marks by which a mail is found again.

import { expect, test } from 'vitest';
import { idOfMessageId, looksLikeOurs, messageIdFor, normaliseMessageId } from '../../../shared/domain/doubt/marks.ts';
import { newId } from '../../support/samples.ts';

const id = newId('sender@contoso.com');

test('the Message-ID has the id and the domain of the From', () => {
  expect(messageIdFor(id, 'Sender@Contoso.COM')).toBe(`<${id}@contoso.com>`);
});

test.each([
  ['ada@exämple.com', 'xn--exmple-cua.com'],
  ['jürgen@Bücher.example.com', 'xn--bcher-kva.example.com'],
  ['ada@例え.example.com', 'xn--r8jz45g.example.com'],
  ['ada@[192.0.2.1]', '[192.0.2.1]'],
  ['ada@\u0301\u200d.com', 'localhost.invalid'],
])('of %s is ASCII: %s', (address, domain) => {
  expect(messageIdFor(id, address)).toBe(`<${id}@${domain}>`);
});

test('a mailbox without a domain, such as an object id, gets one that can never exist', () => {
  expect(messageIdFor(id, '0b1c2d3e-0000-4000-8000-000000000000')).toBe(`<${id}@localhost.invalid>`);
});

test('the id is read back from the Message-ID, whatever its case and without brackets too', () => {
  expect(idOfMessageId(`<${id}@contoso.com>`)).toBe(id);
  expect(idOfMessageId(` ${id.toUpperCase()}@contoso.com `)).toBe(id);
});

test.each([
  '<01-4711@contoso.com>',
  '',
  `<${'0'.repeat(28)}>`,
  `<${'0'.repeat(28)}@a@b>`,
  `<${'0'.repeat(29)}@contoso.com>`,
  `<${'l'.repeat(28)}@contoso.com>`,
])('%s is no Message-ID of ours', (text) => {
  expect(idOfMessageId(text)).toBeUndefined();
});

test.each([`<${id}@contoso.com>`, `<${id.toUpperCase()}@other.example>`, `<"${id}"@contoso.com>`, `<${id} @contoso.com>`])(
  'a caller that sets %s sets what looks like ours',
  (text) => {
    expect(looksLikeOurs(text)).toBe(true);
  },
);

test('Message-IDs are compared without brackets and case', () => {
  expect(normaliseMessageId(' <ABC@Contoso.com> ')).toBe('abc@contoso.com');
});
