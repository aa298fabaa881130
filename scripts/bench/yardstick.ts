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

/** One after the other, and all at once. */
const CALM = 60;
const BURST = 300;

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

async function measure(stack: RunningStack): Promise<Figures> {
  // What is compiled and connected with the first mails is not of each mail.
  await through(stack, 'first', 60, AT_A_TIME);
  const calm = await through(stack, 'calm', CALM, 1);
  const burst = await through(stack, 'burst', BURST, AT_A_TIME);
  // In microseconds, since the yardstick takes few milliseconds.
  const { median, p95 } = spread(calm.acceptMs.map((ms) => ms * 1000));
  const mailsPerSecond = Number((BURST / burst.seconds).toFixed(1));
  return { acceptMs: median / 1000, acceptP95Ms: p95 / 1000, mailsPerSecond, calmCpuMs: calm.cpuMs, burstCpuMs: burst.cpuMs };
}

async function figuresOf(stack: RunningStack): Promise<Figures> {
  try {
    return await measure(stack);
  } finally {
    await stack.close();
  }
}

async function ofYardstick(): Promise<Figures> {
  const directory = mkdtempSync(join(tmpdir(), 'yardstick-'));
  try {
    return await figuresOf(await startRunningStack({ bundle: await buildYardstick(directory) }));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function ofProduct(): Promise<Figures> {
  const stack = await startRunningStack({ settings: { RECONCILE_SCHEDULE: WHEN_TOLD } });
  await proveMarks(stack, () => stack.close());
  return figuresOf(stack);
}

const ratios = (product: Figures, yardstick: Figures): Figures =>
  Object.fromEntries(
    Object.entries(product).map(([name, value]) => [name, Number((value / yardstick[name as keyof Figures]).toFixed(2))]),
  ) as unknown as Figures;

export const yardstick: CaseSet = {
  name: 'yardstick',
  async run(progress: Progress) {
    progress('the yardstick');
    const byHand = await ofYardstick();
    progress('the product');
    const product = await ofProduct();
    progress('');
    const rows = [
      { by: 'graph-mail-queue', ...product },
      { by: 'hand-written, at least once', ...byHand },
      { by: 'ratio', ...ratios(product, byHand) },
    ];
    console.log(`${CALM} mails of 2 KB one after the other, then ${BURST} at once, over ${MAILS.mailboxes} mailboxes:`);
    console.table(rows);
    return rows;
  },
};
