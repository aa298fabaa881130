// A soak: hundreds of mails over many mailboxes while everything fails by chance; afterwards none is lost, none was sent twice.
import { setTimeout as sleep } from 'node:timers/promises';
import { SeededChance } from '../../../fakes/seeded-chance.ts';
import { type ProxiedStack, startProxiedStack } from '../../../support/proxied-stack.ts';
import { isWaiting } from '../../../support/running-stack.ts';
import { SELDOM, until } from '../../../support/until.ts';
import { heal, strike } from './chaos.ts';
import { graphFaults } from './graph-faults.ts';
import { planMails, postMail, type SoakMail } from './mails.ts';
import { judgeSoak, type Transported, type Verdict } from './verdict.ts';

export interface SoakOptions {
  seed: number;
  mails: number;
  milliseconds: number;
  say?: (line: string) => void;
}

export interface SoakResult extends Verdict {
  /** What never came to an end, and what was going on then. */
  unsettled: string[];
  mails: number;
  taken: number;
  posts: number;
  /** By the id of the fault. */
  fired: Record<string, number>;
  blows: Map<string, number>;
  deadLettered: number;
}

const SETTINGS = {
  GRAPH_TIMEOUT: 'PT2S',
  IN_DOUBT_GRACE: 'PT6S',
  RETRY_MAXIMUM_INTERVAL: 'PT3S',
  RECONCILE_SCHEDULE: '*/2 * * * * *',
};

/** Posts spread evenly over the time. */
async function postAll(stack: ProxiedStack, mails: readonly SoakMail[], milliseconds: number): Promise<void> {
  const posting: Promise<void>[] = [];
  const start = Date.now();
  for (const [n, mail] of mails.entries()) {
    const wait = start + (n * milliseconds) / mails.length - Date.now();
    if (wait > 0) await sleep(wait);
    posting.push(postMail(stack, mail));
  }
  await Promise.all(posting);
}

const isDone = ({ status, copyToRemove }: { status: string; copyToRemove?: boolean }) =>
  !isWaiting({ status }) && status !== 'accepted' && !copyToRemove;

export async function runSoak({ seed, mails: count, milliseconds, say = () => undefined }: SoakOptions): Promise<SoakResult> {
  const chance = new SeededChance(seed);
  const mails = planMails(count, chance);
  const proven = chance.number() < 0.5;
  const route = chance.number() < 0.5 ? 'draft' : 'auto';
  say(`seed ${seed}: ${count} mails in ${milliseconds / 1000} s, route ${route}, marks ${proven ? 'proven' : 'not proven yet'}`);
  const stack = await startProxiedStack({ settings: { ...SETTINGS, SUBMISSION_ROUTE: route }, proven });
  try {
    await stack.graph('PUT', 'faults', graphFaults(seed));
    let posted = false;
    const chaos = strike(stack, chance, () => posted);
    await postAll(stack, mails, milliseconds);
    posted = true;
    const blows = await chaos;
    const fired = await stack.fired();
    say(`${mails.filter(({ taken }) => taken).length} of ${count} mails were taken; now everything heals`);
    await heal(stack);
    const open = async () => (await stack.records()).filter((record) => !isDone(record));
    const unsettled: string[] = [];
    const note = (line: string) => void unsettled.push(line);
    await until('settled', open, ({ length }) => length === 0, SELDOM).catch(async () => {
      for (const { mailbox, id, subject, status } of await open()) {
        const last = (await stack.statusLog.events(mailbox, id)).at(-1);
        note(`${subject} ${id} ${status}: ${last?.type} ${last?.detail ?? ''}`);
      }
      note(JSON.stringify(await stack.queue()));
      note(stack.log.slice(-40).join('\n'));
    });
    await stack.drained(SELDOM).catch(({ message }: Error) => note(message));
    for (const line of unsettled) say(`never settled: ${line}`);
    const { value } = await stack.graph<{ value: Transported[] }>('GET', 'deliveries');
    return {
      ...judgeSoak(mails, await stack.records(), value),
      mails: count,
      unsettled,
      taken: mails.filter(({ taken }) => taken).length,
      posts: mails.reduce((sum, { posts }) => sum + posts, 0),
      fired: Object.fromEntries(Object.entries(fired).filter(([, times]) => times > 0)),
      blows,
      deadLettered: (await stack.queue()).counts.deadLettered,
    };
  } finally {
    await stack.close();
  }
}
