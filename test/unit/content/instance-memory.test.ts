// The table of instance sizes: a mail of the largest size has room there, and the words say what does.
import { describe, expect, test } from 'vitest';
import { bodyLimit } from '../../../shared/adapters/http/mail-body.ts';
import { budgetBytesOf, INSTANCE_MEMORY, memoryProblem } from '../../../shared/domain/content/instance-memory.ts';

describe('the table of instance sizes', () => {
  test.each(INSTANCE_MEMORY)(
    'of $memoryMB MB: the body of the largest message fits into the budget, and two budgets into the memory',
    (row) => {
      expect(bodyLimit(row.largestMessageBytes)).toBeLessThanOrEqual(row.budgetBytes);
      expect(2 * row.budgetBytes).toBeLessThan((row.memoryMB * 1024 * 1024) / 2);
    },
  );

  test('rises with the memory', () => {
    const rising = INSTANCE_MEMORY.map(({ memoryMB }) => memoryMB);
    expect(rising).toEqual(rising.toSorted((a, b) => a - b));
    expect(INSTANCE_MEMORY.map(({ largestMessageBytes }) => largestMessageBytes)).toEqual(
      INSTANCE_MEMORY.map(({ largestMessageBytes }) => largestMessageBytes).toSorted((a, b) => a - b),
    );
  });

  test('counts as with 2048 MB if nobody said the memory, and refuses no size then', () => {
    expect(budgetBytesOf()).toBe(budgetBytesOf(2048));
    expect(memoryProblem(Number.NaN, 150_000_000)).toBeUndefined();
  });
});

describe('a message too large for the instances', () => {
  test('names the smallest instances that have room for it', () => {
    expect(memoryProblem(512, 3 * 1024 * 1024)).toBeUndefined();
    expect(memoryProblem(512, 40_000_000)).toMatch(/messages of 3145728 bytes\. Set that or less, or instances of 2048 MB/);
    expect(memoryProblem(2048, 150_000_000)).toMatch(/or instances of 4096 MB \(scale\.instanceMemoryMB/);
  });

  test('names none if none has', () => {
    expect(memoryProblem(4096, 200_000_000)).toMatch(/of 157286400 bytes\. Set that or less$/);
  });
});
