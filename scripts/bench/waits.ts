// How long a mail waits for a session slot: bursts and a steady stream over many mailboxes, and a long queue of a single one.
import type { RunningStack } from '../../test/support/running-stack.ts';
import type { CaseSet, Progress } from './case-set.ts';
import { spread } from './figures.ts';
import { planned, startWarmStack, timed } from './traffic.ts';

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

async function measure(stack: RunningStack, { name, mails, mailboxes, perSecond }: Case, progress: Progress) {
  const everyMs = perSecond === undefined ? undefined : 1000 / perSecond;
  const { acceptedMs, seconds, sessionAccepts } = await timed(stack, planned(name, mails, mailboxes), progress, everyMs);
  const { median, p95, maximum } = spread(acceptedMs);
  const perMail = Number((sessionAccepts / mails).toFixed(2));
  return { case: name, mails, mailboxes, median, p95, maximum, seconds: Number(seconds.toFixed(1)), sessionsPerMail: perMail };
}

/** Graph answers after this, as Exchange Online does in the middle of the day. */
const GRAPH_MS = 250;

export const waits: CaseSet = {
  name: 'waits',
  async run(progress) {
    const stack = await startWarmStack({});
    try {
      await stack.fault({ operation: 'sendMail', answer: 'normal', delay: GRAPH_MS, times: null });
      const rows = [];
      for (const one of CASES) rows.push(await measure(stack, one, (text) => progress(`${one.name}: ${text}`)));
      progress('');
      console.log(`From 202 until Graph has accepted, in ms; Graph answers after ${GRAPH_MS} ms:`);
      console.table(rows);
      return rows;
    } finally {
      await stack.close();
    }
  },
};
