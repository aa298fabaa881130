// Retry-After: every form that RFC 9110 allows and Graph sends, alone and joined.
import { describe, expect, test } from 'vitest';
import { retryAfterMs } from '../../../shared/domain/submit/retry-after.ts';

describe('a Retry-After value', () => {
  const NOW = Date.UTC(2026, 0, 15, 8, 0, 0);
  test.each([
    ['120', 120_000],
    ['2.128', 2128],
    ['0.0001', 1],
    ['0', 0],
    [' 5 ', 5000],
    ['\t5\t', 5000],
    ['00005', 5000],
    ['Thu, 15 Jan 2026 08:01:30 GMT', 90_000],
    ['Thu, 15 Jan 2026 07:00:00 GMT', 0],
    ['Thursday, 15-Jan-26 08:01:30 GMT', 90_000],
    ['Thu Jan 15 08:01:30 2026', 90_000],
    ['Thu Jan  1 08:01:30 2026', 0],
  ])('%s is %s ms', (value, ms) => {
    expect(retryAfterMs(value, NOW)).toBe(ms);
  });

  test.each([
    ['3, 3', 3000],
    ['3,3', 3000],
    ['2.5, 7, 4', 7000],
    ['Thu, 15 Jan 2026 08:01:30 GMT, 3', 90_000],
    ['100, Thu, 15 Jan 2026 08:01:30 GMT', 100_000],
    ['Thu, 15 Jan 2026 08:01:30 GMT, Thursday, 15-Jan-26 08:02:00 GMT', 120_000],
    ['soon, 3', 3000],
    [', 3', 3000],
    ['3, ', 3000],
    ['-7, 3', 3000],
    ['Thu Jan 15 08:01:30 2026, 3', 90_000],
    ['Thursday, 15-Jan-26 08:01:30 GMT, Thu, 15 Jan 2026 08:01:00 GMT', 90_000],
    ['2, Thu Jan 15 08:01:30 2026', 90_000],
  ])('of %s, which was sent more than once, the largest counts: %s ms', (value, ms) => {
    expect(retryAfterMs(value, NOW)).toBe(ms);
  });

  test.each([
    'soon',
    '',
    '   ',
    undefined,
    '-3',
    '-0.5',
    '+3',
    '.5',
    '5.',
    '3s',
    '1e3',
    '0x10',
    'Infinity',
    'NaN',
    '5 5',
    '5;5',
    '٣',
    'Thu',
    'Thu,',
    '2026-01-15T08:01:30Z',
    'Thu, 32 Jan 2026 08:01:30 GMT',
  ])('%s says nothing', (value) => {
    expect(retryAfterMs(value, NOW)).toBeUndefined();
  });

  test('is at most a day, whatever it says', () => {
    for (const value of ['9'.repeat(400), '86401', '3000000', 'Thu, 15 Jan 2099 08:01:30 GMT', '5, 9999999'])
      expect(retryAfterMs(value, NOW)).toBe(86_400_000);
    expect(retryAfterMs('86399.5', NOW)).toBe(86_399_500);
  });
});
