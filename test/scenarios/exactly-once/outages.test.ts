// Graph, the token endpoint, Service Bus, tables and blobs out of reach, one at a time and together, before and in the middle of work.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Passed } from '../../support/fault-proxy.ts';
import { type ProxiedStack, startProxiedStack } from '../../support/proxied-stack.ts';
import { until } from '../../support/until.ts';

interface Outage {
  name: string;
  down: (stack: ProxiedStack) => Promise<unknown>;
  up: (stack: ProxiedStack) => Promise<unknown>;
  /** The HTTP API's answer to a mail that fits into a queue message, and to one that needs a claim check. */
  small: 202 | 503;
  large: 202 | 503;
  /** What telemetry must tell so often before it is over: that work was met by it, again and again. */
  told?: { events: readonly string[]; times: number };
}

const refused = (name: 'graphProxy' | 'tokenProxy' | 'tables' | 'blobs'): Pick<Outage, 'down' | 'up'> => ({
  down: (stack) => stack[name].down('refuse'),
  up: (stack) => stack[name].up(),
});
const answers503 = (name: 'graphProxy' | 'tokenProxy' | 'tables' | 'blobs'): Pick<Outage, 'down' | 'up'> => ({
  down: (stack) => stack[name].down({ status: 503 }),
  up: (stack) => stack[name].up(),
});
const bus = {
  down: (stack: ProxiedStack) => stack.bus('POST', 'outage', { on: true }),
  up: (stack: ProxiedStack) => stack.bus('POST', 'outage', { on: false }),
};
const PARTS = [refused('graphProxy'), refused('tokenProxy'), refused('tables'), refused('blobs'), bus];

const outages: Outage[] = [
  {
    name: 'Graph refuses connections',
    ...refused('graphProxy'),
    small: 202,
    large: 202,
    told: { events: ['submissionFailedTransiently', 'submissionHeld'], times: 9 },
  },
  {
    name: 'Graph answers 503 without Retry-After',
    ...answers503('graphProxy'),
    small: 202,
    large: 202,
    told: { events: ['outcomeUnknown'], times: 3 },
  },
  {
    name: 'the token endpoint is down',
    ...answers503('tokenProxy'),
    // Graph refuses the token at hand from now on: it would last through the outage.
    down: async (stack) => {
      await stack.tokenProxy.down({ status: 503 });
      await stack.graph('POST', 'rotate-keys', { forgetOld: true });
    },
    small: 202,
    large: 202,
    told: { events: ['submissionFailedTransiently', 'submissionHeld'], times: 9 },
  },
  { name: 'Service Bus is out of reach', ...bus, small: 503, large: 503 },
  {
    name: 'tables refuse connections',
    ...refused('tables'),
    small: 202,
    large: 202,
    told: { events: ['submissionPostponed', 'logUnavailable'], times: 12 },
  },
  {
    name: 'tables answer 503',
    ...answers503('tables'),
    small: 202,
    large: 202,
    told: { events: ['submissionPostponed', 'logUnavailable'], times: 12 },
  },
  {
    name: 'blobs refuse connections',
    ...refused('blobs'),
    small: 202,
    large: 503,
    told: { events: ['submissionPostponed'], times: 3 },
  },
  {
    name: 'everything is down together',
    down: (stack) => Promise.all(PARTS.map(({ down }) => down(stack))),
    up: (stack) => Promise.all(PARTS.map(({ up }) => up(stack))),
    small: 503,
    large: 503,
  },
];

interface Mail {
  mailbox: string;
  expected: 202 | 503;
  status: number;
  retryAfter: string | null;
}

let stack: ProxiedStack;
const played = new Map<string, Mail[]>();
let mostDeliveries = 0;

const LARGE = 'x'.repeat(300_000);
let posted = 0;

async function post(content: string, expected: 202 | 503): Promise<Mail> {
  const mailbox = `outage-${++posted}@contoso.com`;
  const message = {
    subject: mailbox,
    body: { contentType: 'Text', content },
    toRecipients: [{ emailAddress: { address: 'customer@example.com' } }],
  };
  const response = await fetch(`${stack.url('functions')}/v1.0/users/${mailbox}/sendMail`, {
    method: 'POST',
    body: JSON.stringify({ message }),
    headers: { 'content-type': 'application/json' },
  });
  await response.arrayBuffer();
  return { mailbox, expected, status: response.status, retryAfter: response.headers.get('retry-after') };
}

const count = (events: readonly string[]): number => stack.told.filter(({ event }) => events.includes(event)).length;

/** Graph has answered its mail, and its worker hasn't heard of it yet; mails of earlier outages may still be on their way. */
async function postAndHold() {
  const mailbox = `outage-${posted + 1}@contoso.com`;
  await stack.fault({ mailbox, operation: 'sendMail', when: 'before', answer: { status: 401 } });
  const isOwn = ({ method, path }: Passed) => method === 'POST' && decodeURIComponent(path).endsWith(`${mailbox}/sendMail`);
  const held = stack.graphProxy.hold('after', isOwn);
  const mail = await post('held', 202);
  await held.reached;
  return { mail, held };
}

/** Mails of every kind are under way when it begins, others come while it lasts. */
async function play({ name, down, up, small, large, told }: Outage): Promise<void> {
  const { mail, held } = await postAndHold();
  const before = [mail, ...(await Promise.all([post('small', 202), post(LARGE, 202)]))];
  const seen = told ? count(told.events) : 0;
  await down(stack);
  held.release();
  const during = await Promise.all([post('small', small), post('small', small), post(LARGE, large)]);
  if (told)
    await until(
      `told that ${name}`,
      () => Promise.resolve(count(told.events)),
      (times) => times >= seen + told.times,
    );
  const { messages } = await stack.queue();
  mostDeliveries = Math.max(mostDeliveries, ...messages.map(({ deliveryCount }) => deliveryCount));
  await up(stack);
  played.set(name, [...before, ...during]);
}

beforeAll(async () => {
  stack = await startProxiedStack({
    settings: { GRAPH_TIMEOUT: 'PT3S', IN_DOUBT_GRACE: 'PT4S', RETRY_MAXIMUM_INTERVAL: 'PT2S', RECONCILE_SCHEDULE: '*/3 * * * * *' },
  });
  for (const outage of outages) await play(outage);
  const accepted = [...played.values()].flat().filter(({ status }) => status === 202);
  await stack.ended(accepted.length);
});
afterAll(() => stack?.close());

describe.each(outages)('$name', ({ name }) => {
  test('the HTTP API takes what can be queued, and answers 503 with Retry-After to what cannot', () => {
    for (const { status, expected, retryAfter } of played.get(name) ?? []) {
      expect(status).toBe(expected);
      if (status === 503) expect(Number(retryAfter)).toBeGreaterThan(0);
    }
  });

  test('what was accepted arrives afterwards, once, and nothing else', async () => {
    const journal = await stack.journal();
    const mails = played.get(name) ?? [];
    expect(mails.map(({ mailbox }) => journal.get(mailbox)?.length ?? 0)).toEqual(mails.map(({ status }) => (status === 202 ? 1 : 0)));
  });
});

test('no outage burns deliveries, and nothing is dead-lettered or unaccounted', async () => {
  expect(mostDeliveries).toBeLessThanOrEqual(3);
  expect((await stack.queue()).counts.deadLettered).toBe(0);
  const states = (await stack.records()).map(({ status }) => status);
  expect(states.filter((status) => !['sent', 'accepted', 'cancelled'].includes(status))).toEqual([]);
});
