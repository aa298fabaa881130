// External recipients of the tenant, taken in blocks.
import { expect, test } from 'vitest';
import { BUCKET_MS, bucketOf } from '../../../shared/domain/limits/day-counts.ts';
import { EMPTY_TENANT_USAGE, type TenantUsage, takeBlock, tenantFullAt } from '../../../shared/domain/limits/tenant-usage.ts';
import { DAY, NEVER, START } from './sending.ts';

const after = (taken: ReturnType<typeof takeBlock>): TenantUsage => (taken as { usage: TenantUsage }).usage;

test('a block is small compared with what is left, and as large as the mail if the limit is near', () => {
  const first = takeBlock(EMPTY_TENANT_USAGE, 10_000, 1, START, NEVER);
  expect(first).toMatchObject({ kind: 'taken', block: { bucket: bucketOf(START), recipients: 100 } });
  const near = tenantFullAt(EMPTY_TENANT_USAGE, 9_950, START);
  expect(takeBlock(near, 10_000, 1, START, NEVER)).toMatchObject({ kind: 'taken', block: { recipients: 1 } });
  expect(takeBlock(near, 10_000, 40, START, NEVER)).toMatchObject({ kind: 'taken', block: { recipients: 40 } });
});

test('if the day is full, each mail has its own time, in the bucket in which it fits', () => {
  const full = tenantFullAt(EMPTY_TENANT_USAGE, 100, START);
  const first = takeBlock(full, 100, 60, START + BUCKET_MS, NEVER);
  const second = takeBlock(after(first), 100, 40, START + BUCKET_MS, NEVER);
  const third = takeBlock(after(second), 100, 1, START + BUCKET_MS, NEVER);
  const times = [first, second, third].map((taken) => (taken as { at: number }).at);
  expect(times[0]).toBeGreaterThanOrEqual(START + DAY);
  expect(times[1]).toBe((times[0] as number) + 200);
  expect(times[2]).toBeGreaterThanOrEqual((times[0] as number) + DAY);
});

test('a mail that never fits, or only after its lifetime, takes no place', () => {
  expect(takeBlock(EMPTY_TENANT_USAGE, 100, 101, START, NEVER)).toEqual({ kind: 'tooLate' });
  const full = tenantFullAt(EMPTY_TENANT_USAGE, 100, START);
  expect(takeBlock(full, 100, 1, START, START + 60_000)).toMatchObject({ kind: 'tooLate', at: expect.any(Number) });
});

test('a clock that jumps back takes from the day that was counted last', () => {
  const full = after(takeBlock(EMPTY_TENANT_USAGE, 100, 100, START + 2 * DAY, NEVER));
  expect(takeBlock(full, 100, 1, START, NEVER)).toMatchObject({ kind: 'wait' });
  expect(tenantFullAt(full, 100, START + 2 * DAY)).toBe(full);
});
