// ISO 8601 durations in milliseconds.

import { expect, test } from 'vitest';
import { after, durationMs, inWords } from '../../../shared/domain/duration.ts';

test.each([
  ['PT30S', 30_000],
  ['PT0.5S', 500],
  ['PT5M', 300_000],
  ['PT1H', 3_600_000],
  ['P2D', 172_800_000],
  ['P1W', 604_800_000],
  ['P1DT2H3M4S', 93_784_000],
])('%s is %d ms', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test.each(['P1M', 'P1Y', '-PT5S', '5s', '', '30'])('%s has no fixed length or is none', (text) => {
  expect(() => durationMs(text)).toThrow();
});

test('times are added in UTC', () => {
  expect(after('2026-01-15T08:00:00+01:00', 1500)).toBe('2026-01-15T07:00:01.500Z');
});

test.each([
  ['P3D', '3 days'],
  ['PT24H', '1 day'],
  ['PT1H', '1 hour'],
  ['PT90M', '90 minutes'],
  ['PT10S', '10 seconds'],
  ['PT1.5S', '2 seconds'],
  ['PT0S', '0 seconds'],
])('%s is %s', (text, words) => {
  expect(inWords(durationMs(text))).toBe(words);
});
