// The parts of the benchmark that compute: what a million mails cost, and the page.
import { describe, expect, test } from 'vitest';
import { page } from '../../../scripts/bench/page.ts';
import { billOf } from '../../../scripts/bench/prices.ts';

describe('the bill of a million mails', () => {
  const USED = { table: 6, blob: 0, queue: 3, log: 4_000 };

  test('is the sum of its parts', () => {
    const { sum, ...parts } = billOf(USED);
    const total = Object.values(parts).reduce((all, usd) => all + usd, 0);
    expect(sum).toBeGreaterThan(0);
    expect(Math.abs(sum - total)).toBeLessThan(0.3);
  });

  test('has no operation of Service Bus that the base charge includes', () => {
    expect(billOf({ ...USED, queue: 13 }).queue).toBe(0);
    expect(billOf({ ...USED, queue: 23 }).queue).toBe(8);
  });

  test('rises with the bytes of log', () => {
    expect(billOf({ ...USED, log: 8_000 }).log).toBeCloseTo(2 * billOf(USED).log, 1);
  });
});

describe('the page', () => {
  const html = page({
    speed: [
      { case: 'a < b', phases: { wait: { median: 10 } } },
      { case: 'c', phases: { wait: { median: 20 } } },
    ],
    cost: { assumptions: ['one & all'], total: 7 },
    nothing: [{ case: 'idle', mails: 0 }],
  });

  test('has a bar for each figure of each row, in proportion', () => {
    const widths = [...html.matchAll(/<rect [^>]*width="(\d+)"/g)].map(([, width]) => Number(width));
    expect(widths).toHaveLength(2);
    expect(widths[1]).toBe(2 * (widths[0] as number));
    expect(html).toContain('<figcaption>phases: wait: median</figcaption>');
  });

  test('needs nothing from elsewhere, and text stays text', () => {
    expect(html).not.toMatch(/<(script|link|img)|https?:/);
    expect(html).toContain('a &lt; b');
    expect(html).toContain('<li>one &amp; all</li>');
    expect(html).toContain('<p>7</p>');
  });
});
