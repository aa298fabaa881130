// Slots after a pause: one mail each, so that there is no herd.

import { expect, test } from 'vitest';
import { extend, SLOT_MS, takeSlot } from '../../../shared/domain/submit/pacing.ts';

test('each mail gets a slot of its own, the first at the end of the pause', () => {
  const first = takeSlot({ until: 10_000, slots: 0 });
  const second = takeSlot(first.pause);
  const third = takeSlot(second.pause);
  expect([first.at, second.at, third.at]).toEqual([10_000, 10_000 + SLOT_MS, 10_000 + 2 * SLOT_MS]);
});

test('thirty mails take a minute, which is what Exchange takes from a mailbox', () => {
  expect(SLOT_MS * 30).toBe(60_000);
});

test('a later refusal makes the pause longer, an earlier one changes nothing', () => {
  const pause = { until: 10_000, slots: 4 };
  expect(extend(undefined, 5000)).toEqual({ until: 5000, slots: 0 });
  expect(extend(pause, 20_000)).toEqual({ until: 20_000, slots: 0 });
  expect(extend(pause, 9000)).toBe(pause);
  expect(extend(pause, 10_000)).toBe(pause);
});
