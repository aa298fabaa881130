// A worker, or the whole host, is killed at each point of the draft route, and between any two writes of the reconciler and of a
// copy's removal: one mail, and a truthful log.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ProxiedStack, startProxiedStack } from '../../support/proxied-stack.ts';
import {
  atEvent,
  atGraph,
  atProof,
  atVisitSaved,
  type CrashPoint,
  type Frozen,
  judge,
  killAtEach,
  readEnds,
  start,
} from './crash-points.ts';

const CREATE = /\/messages$/;
const SEND = /\/messages\/[^/]+\/send$/;
const ITEM = /\/messages\/[^/]+(\?|$)/;

const draftRoute: CrashPoint[] = [
  { name: '(c) the draft asked for, not made', freeze: atGraph('before', 'POST', CREATE) },
  { name: '(c) the draft made, not heard of', freeze: atGraph('after', 'POST', CREATE) },
  { name: '(c) the draft known, not in the log', freeze: atEvent('before', 'draftPrepared') },
  { name: '(c) the draft in the log, not sent', freeze: atEvent('after', 'draftPrepared') },
  { name: '(c) the send left, not taken', freeze: atGraph('before', 'POST', SEND) },
  { name: '(c) the send left, taken', freeze: atGraph('after', 'POST', SEND) },
  { name: '(d) the draft sent, not in the log', freeze: atEvent('before', 'submissionAccepted') },
  { name: '(e) the draft sent, in the log, before completion', freeze: atEvent('after', 'submissionAccepted') },
];

const lostAnswer = { operation: 'send', when: 'after', answer: { status: 504 } };
const twoRecipients = ['unknown-user@example.org', 'bob@contoso.com'];

async function isFailedOnce({ record, events }: Frozen, stack: ProxiedStack): Promise<void> {
  const recipients = await stack.statusLog.recipients(record?.mailbox ?? '', record?.id ?? '');
  expect(recipients.map(({ action }) => action)).toEqual(['failed', undefined]);
  expect(events.filter(({ type }) => type === 'recipientFailed')).toHaveLength(1);
}

async function isRemoved({ mailbox, events }: Frozen, stack: ProxiedStack): Promise<void> {
  const { value } = await stack.graph<{ value: unknown[] }>('GET', `mailboxes/${mailbox}/mails?folder=sentitems`);
  expect(value).toEqual([]);
  expect(events.filter(({ type }) => type === 'copyRemoved')).toHaveLength(1);
}
const unsaved = { message: { saveToSentItems: false }, judge: isRemoved };

const reconciler: CrashPoint[] = [
  { name: '(g) before the copy is in the log', freeze: atEvent('before', 'foundInSentItems') },
  { name: '(g) the copy in the log, before the proof', freeze: atProof('before') },
  { name: '(g) after the proof', freeze: atProof('after') },
  { name: '(g) a doubt settled, not in the log', freeze: atEvent('before', 'foundInSentItems'), fault: lostAnswer },
  { name: '(g) a doubt settled, in the log', freeze: atEvent('after', 'foundInSentItems'), fault: lostAnswer },
  { name: '(g) a report read, not in the log', freeze: atEvent('before', 'recipientFailed'), to: twoRecipients, judge: isFailedOnce },
  {
    name: '(g) a report in the log, before the visit is saved',
    freeze: atEvent('after', 'recipientFailed'),
    to: twoRecipients,
    judge: isFailedOnce,
  },
  { name: '(g) before the visit is saved', freeze: atVisitSaved('before') },
  { name: '(g) after the visit is saved', freeze: atVisitSaved('after') },
  { name: '(g) removal: the copy in the log, not removed', freeze: atGraph('before', 'GET', ITEM), ...unsaved },
  { name: '(g) removal: asked for, not done', freeze: atGraph('before', 'DELETE', ITEM), ...unsaved },
  { name: '(g) removal: done, not heard of', freeze: atGraph('after', 'DELETE', ITEM), ...unsaved },
  { name: '(g) removal: done, not in the log', freeze: atEvent('before', 'copyRemoved'), ...unsaved },
  { name: '(g) removal: in the log', freeze: atEvent('after', 'copyRemoved'), ...unsaved },
];

const rounds = [
  { how: 'the worker is killed', part: 'worker', counted: true },
  { how: 'the host is killed', part: 'functions', counted: false },
] as const;
const points = [...draftRoute, ...reconciler];
/** The reconciler visits four mailboxes at a time; one is left for those that are not frozen. */
const AT_A_TIME = 3;

let stack: ProxiedStack;
const played = new Map<string, Frozen[]>();

beforeAll(async () => {
  stack = await startProxiedStack({ settings: { GRAPH_TIMEOUT: 'PT2S', IN_DOUBT_GRACE: 'PT3S', SUBMISSION_ROUTE: 'draft' } });
  for (const { how, part, counted } of rounds) {
    await stack.bus('POST', 'settings', { countDroppedDeliveries: counted });
    const submissions = await start(stack, draftRoute);
    await killAtEach(stack, submissions, part, draftRoute.length);
    const visits = await start(stack, reconciler);
    await killAtEach(stack, visits, part, AT_A_TIME);
    played.set(how, [...submissions, ...visits]);
  }
  await readEnds(stack, [...played.values()].flat());
});
afterAll(() => stack?.close());

describe.each(rounds)('$how', ({ how }) => {
  test.each(points)('$name', async ({ name }) => {
    const one = played.get(how)?.find(({ point }) => point.name === name);
    await judge(stack, one as Frozen);
  });
});
