// The product beside the yardstick of some sixty lines (yardstick-app.ts): the same emulators, mails and host.json, one after the other in the same run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import pLimit from 'p-limit';
import { type RunningStack, startRunningStack, WHEN_TOLD } from '../../test/support/running-stack.ts';
import { until } from '../../test/support/until.ts';
import type { CaseSet, Progress } from './case-set.ts';
import { spread } from './figures.ts';
import { cpuOf, cpuPerMail } from './processes.ts';
import { AT_A_TIME, GRAPH_MS, letters, post, proveMarks, queueCounters } from './traffic.ts';

const MAILBOXES = 30;

/** The first mails of a process: none of its code is compiled yet. */
const FIRST = 200;
/** Until V8 has compiled what is used often, the CPU of a mail goes down with each hundred of mails. */
const WARM = 1_600;
/** In each round: one after the other, and all at once. Both take turns, so that what else the machine does is much the same for both. */
const CALM = 40;
const BURST = 150;
const ROUNDS = 4;
/** With a Graph that takes its time, as Exchange Online does: fewer mailboxes than slots, and more. */
const FEW = { mails: 300, mailboxes: 60 };
const MANY = { mails: 400, mailboxes: 200 };

interface Figures {
  /** Median of POST to 202 while nothing else is under way, milliseconds. */
  acceptMs: number;
  acceptP95Ms: number;
  /** Of the worker process, milliseconds for each mail, one after the other. */
  calmCpuMs: number;
  /** All at once. */
  burstCpuMs: number;
  /** All at once, the first mails of the process. */
  firstCpuMs: number;
  /** From the first POST until the queue is through with all, all at once, with a Graph that answers at once: all that counts is CPU. */
  mailsPerSecond: number;
  /** The same with a Graph that answers after `GRAPH_MS`. */
  slowGraphMailsPerSecond: number;
  /** And over more mailboxes than there are slots. */
  manyMailboxesMailsPerSecond: number;
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

async function through(stack: RunningStack, what: string, mails: number, atATime: number, mailboxes = MAILBOXES): Promise<Through> {
  const [cpu, { completes }] = [cpuOf(stack), await queueCounters(stack)];
  const begun = performance.now();
  const sent = await pLimit(atATime).map(letters(what, { bytes: 2_048, mails, mailboxes }), (letter) => post(stack, letter));
  const done = async () => (await queueCounters(stack)).completes - completes;
  await until('through with all mails', done, (count) => count >= mails, { everyMs: 50 });
  const seconds = (performance.now() - begun) / 1000;
  return { acceptMs: sent.map(({ doorMs }) => doorMs), seconds, cpuMs: cpuPerMail(cpu, cpuOf(stack), mails)['worker'] as number };
}

interface Rounds {
  first: Through;
  calm: Through[];
  burst: Through[];
  few?: Through;
  many?: Through;
}

const mean = (values: readonly number[]): number => Number((values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(1));

function figures({ first, calm, burst, few, many }: Rounds): Figures {
  // In microseconds, since the yardstick takes few milliseconds.
  const { median, p95 } = spread(calm.flatMap(({ acceptMs }) => acceptMs.map((ms) => ms * 1000)));
  return {
    acceptMs: median / 1000,
    acceptP95Ms: p95 / 1000,
    calmCpuMs: mean(calm.map(({ cpuMs }) => cpuMs)),
    burstCpuMs: mean(burst.map(({ cpuMs }) => cpuMs)),
    firstCpuMs: first.cpuMs,
    mailsPerSecond: mean(burst.map(({ seconds }) => BURST / seconds)),
    slowGraphMailsPerSecond: mean([FEW.mails / (few?.seconds ?? Number.NaN)]),
    manyMailboxesMailsPerSecond: mean([MANY.mails / (many?.seconds ?? Number.NaN)]),
  };
}

async function inTurns(stacks: readonly RunningStack[], progress: Progress): Promise<Figures[]> {
  const taken: { stack: RunningStack; rounds: Rounds }[] = [];
  progress('the first mails');
  for (const stack of stacks)
    taken.push({ stack, rounds: { first: await through(stack, 'first', FIRST, AT_A_TIME), calm: [], burst: [] } });
  progress('warming up');
  for (const stack of stacks) await through(stack, 'warm', WARM - FIRST, AT_A_TIME);
  for (let round = 1; round <= ROUNDS; round++) {
    progress(`round ${round} of ${ROUNDS}`);
    for (const { stack, rounds } of taken) rounds.calm.push(await through(stack, `calm ${round}`, CALM, 1));
    for (const { stack, rounds } of taken) rounds.burst.push(await through(stack, `burst ${round}`, BURST, AT_A_TIME));
  }
  progress('a Graph that takes its time');
  for (const { stack, rounds } of taken) {
    await stack.fault({ operation: 'sendMail', answer: 'normal', delay: GRAPH_MS, times: null });
    rounds.few = await through(stack, 'few', FEW.mails, AT_A_TIME, FEW.mailboxes);
    rounds.many = await through(stack, 'many', MANY.mails, AT_A_TIME, MANY.mailboxes);
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
      console.log(
        `${ROUNDS} rounds of ${CALM} mails of 2 KB one after the other and ${BURST} at once, over ${MAILBOXES} mailboxes, after ${WARM} mails;`,
        `then ${FEW.mails} at once over ${FEW.mailboxes} mailboxes, and ${MANY.mails} over ${MANY.mailboxes}, with a Graph that takes ${GRAPH_MS} ms:`,
      );
      console.table(rows);
      return rows;
    } finally {
      for (const stack of stacks) await stack.close();
      rmSync(directory, { recursive: true, force: true });
    }
  },
};
