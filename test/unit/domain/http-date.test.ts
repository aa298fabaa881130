// HTTP-date (RFC 9110 section 5.6.7): its three forms, and nothing else.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHttpDate } from '../../../shared/domain/http-date.ts';

/** The RFC's own examples, moved to this century if the year has two digits. */
test.each([
  ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
  ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37.000Z'],
  ['Friday, 06-Nov-26 08:49:37 GMT', '2026-11-06T08:49:37.000Z'],
  ['Tue, 29 Feb 2028 23:59:59 GMT', '2028-02-29T23:59:59.000Z'],
])('%s is %s', (text, time) => {
  expect(new Date(parseHttpDate(text)).toISOString()).toBe(time);
});

describe('is none:', () => {
  test.each([
    '',
    'tomorrow',
    'Mon, 06 Nov 1994 08:49:37 GMT',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 UTC',
    'Sun, 06 Nov 1994 08:49:37 +0000',
    'sun, 06 nov 1994 08:49:37 gmt',
    'Mon, 30 Feb 2026 08:49:37 GMT',
    'Sun, 06 Nov 1994 25:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT ',
    'Sun Nov 6 08:49:37 1994',
    '1994-11-06T08:49:37Z',
  ])('%j', (text) => {
    expect(parseHttpDate(text)).toBeNaN();
  });
});

/** Date.prototype.toUTCString writes IMF-fixdate (ECMA-262 section 21.4.4.43). */
test('every second until the year 9999 is read as the platform writes it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (seconds) => {
      expect(parseHttpDate(new Date(seconds * 1000).toUTCString())).toBe(seconds * 1000);
    }),
    { seed: 20_261_129, numRuns: 500 },
  );
});
