// Lanes and the Service Bus sessions that they are.

import { expect, test } from 'vitest';
import { makeSendRequestId } from '../../../shared/domain/log/send-request-id.ts';
import { laneOf, sessionIdOf, URGENT_LANE } from '../../../shared/domain/submit/lanes.ts';

const ids = Array.from({ length: 400 }, (_, i) =>
  makeSendRequestId(1_768_000_000_000 + i * 977, 'a@contoso.com', new Uint8Array(14).fill(i % 256)),
);

test('an id has the same lane always, and the lanes share the ids evenly', () => {
  const lanes = ids.map((id) => laneOf(id, 2));
  expect(ids.map((id) => laneOf(id, 2))).toEqual(lanes);
  expect(new Set(lanes)).toEqual(new Set(['0', '1']));
  const share = lanes.filter((lane) => lane === '0').length / lanes.length;
  expect(share).toBeGreaterThan(0.4);
  expect(share).toBeLessThan(0.6);
});

test('a session is the mailbox and the lane', () => {
  expect(sessionIdOf('sender@contoso.com', '1')).toBe('sender@contoso.com/1');
});

test('a mailbox name that Service Bus has no room for goes in as a hash, different for different mailboxes', () => {
  const fits = `${'m'.repeat(126)}`;
  expect(sessionIdOf(fits, '0')).toBe(`${fits}/0`);
  const long = (letter: string) => sessionIdOf(`${letter.repeat(200)}@contoso.com`, URGENT_LANE);
  expect(long('a')).toMatch(/^#[0-9a-f]{2,16}\/urgent$/);
  expect(long('a')).not.toBe(long('b'));
});
