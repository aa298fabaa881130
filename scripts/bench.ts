// `npx graph-mail-queue bench [--mails N] [--mailboxes N] [--json FILE]`: how quick the queue is on this machine, and what lost answers cost, beside
// a client that calls Graph itself and repeats what was not answered. Prints a table; FILE (default dist/bench.json) gets the same as JSON.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import { buildBundle, type RunningStack, startRunningStack } from '../test/support/running-stack.ts';
import { SELDOM } from '../test/support/until.ts';
import { type Counted, counted, type Mail, type Row, spread } from './bench-figures.ts';

const { values } = parseArgs({
  options: {
    mails: { type: 'string', default: '300' },
    mailboxes: { type: 'string', default: '30' },
    json: { type: 'string', default: 'dist/bench.json' },
  },
});

function numberOf(name: 'mails' | 'mailboxes'): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value > 0) return value;
  console.error(`--${name} takes a whole number above 0, not "${values[name]}"`);
  return process.exit(2);
}

/** How many posts are on their way at a time. */
const AT_A_TIME = 16;
/** Mails whose first POST is taken by Graph, and its answer lost. */
const LOST = 20;

const planned = (what: string, count: number, mailboxes: number): Mail[] =>
  Array.from({ length: count }, (_, n) => ({ subject: `${what} ${n}`, mailbox: `${what}-${n % mailboxes}@contoso.com` }));

const inParallel = <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> => pLimit(AT_A_TIME).map(items, work);

interface Throughput {
  doorMs: number[];
  acceptedMs: number[];
  seconds: number;
}

/** From the first POST until Exchange has the last mail. */
async function throughQueue(stack: RunningStack, mails: readonly Mail[]): Promise<Throughput> {
  const begun = performance.now();
  const posted = await inParallel(mails, async (mail) => {
    const asked = performance.now();
    const { status, location } = await stack.send(mail);
    if (status !== 202) throw new Error(`${mail.subject}: the HTTP API answered ${status}`);
    return { location, ms: performance.now() - asked };
  });
  const requests = await inParallel(posted, ({ location }) =>
    stack.until(location, 'accepted', ({ status }) => status === 'accepted' || status === 'sent', SELDOM.patienceMs),
  );
  const acceptances = requests.map(({ events }) => {
    const at = (type: string) => Date.parse(events.find((event) => event.type === type)?.dateTime ?? '');
    return at('submissionAccepted') - at('enqueued');
  });
  return { doorMs: posted.map(({ ms }) => ms), acceptedMs: acceptances, seconds: (performance.now() - begun) / 1000 };
}

const loseAnswer = (stack: RunningStack, { mailbox }: Mail) =>
  stack.fault({ id: mailbox, mailbox, operation: 'sendMail', when: 'after', times: 1, answer: 'reset' });

/** What an application without a queue does: the POST again, until it is answered. */
async function byClientThatRepeats(stack: RunningStack, mails: readonly Mail[], token: string): Promise<Counted> {
  await inParallel(mails, async (mail) => {
    await loseAnswer(stack, mail);
    const message = { subject: mail.subject, toRecipients: [{ emailAddress: { address: 'customer@example.com' } }] };
    for (let attempt = 1; attempt <= 5; attempt++) {
      const answer = await fetch(`${stack.url('graph')}/v1.0/users/${mail.mailbox}/sendMail`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ message }),
      }).catch(() => undefined);
      if (answer?.ok) return;
    }
  });
  await stack.graph('POST', 'stages/settled');
  return counted(stack, mails);
}

async function byQueue(stack: RunningStack, mails: readonly Mail[]): Promise<Counted> {
  await inParallel(mails, async (mail) => {
    await loseAnswer(stack, mail);
    await stack.untilStatus((await stack.send(mail)).location, 'accepted', 'sent');
  });
  await stack.graph('POST', 'stages/settled');
  return counted(stack, mails);
}

async function tokenOf(stack: RunningStack): Promise<string> {
  const { IDENTITY_ENDPOINT = '', IDENTITY_HEADER = '' } = stack.stack.settings;
  const resource = encodeURIComponent(stack.stack.settings['GRAPH_BASE_URL'] ?? '');
  const answer = await fetch(`${IDENTITY_ENDPOINT}?resource=${resource}&api-version=2019-08-01`, {
    headers: { 'x-identity-header': IDENTITY_HEADER },
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

const [mails, mailboxes] = [numberOf('mails'), numberOf('mailboxes')];
buildBundle();
const stack = await startRunningStack({ settings: { GRAPH_TIMEOUT: 'PT3S', IN_DOUBT_GRACE: 'PT4S' } });
try {
  // The first mail proves that marks survive: from then on one POST per mail.
  await stack.untilStatus((await stack.send({ subject: 'warm-up' })).location, 'sent');
  const { doorMs, acceptedMs, seconds } = await throughQueue(stack, planned('bench', mails, mailboxes));
  const queue = await byQueue(stack, planned('queued', LOST, LOST));
  const client = await byClientThatRepeats(stack, planned('repeated', LOST, LOST), await tokenOf(stack));
  const rows: Row[] = [
    { what: 'POST to 202', ...spread(doorMs), unit: 'ms' },
    { what: 'queued to accepted by Graph', ...spread(acceptedMs), unit: 'ms' },
  ];
  const result = { mails, mailboxes, mailsPerSecond: mails / seconds, rows, lostAnswers: { queue, clientThatRepeats: client } };
  console.log(
    `${mails} mails of ${mailboxes} mailboxes, ${AT_A_TIME} posts at a time: ${result.mailsPerSecond.toFixed(1)} mails per second`,
  );
  console.table(rows);
  console.log(`${LOST} mails that Graph takes and whose first answer is lost:`);
  console.table({ 'graph-mail-queue': queue, 'a client that repeats the POST': client });
  mkdirSync(dirname(values.json), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify(result, undefined, 2)}\n`);
} finally {
  await stack.close();
}
