// The product beside the yardstick of some sixty lines (yardstick-app.ts): the same emulators, mails and host.json, one after the other in the same run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import pLimit from 'p-limit';
import { type RunningStack, startRunningStack, WHEN_TOLD } from '../../test/support/running-stack.ts';
import { SELDOM, until } from '../../test/support/until.ts';
import type { CaseSet, Progress } from './case-set.ts';
import { spread } from './figures.ts';
import { cpuOf, cpuPerMail } from './processes.ts';
import { AT_A_TIME, letters, post, proveMarks, queueCounters } from './traffic.ts';

const MAILS = { bytes: 2_048, mailboxes: 30 };

/** In each round: one after the other, and all at once. Both take turns, so that what else the machine does is much the same for both. */
const CALM = 40;
const BURST = 150;
const ROUNDS = 4;

interface Figures {
  /** Median of POST to 202 while nothing else is under way, milliseconds. */
  acceptMs: number;
  acceptP95Ms: number;
  /** From the first POST until the queue is through with all, all at once. */
  mailsPerSecond: number;
  /** Of the worker process, milliseconds for each mail, one after the other. */
  calmCpuMs: number;
  /** All at once. */
  burstCpuMs: number;
}

async function buildYardstick(directory: string): Promise<string> {
  const outfile = join(directory, 'yardstick.cjs');
  const entry = fileURLToPath(new URL('yardstick-app.ts', import.meta.url));
  const common = { bundle: true, platform: 'node', target: 'node20', format: 'cjs', keepNames: true, logLevel: 'error' } as const;
  await build({ ...common, entryPoints: [entry], outfile, external: ['@azure/functions-core'] });
  return outfile;
}

interface Through {
  acceptMs: number[];
  seconds: number;
  cpuMs: number;
}

async function through(stack: RunningStack, what: string, mails: number, atATime: number): Promise<Through> {
  const [cpu, { completes }] = [cpuOf(stack), await queueCounters(stack)];
  const begun = performance.now();
  const sent = await pLimit(atATime).map(letters(what, { ...MAILS, mails }), (letter) => post(stack, letter));
  const done = async () => (await queueCounters(stack)).completes - completes;
  await until('through with all mails', done, (count) => count >= mails, SELDOM);
  const seconds = (performance.now() - begun) / 1000;
  return { acceptMs: sent.map(({ doorMs }) => doorMs), seconds, cpuMs: cpuPerMail(cpu, cpuOf(stack), mails)['worker'] as number };
}

interface Rounds {
  calm: Through[];
  burst: Through[];
}

const mean = (values: readonly number[]): number => Number((values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(1));

function figures({ calm, burst }: Rounds): Figures {
  // In microseconds, since the yardstick takes few milliseconds.
  const { median, p95 } = spread(calm.flatMap(({ acceptMs }) => acceptMs.map((ms) => ms * 1000)));
  return {
    acceptMs: median / 1000,
    acceptP95Ms: p95 / 1000,
    mailsPerSecond: mean(burst.map(({ seconds }) => BURST / seconds)),
    calmCpuMs: mean(calm.map(({ cpuMs }) => cpuMs)),
    burstCpuMs: mean(burst.map(({ cpuMs }) => cpuMs)),
  };
}

async function inTurns(stacks: readonly RunningStack[], progress: Progress): Promise<Figures[]> {
  // What is compiled and connected with the first mails is not of each mail.
  for (const stack of stacks) await through(stack, 'first', 60, AT_A_TIME);
  const taken = stacks.map((stack) => ({ stack, rounds: { calm: [], burst: [] } as Rounds }));
  for (let round = 1; round <= ROUNDS; round++) {
    progress(`round ${round} of ${ROUNDS}`);
    for (const { stack, rounds } of taken) rounds.calm.push(await through(stack, `calm ${round}`, CALM, 1));
    for (const { stack, rounds } of taken) rounds.burst.push(await through(stack, `burst ${round}`, BURST, AT_A_TIME));
  }
  return taken.map(({ rounds }) => figures(rounds));
}

async function startProduct(): Promise<RunningStack> {
  const stack = await startRunningStack({ settings: { RECONCILE_SCHEDULE: WHEN_TOLD } });
  await proveMarks(stack, () => stack.close());
  return stack;
}

const ratios = (product: Figures, yardstick: Figures): Figures =>
  Object.fromEntries(
    Object.entries(product).map(([name, value]) => [name, Number((value / yardstick[name as keyof Figures]).toFixed(2))]),
  ) as unknown as Figures;

export const yardstick: CaseSet = {
  name: 'yardstick',
  async run(progress) {
    const directory = mkdtempSync(join(tmpdir(), 'yardstick-'));
    const stacks: RunningStack[] = [];
    try {
      stacks.push(await startProduct());
      stacks.push(await startRunningStack({ bundle: await buildYardstick(directory) }));
      const [product, byHand] = (await inTurns(stacks, progress)) as [Figures, Figures];
      progress('');
      const rows = [
        { by: 'graph-mail-queue', ...product },
        { by: 'hand-written, at least once', ...byHand },
        { by: 'ratio', ...ratios(product, byHand) },
      ];
      console.log(`${ROUNDS} rounds of ${CALM} mails of 2 KB one after the other and ${BURST} at once, over ${MAILS.mailboxes} mailboxes:`);
      console.table(rows);
      return rows;
    } finally {
      for (const stack of stacks) await stack.close();
      rmSync(directory, { recursive: true, force: true });
    }
  },
};
