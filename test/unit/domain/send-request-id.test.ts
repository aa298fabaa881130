// Ids of send requests: sortable, checkable, safe in addresses, paths and keys.

import { describe, expect, test } from 'vitest';
import { belongsTo, fnv1a, isSendRequestId, makeSendRequestId, newestFirst, timeOfId } from '../../../shared/domain/log/send-request-id.ts';

const AT = Date.UTC(2026, 0, 15, 8, 0, 0);
const MAILBOX = 'sender@contoso.com';
const random = (seed: number): Uint8Array => Uint8Array.from({ length: 14 }, (_, i) => (seed * 31 + i * 7) % 256);

describe('a send request id', () => {
  test('has 28 characters of lower-case Crockford base32', () => {
    const id = makeSendRequestId(AT, MAILBOX, random(1));
    expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{28}$/);
    expect(isSendRequestId(id)).toBe(true);
  });

  test('tells when it was made', () => {
    expect(timeOfId(makeSendRequestId(AT, MAILBOX, random(2)))).toBe(AT);
  });

  test('sorts by time, and its inverted key newest first', () => {
    const ids = [AT, AT + 1, AT + 1000, AT + 86_400_000].map((time, i) => makeSendRequestId(time, MAILBOX, random(9 - i)));
    expect([...ids].sort()).toEqual(ids);
    expect(ids.map(newestFirst).sort()).toEqual([...ids].reverse().map(newestFirst));
    expect(newestFirst(ids[0] as string).endsWith(ids[0] as string)).toBe(true);
  });

  test('belongs to the mailbox that it was given out for, and to no other', () => {
    const id = makeSendRequestId(AT, MAILBOX, random(3));
    expect(belongsTo(id, MAILBOX)).toBe(true);
    expect(belongsTo(id, 'other@contoso.com')).toBe(false);
  });

  test('with one character mistyped belongs to nobody', () => {
    const id = makeSendRequestId(AT, MAILBOX, random(4));
    for (let i = 0; i < id.length; i++) {
      const mistyped = `${id.slice(0, i)}${id[i] === '7' ? '8' : '7'}${id.slice(i + 1)}`;
      expect(belongsTo(mistyped, MAILBOX), mistyped).toBe(false);
    }
  });

  test.each(['', 'x', 'A'.repeat(28), '0'.repeat(27), '0'.repeat(29), `${'0'.repeat(27)}u`, `${'0'.repeat(27)}/`])('%s is none', (text) => {
    expect(isSendRequestId(text)).toBe(false);
    expect(belongsTo(text, MAILBOX)).toBe(false);
  });

  test('a clock far in the future or too little randomness still gives an id', () => {
    const id = makeSendRequestId(Number.MAX_SAFE_INTEGER, MAILBOX, new Uint8Array(0));
    expect(isSendRequestId(id)).toBe(true);
    expect(newestFirst(id).startsWith('0000000000')).toBe(true);
  });
});

test('the hash is 32-bit FNV-1a', () => {
  expect([fnv1a(''), fnv1a('a'), fnv1a('foobar')]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
});
