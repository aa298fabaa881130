// `npx graph-mail-queue demo`: a stack of its own, a dozen mails through faults, each one's timeline, and an exit code that says whether all ended as they should.
import { parseArgs } from 'node:util';
import { buildBundle, type RunningStack, type SendRequest, startRunningStack } from '../test/support/running-stack.ts';
import { type DemoCase, demoCases } from './demo-cases.ts';

const SETTINGS = { IN_DOUBT_GRACE: 'PT6S', GRAPH_TIMEOUT: 'PT3S', RECONCILE_SCHEDULE: '*/2 * * * * *', RETRY_INITIAL_INTERVAL: 'PT1S' };

interface Ended {
  subject: string;
  problem?: string;
}

const time = (dateTime: string, since: string): string => `+${((Date.parse(dateTime) - Date.parse(since)) / 1000).toFixed(1)} s`;

function timeline(title: string, expected: string, request: SendRequest, delivered: number): string {
  const since = request.events[0]?.dateTime ?? '';
  const rows = request.events.map(({ type, dateTime, attempt, recipient, detail }) => [
    time(dateTime, since).padStart(8),
    type.padEnd(28),
    String(attempt ?? '').padEnd(3),
    [recipient, detail].filter(Boolean).join(': ').slice(0, 96),
  ]);
  const head = `${title}\n  expected: ${expected}\n  ended: ${request.status}, delivered ${delivered} time(s)`;
  return `${head}\n${rows.map((row) => `  ${row.join('  ')}`).join('\n')}\n`;
}

async function play(stack: RunningStack, one: DemoCase): Promise<Ended> {
  const { subject } = one;
  try {
    await one.prepare?.(stack);
    const posted = await one.post(stack);
    if (posted.status !== 202) throw new Error(`answered ${posted.status}`);
    await one.meanwhile?.(stack, posted.location);
    const request = await stack.until(posted.location, one.expected, one.ended, 40_000);
    const delivered = (await stack.deliveries(subject)).length;
    console.log(timeline(`${subject}: ${one.title}`, one.expected, request, delivered));
    if (delivered !== one.delivered) return { subject, problem: `delivered ${delivered} times instead of ${one.delivered}` };
    return { subject };
  } catch (error) {
    return { subject, problem: (error as Error).message.slice(0, 2_000) };
  }
}

// It takes no options.
parseArgs();
buildBundle();
const stack = await startRunningStack({ settings: SETTINGS });
let problems: Ended[] = [];
try {
  // The first mail is found by its mark, which proves that marks survive here: from then on one POST per mail.
  const [warmUp, ...rest] = demoCases;
  const ended = warmUp ? [await play(stack, warmUp)] : [];
  ended.push(...(await Promise.all(rest.filter(({ alone }) => !alone).map((one) => play(stack, one)))));
  for (const one of rest.filter(({ alone }) => alone)) ended.push(await play(stack, one));
  problems = ended.filter(({ problem }) => problem !== undefined);
  for (const { subject, problem } of problems) console.error(`${subject} did not end as it should: ${problem}`);
  console.log(`${ended.length - problems.length} of ${ended.length} mails ended as they should.`);
} finally {
  await stack.close();
}
process.exit(problems.length > 0 ? 1 : 0);
