// A worker, or the whole host, is killed at each point of a submission on the direct route, and of the HTTP API: one mail, and a truthful log.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { type ProxiedStack, startProxiedStack } from '../../support/proxied-stack.ts';
import { type Posted, WHEN_TOLD } from '../../support/running-stack.ts';
import {
  atEvent,
  atGraph,
  atHttpApi,
  atMark,
  type CrashPoint,
  type Frozen,
  judge,
  killAtEach,
  postMail,
  readEnds,
  start,
} from './crash-points.ts';

const POST = /\/sendMail$/;
const answers = (status: number, when: 'before' | 'after', more = {}) => ({ operation: 'sendMail', when, answer: { status, ...more } });
/** The caller knows nothing; the mail goes out all the same, since the queue had it. */
const unanswered = ({ status }: Frozen) => expect([undefined, 500, 502, 503]).toContain(status);

const points: CrashPoint[] = [
  { name: 'the mailbox not marked as changed', freeze: atMark('before') },
  { name: 'the mailbox marked as changed, the log not written', freeze: atMark('after') },
  { name: '(a) before the claim', freeze: atEvent('before', 'submissionStarted') },
  { name: '(b) between claim and POST', freeze: atEvent('after', 'submissionStarted') },
  { name: '(c) after the body left, not taken', freeze: atGraph('before', 'POST', POST) },
  { name: '(c) after the body left, taken', freeze: atGraph('after', 'POST', POST) },
  { name: '(d) after the 202, before the log', freeze: atEvent('before', 'submissionAccepted') },
  { name: '(d) doubt on the queue, not in the log, not taken', freeze: atEvent('before', 'outcomeUnknown'), fault: answers(500, 'before') },
  { name: '(d) doubt on the queue, not in the log, taken', freeze: atEvent('before', 'outcomeUnknown'), fault: answers(504, 'after') },
  { name: '(d) deferral on the queue, not in the log', freeze: atEvent('before', 'submissionThrottled'), fault: answers(429, 'before') },
  { name: '(e) after the log, before completion', freeze: atEvent('after', 'submissionAccepted') },
  { name: '(e) doubt logged, before completion', freeze: atEvent('after', 'outcomeUnknown'), fault: answers(502, 'after') },
  { name: '(e) deferral logged, before completion', freeze: atEvent('after', 'submissionThrottled'), fault: answers(429, 'before') },
  { name: 'after a doubt, before the next claim', freeze: atEvent('after', 'notFoundAfterGrace'), fault: answers(503, 'before') },
  { name: '(f) at the HTTP API, before the log', freeze: atHttpApi('before'), judge: unanswered },
  { name: '(f) at the HTTP API, after the log', freeze: atHttpApi('after'), judge: unanswered },
];

const rowAlone: CrashPoint = { name: '(f) at the HTTP API, the row alone', freeze: atHttpApi('after'), judge: unanswered };

const rounds = [
  { how: 'the worker is killed', part: 'worker', counted: true },
  { how: 'the host is killed, its redelivery counts', part: 'functions', counted: true },
  { how: 'the host is killed, its redelivery does not count', part: 'functions', counted: false },
] as const;

let stack: ProxiedStack;
const played = new Map<string, Frozen[]>();
let repeated: Posted;
let wasQueued: boolean;

beforeAll(async () => {
  stack = await startProxiedStack({ settings: { GRAPH_TIMEOUT: 'PT2S', IN_DOUBT_GRACE: 'PT3S', RECONCILE_SCHEDULE: WHEN_TOLD } });
  for (const { how, part, counted } of rounds) {
    await stack.bus('POST', 'settings', { countDroppedDeliveries: counted });
    const frozen = await start(stack, points);
    played.set(how, frozen);
    await killAtEach(stack, frozen, part, points.length);
  }
  // The log is written, the queue message is not, and the client's library repeats.
  await stack.bus('POST', 'outage', { on: true });
  const alone = await start(stack, [rowAlone]);
  await killAtEach(stack, alone, 'worker', 1);
  await stack.bus('POST', 'outage', { on: false });
  played.set(rowAlone.name, alone);
  const { id } = (await stack.records()).find(({ mailbox }) => mailbox === alone[0]?.mailbox) as SendRequestRecord;
  wasQueued = (await stack.queue()).messages.some(({ messageId }) => messageId.startsWith(id));
  for (const one of alone) repeated = await postMail(stack, one, { 'retry-attempt': '1' });
  await readEnds(stack, [...played.values()].flat());
});
afterAll(() => stack?.close());

describe.each(rounds)('$how', ({ how }) => {
  test.each(points)('$name', async ({ name }) => {
    const one = played.get(how)?.find(({ point }) => point.name === name);
    await judge(stack, one as Frozen);
  });
});

test(`${rowAlone.name}: the repeat is answered with that row, and its queue message goes on the queue`, async () => {
  const [one] = played.get(rowAlone.name) ?? [];
  await judge(stack, one as Frozen);
  expect(wasQueued).toBe(false);
  expect(repeated.status).toBe(202);
  expect(repeated.body.id).toBe(one?.record?.id);
  expect(one?.events.map(({ type }) => type)).toContain('repeatAnswered');
});
