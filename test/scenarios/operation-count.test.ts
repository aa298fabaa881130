// What one mail costs on the happy path, counted on the wire: a further operation per mail fails here.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { billed, ownLineBytes, REQUEST_BYTES } from '../support/billed-bytes.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { type RunningStack, startRunningStack, WHEN_TOLD } from '../support/running-stack.ts';
import { newStorageAccount } from '../support/storage-account.ts';
import { ToldLines } from '../support/told.ts';
import { until } from '../support/until.ts';

const MAILS = 5;
const closers: (() => Promise<unknown>)[] = [];
const told = new ToldLines();
let stack: RunningStack;
let tables: FaultProxy;
let blobs: FaultProxy;

beforeAll(async () => {
  const account = await newStorageAccount();
  tables = await startFaultProxy(account.table);
  blobs = await startFaultProxy(account.blob);
  // The reconciler runs when the test says so.
  stack = await startRunningStack({
    storage: account.at({ table: tables.url, blob: blobs.url }),
    settings: { RECONCILE_SCHEDULE: WHEN_TOLD, GRAPH_TIMEOUT: 'PT5S', EXCHANGE_LIMITS: 'on' },
    log: told.log,
  });
  closers.push(() => stack.close(), ...[tables, blobs, account].map((one) => () => one.close()));
});
afterAll(async () => {
  for (const close of closers) await close();
});

/** Without what each process asks every few seconds whether or not there is mail: what operators have paused. */
const tableOperations = (): number => tables.passed.filter(({ path }) => !decodeURIComponent(path).includes("'~pauses'")).length;

interface Counters {
  sends: number;
  deliveries: number;
  completes: number;
  sessionAccepts: number;
}

async function busCounters(): Promise<Counters> {
  const response = await fetch(`${stack.url('serviceBusControl')}/counters`);
  return ((await response.json()) as Record<string, Counters>)['send-requests'] as Counters;
}

async function graphRequests(): Promise<number> {
  const { totals } = await stack.graph<{ totals: Record<string, number> }>('GET', 'stats');
  return ['sendMail', 'createDraft', 'send', 'list', 'get', 'delta'].reduce((sum, name) => sum + (totals[name] ?? 0), 0);
}

/** Looks that ask the log would count. */
const happened = (look: () => Promise<boolean>): Promise<boolean> => until('happened', look, Boolean);

test('a mail costs three queue operations, at most six of the table, none of blobs, one of Graph besides the reconciler, and at most 5 KB of log', async () => {
  const warmUp = await stack.send({ subject: 'Warm-up' });
  await stack.until(warmUp.location, 'accepted', ({ status }) => status === 'accepted');
  await stack.settled();
  await stack.startReconciling();
  await stack.untilStatus(warmUp.location, 'sent');
  await happened(async () => told.lines.some((line) => line.includes('"event":"reconciled"')));

  const before = { bus: await busCounters(), tables: tableOperations(), blobs: blobs.passed.length, graph: await graphRequests() };
  const linesBefore = told.lines.length;
  const posted = [];
  const costs: number[] = [];
  for (let n = 0; n < MAILS; n++) {
    const started = tableOperations();
    posted.push(await stack.send({ subject: `Counted ${n}` }));
    await happened(async () => (await busCounters()).completes === before.bus.completes + n + 1);
    costs.push(tableOperations() - started);
  }
  const bus = await busCounters();
  expect(bus.sends - before.bus.sends).toBe(MAILS);
  expect(bus.deliveries - before.bus.deliveries).toBe(MAILS);
  // Each mail's session is released when it is done: without that, the next mail of its lane would find it still taken.
  expect(bus.sessionAccepts - before.bus.sessionAccepts).toBe(MAILS);
  expect((await graphRequests()) - before.graph).toBe(MAILS);
  // The record, the worker's read, the claim, the outcome. A worker that overtakes the HTTP API costs up to two more, so the least counts.
  expect(Math.min(...costs)).toBe(4);
  // What is read every few seconds (pauses, proofs) is paid by one of them, the first most often.
  expect(costs.toSorted((a, b) => a - b).at(-2)).toBeLessThanOrEqual(6);
  expect(Math.max(...costs)).toBeLessThanOrEqual(9);
  const submitted = tableOperations();

  await happened(async () => (await stack.deliveries(`Counted ${MAILS - 1}`)).length === 1);
  await stack.settled();
  await stack.startReconciling();
  await happened(async () => told.lines.some((line) => line.includes('"event":"reconciled"') && line.includes('"visited":1')));
  // The reconciler's own rows: the registry read and saved, the agenda, and the pauses of accounts. The copies: one query, one transaction.
  const OWN = 4;
  await happened(async () => told.lines.filter((line) => line.includes('"event":"foundInSentItems"')).length === MAILS + 1);
  expect(tableOperations() - submitted).toBeLessThanOrEqual(2 + OWN);
  expect(blobs.passed.length - before.blobs).toBe(0);
  // The invocations at the HTTP API and of the worker; the reconciler's is shared by all that it finds.
  const lines = told.lines.slice(linesBefore).filter((line) => !line.includes('"event":"reconciled"'));
  const bytes = billed(lines, 2 * MAILS) / MAILS;
  expect(bytes).toBeGreaterThan(2 * REQUEST_BYTES + 3 * ownLineBytes(''));
  expect(bytes).toBeLessThanOrEqual(5_000);
  for (const { location } of posted) expect((await stack.get(location)).status).toBe('sent');
});
