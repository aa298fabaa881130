// What a mail costs by size, route and number of mailboxes: CPU of each process, operations, bytes of log, and the time of each phase.
import { REQUEST_BYTES } from '../../test/support/billed-bytes.ts';
import type { SendRequest } from '../../test/support/running-stack.ts';
import { SELDOM, until } from '../../test/support/until.ts';
import type { CaseSet, Progress } from './case-set.ts';
import { type CountedStack, type Operations, startCountedStack } from './counted-stack.ts';
import { spread } from './figures.ts';
import { ASSUMPTIONS, type Bill, billOf, PRICES, RATE } from './prices.ts';
import { cpuOf, cpuPerMail, perMail } from './processes.ts';
import { inParallel, type Letter, letters, post, queueCounters } from './traffic.ts';

interface Case {
  name: string;
  bytes: number;
  mails: number;
  mailboxes: number;
  keyed?: true;
}

const KB = 1024;
const DIRECT: readonly Case[] = [
  { name: '2 KB', bytes: 2 * KB, mails: 120, mailboxes: 20 },
  // Fewer than the limit of a minute: the counters are one row of the mailbox.
  { name: '2 KB, 1 mailbox', bytes: 2 * KB, mails: 20, mailboxes: 1 },
  { name: '2 KB, 200 mailboxes', bytes: 2 * KB, mails: 200, mailboxes: 200 },
  { name: '2 KB, keyed', bytes: 2 * KB, mails: 60, mailboxes: 20, keyed: true },
  { name: '100 KB', bytes: 100 * KB, mails: 40, mailboxes: 20 },
  { name: '5 MB', bytes: 5 * KB * KB, mails: 6, mailboxes: 6 },
];
const DRAFT: readonly Case[] = [
  { name: '2 KB, draft', bytes: 2 * KB, mails: 60, mailboxes: 20 },
  { name: '100 KB, draft', bytes: 100 * KB, mails: 20, mailboxes: 20 },
];

export interface MailCosts {
  case: string;
  mails: number;
  mailboxes: number;
  /** Milliseconds of each process; `accept` is the worker's for mail that goes out tomorrow. */
  acceptCpu: number;
  cpu: Record<string, number>;
  operations: Operations;
  /** What one run of the reconciler costs more than the run before these mails, for each of them. */
  reconciled: Operations & { workerCpu: number };
  phases: Record<string, ReturnType<typeof spread>>;
}

const difference = (before: Operations, after: Operations, mails: number): Operations =>
  Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, perMail(Math.max(0, value - before[name as keyof Operations]), mails)]),
  ) as unknown as Operations;

const timeOf = ({ events }: SendRequest, ...types: string[]): number =>
  Date.parse(events.find(({ type }) => types.includes(type))?.dateTime ?? '');

/** The HTTP API alone: the worker has nothing to do with mail that goes out tomorrow. */
async function acceptCpu(counted: CountedStack, planned: readonly Letter[]): Promise<number> {
  const later = new Date(Date.now() + 86_400_000).toISOString();
  const before = cpuOf(counted.stack);
  await inParallel(planned, (letter) => post(counted.stack, { ...letter, headers: { ...letter.headers, 'send-at': later } }));
  return cpuPerMail(before, cpuOf(counted.stack), planned.length)['worker'] as number;
}

async function measure(counted: CountedStack, one: Case, progress: Progress): Promise<Omit<MailCosts, 'acceptCpu'>> {
  const { stack } = counted;
  const { mails } = one;
  counted.forget();
  const idle = await counted.operations();
  // What a run costs that has only the mailboxes of the cases before to look after.
  await counted.reconcile();
  const run = difference(idle, await counted.operations(), 1);
  const [cpu, operations, { completes }] = [cpuOf(stack), await counted.operations(), await queueCounters(stack)];
  const sent = await inParallel(letters(one.name, one), (letter) => post(stack, letter));
  const isThrough = async () => (await queueCounters(stack)).completes - completes;
  await until(`${one.name}: through with all mails`, isThrough, (done) => done >= mails, SELDOM);
  progress(`${one.name}: accepted`);
  const [cpuAccepted, accepted] = [cpuOf(stack), await counted.operations()];
  const told = Date.now();
  await counted.reconcile();
  const [cpuReconciled, reconciled] = [cpuOf(stack), await counted.operations()];
  const requests = await inParallel(sent, ({ location }) => stack.untilStatus(location, 'accepted', 'sent'));
  const started = requests.map((request) => timeOf(request, 'submissionStarted'));
  const ended = requests.map((request) => timeOf(request, 'submissionAccepted', 'foundInSentItems'));
  const since = (times: readonly number[], from: readonly number[]) => times.map((time, n) => Math.max(0, time - (from[n] as number)));
  const spent = difference(operations, accepted, mails);
  return {
    case: one.name,
    mails,
    mailboxes: one.mailboxes,
    cpu: cpuPerMail(cpu, cpuAccepted, mails),
    // An invocation at the HTTP API and one of the worker.
    operations: { ...spent, log: Math.round(spent.log + 2 * REQUEST_BYTES) },
    reconciled: {
      ...difference(run, difference(accepted, reconciled, 1), mails),
      workerCpu: cpuPerMail(cpuAccepted, cpuReconciled, mails)['worker'] as number,
    },
    phases: {
      'POST to 202': spread(sent.map(({ doorMs }) => doorMs)),
      '202 to submission': spread(
        since(
          started,
          sent.map(({ answeredAt }) => answeredAt),
        ),
      ),
      submission: spread(since(ended, started)),
      // In Azure the run begins within RECONCILE_SCHEDULE of the acceptance.
      'run of the reconciler to sent': spread(
        since(
          requests.map((request) => timeOf(request, 'foundInSentItems')),
          requests.map(() => told),
        ),
      ),
    },
  };
}

async function measured(cases: readonly Case[], settings: Record<string, string>, progress: Progress): Promise<MailCosts[]> {
  const counted = await startCountedStack(settings);
  try {
    // What is compiled and connected with the first mails is not of each mail.
    await measure(counted, { name: 'first', bytes: 2 * KB, mails: 40, mailboxes: 10 }, progress);
    const rows: Omit<MailCosts, 'acceptCpu'>[] = [];
    for (const one of cases) {
      progress(one.name);
      rows.push(await measure(counted, one, progress));
    }
    // At the end: the reconciler would look after their mailboxes in the other cases.
    const accepts: number[] = [];
    for (const one of cases) accepts.push(await acceptCpu(counted, letters(`later ${one.name}`, one)));
    return rows.map((row, n) => ({ ...row, acceptCpu: accepts[n] as number }));
  } finally {
    await counted.close();
  }
}

/** One flat row for the terminal. */
const printed = ({ mailboxes: _, mails, acceptCpu, cpu, operations, phases, case: name }: MailCosts): Record<string, unknown> => ({
  case: name,
  mails,
  'accept CPU': acceptCpu,
  'worker CPU': cpu['worker'],
  ...operations,
  ...Object.fromEntries(Object.entries(phases).map(([phase, { median, p95 }]) => [phase, `${median} / ${p95}`])),
});

/** USD for a million mails of a case, the reconciler's part included. */
function billed({ case: name, operations, reconciled }: MailCosts): { case: string } & Bill {
  const sum = (of: keyof Operations): number => operations[of] + reconciled[of];
  return { case: name, ...billOf({ table: sum('table'), blob: sum('blob'), queue: sum('queue'), log: sum('log') }) };
}

export const perMailCosts: CaseSet = {
  name: 'perMail',
  async run(progress) {
    const rows = [...(await measured(DIRECT, {}, progress)), ...(await measured(DRAFT, { SUBMISSION_ROUTE: 'draft' }, progress))];
    progress('');
    console.log('For each mail until Graph has accepted: ms of CPU, operations, bytes of log; ms of each phase, median / p95:');
    console.table(rows.map(printed));
    const bills = rows.map(billed);
    console.log(`USD for a million mails at ${RATE} a second, prices from memory (scripts/bench/prices.ts):`);
    console.table(bills);
    return { rows, bills, prices: Object.values(PRICES), assumptions: ASSUMPTIONS };
  },
};
