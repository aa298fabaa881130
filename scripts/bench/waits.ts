// How long a mail waits for a session: bursts and a steady stream over many mailboxes, and a long queue of a single one.
// Each case runs with sessions released, and on a host that cannot release them, in the same run: the ratio is what counts.
import type { RunningStack } from '../../test/support/running-stack.ts';
import type { CaseSet, Progress } from './case-set.ts';
import { spread } from './figures.ts';
import { GRAPH_MS, letters, startWarmStack, timed } from './traffic.ts';

interface Case {
  name: string;
  mails: number;
  mailboxes: number;
  /** Absent: all at once. */
  perSecond?: number;
}

const CASES: readonly Case[] = [
  { name: 'burst-60', mails: 300, mailboxes: 60 },
  { name: 'steady-200', mails: 240, mailboxes: 200, perSecond: 8 },
  { name: 'burst-200', mails: 400, mailboxes: 200 },
  { name: 'bulk-1', mails: 150, mailboxes: 1 },
];

const VARIANTS = [
  { sessions: 'released', settings: {} },
  { sessions: 'idle', settings: { RELEASE_SESSIONS: 'false' } },
] as const;

interface Row {
  case: string;
  sessions: string;
  median: number;
  p95: number;
  maximum: number;
  /** From the first POST until the last mail was accepted. */
  seconds: number;
  sessionsPerMail: number;
}

async function measure(
  stack: RunningStack,
  { name, mails, mailboxes, perSecond }: Case,
  sessions: string,
  progress: Progress,
): Promise<Row> {
  const everyMs = perSecond === undefined ? undefined : 1000 / perSecond;
  const { acceptedMs, seconds, sessionAccepts } = await timed(stack, letters(name, { bytes: 100, mails, mailboxes }), progress, everyMs);
  const rounded = (value: number, digits: number) => Number(value.toFixed(digits));
  return { case: name, sessions, ...spread(acceptedMs), seconds: rounded(seconds, 1), sessionsPerMail: rounded(sessionAccepts / mails, 2) };
}

async function start({ settings }: (typeof VARIANTS)[number]): Promise<RunningStack> {
  const stack = await startWarmStack(settings);
  await stack.fault({ operation: 'sendMail', answer: 'normal', delay: GRAPH_MS, times: null });
  return stack;
}

export const waits: CaseSet = {
  name: 'waits',
  async run(progress) {
    const stacks: { sessions: string; stack: RunningStack }[] = [];
    try {
      for (const variant of VARIANTS) stacks.push({ sessions: variant.sessions, stack: await start(variant) });
      const rows: Row[] = [];
      // One after the other for each case, so that other load on the machine is much the same for both.
      for (const one of CASES)
        for (const { sessions, stack } of stacks)
          rows.push(await measure(stack, one, sessions, (text) => progress(`${one.name}, ${sessions}: ${text}`)));
      progress('');
      console.log(`From 202 until Graph has accepted, in ms; Graph answers after ${GRAPH_MS} ms:`);
      console.table(rows);
      return rows;
    } finally {
      for (const { stack } of stacks) await stack.close();
    }
  },
};
