// The promise, for any interleaving: the real use cases in a simulated world of crashes, lost answers, late copies and outages.
// A failure prints its seed; MODEL_SEED=n runs that one alone, MODEL_RUNS=n more of them.

import { describe, expect, test } from 'vitest';
import type { Rules } from '../../shared/domain/rules.ts';
import { verdictOn } from './world/verdict.ts';
import { World } from './world/world.ts';

const LIMITS = { messagesPerMinute: 30, recipientsPerDay: 1_000, acceptedDomains: [], share: 1, urgentReserve: 0.3 };
const RUNS = Number(process.env['MODEL_RUNS'] ?? 300);
const ONLY = process.env['MODEL_SEED'];
const TRACE_LINES = 120;

const seeds = (runs: number): number[] => (ONLY === undefined ? Array.from({ length: runs }, (_, i) => i + 1) : [Number(ONLY)]);

async function run(seed: number, rules: Partial<Rules> = {}, pauses = false): Promise<World> {
  const world = new World(seed, { rules, pauses });
  await world.run();
  return world;
}

/** Fails with the seed, every broken promise, and the end of what happened. */
async function keepsItsPromises(world: World, seed: number): Promise<void> {
  const problems = await verdictOn(world);
  if (problems.length === 0) return;
  const what = problems.map((problem) => `  - ${problem}`).join('\n');
  const trace = world.observer.trace.slice(-TRACE_LINES).join('\n');
  throw new Error(`MODEL_SEED=${seed} breaks a promise:\n${what}\ntenant ${JSON.stringify(world.tenant)}\n${trace}`);
}

describe('every mail is transported once, or not at all where the log says so', () => {
  test(
    'whatever dies, is late, is lost or is down, with all rights',
    async () => {
      const fired = new Map<string, number>();
      const statuses = new Map<string, number>();
      for (const seed of seeds(RUNS)) {
        const world = await run(seed);
        await keepsItsPromises(world, seed);
        for (const [name, times] of world.faults.fired) fired.set(name, (fired.get(name) ?? 0) + times);
        for (const { status } of world.observer.records.values()) statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
      if (ONLY !== undefined || RUNS < 300) return;
      // A run without faults proves little: these must all have happened.
      const kinds = [
        'crash at log.write',
        'crash at queue.enqueue',
        'crash at graph.submit',
        'crash at graph.sendDraft',
        'crash before completion',
        'death at the HTTP API: neither',
        'death at the HTTP API: the row alone',
        'death at the HTTP API: the queue message alone',
        'death at the HTTP API: both',
        'a repeat beside its first attempt: the row alone',
        'a repeat beside its first attempt: both',
      ];
      const more = [
        'doubt at graph.submit',
        'doubt at graph.sendDraft',
        'refusal at graph.submit',
        'unsent draft',
        'second send of a mail that went out',
        'carried in Drafts, flags readable',
        'carried in Drafts, flags unreadable',
        'carried in Drafts, flags wrong',
        '421 at graph.submit',
        '421 at graph.sendDraft',
        '302 at graph.submit',
        '307 at graph.sendDraft',
        '400 at graph.submit',
        '403 at graph.submit',
        '400 ErrorNobodyHasSeen at graph.submit',
        '412 ErrorNobodyHasSeen at graph.sendDraft',
        'lost answer of log.write',
        'stall',
        'lock lost',
      ];
      for (const name of [...kinds, ...more]) expect(fired.get(name) ?? 0, name).toBeGreaterThan(0);
      for (const status of ['closed', 'failed', 'rejected', 'expired', 'cancelled', 'unaccounted'])
        expect(statuses.get(status) ?? 0, status).toBeGreaterThan(0);
    },
    Math.max(180_000, RUNS * 1_000),
  );

  test('with the right to read but not to make drafts', async () => {
    for (const seed of seeds(Math.ceil(RUNS / 6))) await keepsItsPromises(await run(seed, { graphRights: 'read' }), seed);
  });

  test('with the right to send only, where a doubt ends unaccounted', async () => {
    for (const seed of seeds(Math.ceil(RUNS / 6))) await keepsItsPromises(await run(seed, { graphRights: 'send' }), seed);
  });

  test('by drafts alone', async () => {
    for (const seed of seeds(Math.ceil(RUNS / 6))) await keepsItsPromises(await run(seed, { alwaysDraftRoute: true }), seed);
  });
});

test('and while operators pause and resume', async () => {
  let held = 0;
  for (const seed of seeds(Math.ceil(RUNS / 6))) {
    const world = await run(seed, {}, true);
    await keepsItsPromises(world, seed);
    held += [...world.observer.records.values()].filter(({ heldBy }) => heldBy !== undefined).length;
  }
  if (ONLY === undefined) expect(held).toBeGreaterThan(0);
});

test.each([
  ['a minute', { messagesPerMinute: 2 }],
  ['a day', { recipientsPerDay: 12 }],
  ['the tenant', { tenantExternalRecipientsPerDay: 14 }],
])('and within the limits of Exchange: %s', async (_what, lower) => {
  let held = 0;
  for (const seed of seeds(Math.ceil(RUNS / 20))) {
    const world = new World(seed, { rules: { limits: { ...LIMITS, ...lower } }, manyMails: true });
    await world.run();
    await keepsItsPromises(world, seed);
    held += world.observer.trace.filter((line) => line.includes('submissionHeld (limit')).length;
  }
  if (ONLY === undefined) expect(held).toBeGreaterThan(RUNS / 20);
});

describe('the model', () => {
  test('is the same in every run of a seed', async () => {
    const [first, second] = [await run(7), await run(7)];
    expect(second.observer.trace).toEqual(first.observer.trace);
  });

  test.each([
    ['does not wait for late copies', { rules: { inDoubtGraceMs: 1_000 }, longestLagMs: 280_000 }, 'transported'],
    ['answers a repeat with a row alone', { trustsRows: true }, 'the queue never had it'],
  ])('notices a product that %s', async (_what, options, problemOfIt) => {
    const noticed: number[] = [];
    for (let seed = 1; seed <= 400 && noticed.length === 0; seed++) {
      const world = new World(seed, options);
      await world.run();
      if ((await verdictOn(world)).some((problem) => problem.includes(problemOfIt))) noticed.push(seed);
    }
    expect(noticed).not.toEqual([]);
  });
});
