// A short soak: what `npx graph-mail-queue soak` does for minutes.
import { expect, test } from 'vitest';
import { runSoak } from './soak/run-soak.ts';

test('mails of every kind through faults, kills and outages: none lost, none sent twice, and the log is true', async () => {
  const result = await runSoak({ seed: 4711, mails: 100, milliseconds: 15_000 });
  expect(result).toMatchObject({ unsettled: [], twice: [], lost: [], untrue: [], deadLettered: 0 });
  expect(Object.keys(result.states).filter((state) => !['sent', 'cancelled', 'failed'].includes(state))).toEqual([]);
  expect(result.taken).toBeGreaterThan(50);
  expect(Object.keys(result.fired).length).toBeGreaterThan(10);
  expect(result.blows.size).toBeGreaterThan(5);
});
