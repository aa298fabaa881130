// Sends mail through a running stack, and times it: from the POST to the 202, and from the 202 until Graph has accepted.
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { type RunningStack, startRunningStack } from '../../test/support/running-stack.ts';
import { SELDOM, until } from '../../test/support/until.ts';
import type { Progress } from './case-set.ts';
import type { Mail } from './figures.ts';

/** How many posts are on their way at a time. */
export const AT_A_TIME = 16;

/** A Graph that takes its time answers after this, as Exchange Online does in the middle of the day. */
export const GRAPH_MS = 250;

export const inParallel = <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> => pLimit(AT_A_TIME).map(items, work);

export const planned = (what: string, count: number, mailboxes: number): Mail[] =>
  Array.from({ length: count }, (_, n) => ({ subject: `${what} ${n}`, mailbox: `${what}-${n % mailboxes}@contoso.com` }));

/** A stack that knows that marks survive: from then on a mail is one POST. */
export async function startWarmStack(settings: Readonly<Record<string, string>>, hostJson?: string): Promise<RunningStack> {
  const stack = await startRunningStack({ settings, ...(hostJson !== undefined && { hostJson }) });
  try {
    await stack.untilStatus((await stack.send({ subject: 'warm-up' })).location, 'sent');
    return stack;
  } catch (error) {
    await stack.close();
    throw error;
  }
}

/** The same on a stack whose reconciler runs only when it is told to. What has been started is closed if the mail does not get through. */
export async function proveMarks(stack: RunningStack, close: () => Promise<void>): Promise<void> {
  try {
    const { location } = await stack.send({ subject: 'warm-up' });
    await stack.untilStatus(location, 'accepted');
    await stack.settled();
    await stack.startReconciling();
    await stack.untilStatus(location, 'sent');
  } catch (error) {
    await close();
    throw error;
  }
}

export interface Letter {
  mailbox: string;
  body: string;
  headers: Record<string, string>;
}

/** Mails of so many bytes: as text up to 3 KB, above that as a file in base64, as applications send it. */
export function letters(
  what: string,
  { bytes, mails, mailboxes, keyed }: { bytes: number; mails: number; mailboxes: number; keyed?: boolean },
): Letter[] {
  const isText = bytes <= 3 * 1024;
  const contentBytes = isText ? '' : Buffer.alloc(Math.floor((bytes * 3) / 4), 7).toString('base64');
  const file = { '@odata.type': '#microsoft.graph.fileAttachment', name: 'file.bin', contentBytes };
  return planned(what, mails, mailboxes).map(({ subject, mailbox }, n) => ({
    mailbox: mailbox.replaceAll(/[ ,]+/g, '-'),
    body: JSON.stringify({
      message: {
        subject,
        body: { contentType: 'Text', content: isText ? 'x'.repeat(bytes) : 'See the file.' },
        toRecipients: [{ emailAddress: { address: 'customer@example.com' } }],
        ...(!isText && { attachments: [file] }),
      },
    }),
    headers: { 'content-type': 'application/json', ...(keyed === true && { 'idempotency-key': `${what}-${n}` }) },
  }));
}

interface Counters {
  sends: number;
  deliveries: number;
  completes: number;
  sessionAccepts: number;
}

/** The counters of the queue, since the stack was started. */
export async function queueCounters(stack: RunningStack): Promise<Counters> {
  const response = await fetch(`${stack.url('serviceBusControl')}/counters`);
  return ((await response.json()) as Record<string, Counters>)['send-requests'] as Counters;
}

export interface Timed {
  doorMs: number[];
  /** From our 202 to Graph's. The worker can be quicker than the HTTP API's answer. */
  acceptedMs: number[];
  /** From the first POST until the last mail was accepted. */
  seconds: number;
  /** How often a session was taken for these mails. */
  sessionAccepts: number;
}

export interface Sent {
  location: string;
  doorMs: number;
  answeredAt: number;
}

/** If the HTTP API is busy (429, 503), the POST is repeated as its answer says. */
export async function post(stack: RunningStack, letter: Letter): Promise<Sent> {
  for (let again = 0; again < 10; again++) {
    const asked = performance.now();
    const { status, location } = await stack.post(`/v1.0/users/${letter.mailbox}/sendMail`, letter.body, letter.headers);
    if (status === 202) return { location, doorMs: performance.now() - asked, answeredAt: Date.now() };
    if (status !== 429 && status !== 503) throw new Error(`${letter.mailbox}: the HTTP API answered ${status}`);
    await sleep(1_000);
  }
  throw new Error(`${letter.mailbox}: the HTTP API stayed busy`);
}

/** Posts all mails as fast as the HTTP API takes them, or one at each interval, even if earlier ones have no answer yet. */
async function postAll(stack: RunningStack, mails: readonly Letter[], everyMs: number | undefined): Promise<Sent[]> {
  if (everyMs === undefined) return inParallel(mails, (mail) => post(stack, mail));
  const begun = performance.now();
  return Promise.all(
    mails.map(async (mail, n) => {
      await sleep(begun + n * everyMs - performance.now());
      return post(stack, mail);
    }),
  );
}

/** On a busy machine an answer can come too late, and the mail is then found. */
const ACCEPTED = ['submissionAccepted', 'foundInMailbox', 'foundInSentItems'];

/** Asks the queue whether it has handled all mails, because reading each send request would slow them down. The times come from the log. */
export async function timed(stack: RunningStack, mails: readonly Letter[], progress: Progress, everyMs?: number): Promise<Timed> {
  const before = await queueCounters(stack);
  const begun = Date.now();
  const sent = await postAll(stack, mails, everyMs);
  const after = await until(
    'all mails handled',
    async () => {
      const counters = await queueCounters(stack);
      progress(`${counters.completes - before.completes} of ${mails.length} mails`);
      return counters;
    },
    ({ completes }) => completes >= before.completes + mails.length,
    SELDOM,
  );
  const accepted = await inParallel(sent, async ({ location }) => {
    const { events } = await stack.until(location, 'accepted', ({ status }) => status === 'accepted' || status === 'sent');
    return Date.parse(events.find(({ type }) => ACCEPTED.includes(type))?.dateTime ?? '');
  });
  return {
    doorMs: sent.map(({ doorMs }) => doorMs),
    acceptedMs: sent.map(({ answeredAt }, n) => Math.max(0, (accepted[n] as number) - answeredAt)),
    seconds: (Math.max(...accepted) - begun) / 1000,
    sessionAccepts: after.sessionAccepts - before.sessionAccepts,
  };
}
