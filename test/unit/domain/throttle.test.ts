// Turns after throttling: one mail at a time.

import { expect, test } from 'vitest';
import { extend, SPACING_MS, takeTurn } from '../../../shared/domain/submit/throttle.ts';

test('each mail gets a time of its own, the first one when the throttling ends', () => {
  const first = takeTurn({ until: 10_000, turns: 0 });
  const second = takeTurn(first.throttle);
  const third = takeTurn(second.throttle);
  expect([first.at, second.at, third.at]).toEqual([10_000, 10_000 + SPACING_MS, 10_000 + 2 * SPACING_MS]);
});

test('thirty mails take a minute, which is what Exchange takes from a mailbox', () => {
  expect(SPACING_MS * 30).toBe(60_000);
});

test('a later refusal makes it longer, an earlier one changes nothing', () => {
  const throttle = { until: 10_000, turns: 4 };
  expect(extend(undefined, 5000)).toEqual({ until: 5000, turns: 0 });
  expect(extend(throttle, 20_000)).toEqual({ until: 20_000, turns: 0 });
  expect(extend(throttle, 9000)).toBe(throttle);
  expect(extend(throttle, 10_000)).toBe(throttle);
});
