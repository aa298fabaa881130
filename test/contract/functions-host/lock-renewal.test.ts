// When locks are renewed: on the clock of the test.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepLocked, renewDelay } from '../../emulators/functions-host/service-bus/lock-renewal.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

function renewals(lock: number, maxDuration: number) {
  const at: number[] = [];
  let until = lock;
  const errors: Error[] = [];
  let failure: Error | undefined;
  const stop = keepLocked({
    lockedUntil: () => new Date(until),
    async renew() {
      at.push(Date.now());
      if (failure) throw failure;
      until = Date.now() + lock;
    },
    maxDuration,
    onError: (error) => errors.push(error),
  });
  return { at, errors, stop, failWith: (error: Error | undefined) => (failure = error) };
}

test('a lock is renewed 10 s before its end, a short one at half of its time', () => {
  expect([120_000, 30_000, 5000, 300].map(renewDelay)).toEqual([110_000, 20_000, 2500, 0]);
});

test('renewal goes on until maxAutoLockRenewalDuration from the start, and no longer', async () => {
  const { at } = renewals(60_000, 160_000);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(at).toEqual([50_000, 100_000, 150_000]);
});

test('without an end it goes on until stopped', async () => {
  const { at, stop } = renewals(60_000, Number.POSITIVE_INFINITY);
  await vi.advanceTimersByTimeAsync(110_000);
  stop();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(at).toEqual([50_000, 100_000]);
});

test('a passing failure is tried again at once, a lost lock is not', async () => {
  const { at, errors, failWith } = renewals(60_000, Number.POSITIVE_INFINITY);
  failWith(new Error('busy'));
  await vi.advanceTimersByTimeAsync(50_000);
  failWith(Object.assign(new Error('lost'), { code: 'SessionLockLost' }));
  await vi.advanceTimersByTimeAsync(600_000);
  expect(at).toEqual([50_000, 50_500]);
  expect(errors.map(({ message }) => message)).toEqual(['busy', 'lost']);
});
