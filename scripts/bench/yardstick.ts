// The product beside the yardstick of some sixty lines (yardstick-app.ts): the same emulators, mails and host.json, one after the other in the same run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type RunningStack, startRunningStack } from '../../test/support/running-stack.ts';
import { SELDOM, until } from '../../test/support/until.ts';
import type { CaseSet, Progress } from './case-set.ts';
import { spread } from './figures.ts';
import { cpuOf, cpuPerMail } from './processes.ts';
import { inParallel, letters, post, queueCounters, startWarmStack } from './traffic.ts';

const MAILS = { bytes: 2_048, mails: 300, mailboxes: 30 };

export interface Figures {
  /** Median of POST to 202, milliseconds. */
  acceptMs: number;
  acceptP95Ms: number;
  /** From the first POST until the queue is through with all. */
  mailsPerSecond: number;
  /** Of the worker process, milliseconds for each mail. */
  workerCpuMs: number;
}

async function buildYardstick(directory: string): Promise<string> {
  const outfile = join(directory, 'yardstick.cjs');
  const entry = fileURLToPath(new URL('yardstick-app.ts', import.meta.url));
  const common = { bundle: true, platform: 'node', target: 'node20', format: 'cjs', keepNames: true, logLevel: 'error' } as const;
  await build({ ...common, entryPoints: [entry], outfile, external: ['@azure/functions-core'] });
  return outfile;
}

async function through(stack: RunningStack, what: string, mails: number): Promise<{ acceptMs: number[]; seconds: number }> {
  const { completes } = await queueCounters(stack);
  const begun = performance.now();
  const sent = await inParallel(letters(what, { ...MAILS, mails }), (letter) => post(stack, letter));
  const done = async () => (await queueCounters(stack)).completes - completes;
  await until('through with all mails', done, (count) => count >= mails, SELDOM);
  return { acceptMs: sent.map(({ doorMs }) => doorMs), seconds: (performance.now() - begun) / 1000 };
}

async function measure(stack: RunningStack): Promise<Figures> {
  // What is compiled and connected with the first mails is not of each mail.
  await through(stack, 'first', 30);
  const before = cpuOf(stack);
  const { acceptMs, seconds } = await through(stack, 'measured', MAILS.mails);
  const { median, p95 } = spread(acceptMs);
  return {
    acceptMs: median,
    acceptP95Ms: p95,
    mailsPerSecond: Number((MAILS.mails / seconds).toFixed(1)),
    workerCpuMs: cpuPerMail(before, cpuOf(stack), MAILS.mails)['worker'] as number,
  };
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
    const product = await figuresOf(await startWarmStack({}));
    progress('');
    const rows = [
      { by: 'graph-mail-queue', ...product },
      { by: 'hand-written, at least once', ...byHand },
      { by: 'ratio', ...ratios(product, byHand) },
    ];
    console.log(`${MAILS.mails} mails of 2 KB over ${MAILS.mailboxes} mailboxes:`);
    console.table(rows);
    return rows;
  },
};
