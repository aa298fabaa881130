// Freezing mails exactly at a point of their way, so that a process can be killed there, and judging what became of them.
import { expect } from 'vitest';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import type { Held, Passed, When } from '../../support/fault-proxy.ts';
import { isGone, type ProxiedStack } from '../../support/proxied-stack.ts';
import type { Posted } from '../../support/running-stack.ts';
import { until } from '../../support/until.ts';

export interface CrashPoint {
  /** As the tables of the documents name it. */
  name: string;
  freeze: (stack: ProxiedStack, mailbox: string) => Held;
  /** What Graph or the recipients do to this mail. */
  fault?: Record<string, unknown>;
  to?: readonly string[];
  message?: Record<string, unknown>;
  /** Besides: one mail, and a log that says so. */
  judge?: (frozen: Frozen, stack: ProxiedStack) => Promise<void> | void;
}

export interface Frozen {
  point: CrashPoint;
  mailbox: string;
  held: Held;
  /** The HTTP API's answer; undefined if its process died first. */
  status?: number;
  record?: SendRequestRecord;
  events: { type: string; detail?: string }[];
  mails: number;
}

/** A transaction that lost to another writer has written nothing. */
const isRefused = ({ answer }: Passed): boolean => answer?.includes('HTTP/1.1 4') === true;

/** The transaction that writes this event for this mailbox. */
const writes =
  (event: string, mailbox: string): When =>
  (request) =>
    request.path.includes('$batch') && request.body.includes(mailbox) && request.body.includes(`-${event}-`) && !isRefused(request);

export const atEvent = (at: 'before' | 'after', event: string) => (stack: ProxiedStack, mailbox: string) =>
  stack.tables.hold(at, writes(event, mailbox));

/** The HTTP API's own write creates the record and nothing else; a worker that is faster writes its claim with it. */
export const atHttpApi = (at: 'before' | 'after') => (stack: ProxiedStack, mailbox: string) =>
  stack.tables.hold(
    at,
    (request) => request.body.includes('0000-enqueued') && request.body.includes(mailbox) && !request.body.includes('-submissionStarted-'),
  );

/** What the reconciler saves about a mailbox at the end of a visit; the HTTP API only touches that row. */
export const atVisitSaved = (at: 'before' | 'after') => (stack: ProxiedStack, mailbox: string) =>
  stack.tables.hold(
    at,
    ({ method, path, body }) =>
      method !== 'GET' && path.includes('~mailboxes') && path.includes(mailbox.split('@', 1)[0] ?? '') && body.includes('saveId'),
  );

export const atProof = (at: 'before' | 'after') => (stack: ProxiedStack) =>
  stack.tables.hold(at, ({ method, path }) => method !== 'GET' && path.includes('~proofs'));

/** The mark that the mailbox has changed comes before its first write in five minutes. */
export const atMark = (at: 'before' | 'after') => (stack: ProxiedStack, mailbox: string) =>
  stack.tables.hold(at, ({ method, path }) => {
    const decoded = decodeURIComponent(path);
    return method !== 'GET' && decoded.includes("'~changed'") && decoded.includes(mailbox);
  });

export const atGraph = (at: 'before' | 'after', method: string, path: RegExp) => (stack: ProxiedStack, mailbox: string) =>
  stack.graphProxy.hold(at, (request) => {
    const decoded = decodeURIComponent(request.path);
    return request.method === method && decoded.includes(mailbox) && path.test(decoded);
  });

const body = { contentType: 'Text', content: 'Please find the invoice in our portal.' };

/** Posts the mail of a point. `headers`: besides the type of the content. */
export function postMail(stack: ProxiedStack, { point, mailbox }: Frozen, headers: Record<string, string> = {}): Promise<Posted> {
  const { saveToSentItems, ...message } = { body, ...point.message } as Record<string, unknown>;
  const toRecipients = (point.to ?? ['customer@example.com']).map((address) => ({ emailAddress: { address } }));
  const text = JSON.stringify({
    message: { subject: point.name, toRecipients, ...message },
    ...(saveToSentItems === false && { saveToSentItems }),
  });
  return stack.post(`/v1.0/users/${mailbox}/sendMail`, text, { 'content-type': 'application/json', ...headers });
}

let played = 0;

/** Arms the points, posts a mail for each, and returns without waiting: some posts only end with their process. */
export async function start(stack: ProxiedStack, points: readonly CrashPoint[]): Promise<Frozen[]> {
  const frozen: Frozen[] = [];
  for (const point of points) {
    const mailbox = `crash-${++played}@contoso.com`;
    if (point.fault) await stack.fault({ mailbox, ...point.fault });
    frozen.push({ point, mailbox, held: point.freeze(stack, mailbox), events: [], mails: 0 });
  }
  for (const one of frozen) {
    void postMail(stack, one).then(
      ({ status }) => {
        one.status = status;
      },
      () => undefined,
    );
  }
  return frozen;
}

/** Kills while everything that could be frozen is, until each point was met: a reconciler has only so many visits at a time. */
export async function killAtEach(
  stack: ProxiedStack,
  frozen: readonly Frozen[],
  part: 'worker' | 'functions',
  atATime: number,
): Promise<number> {
  let kills = 0;
  for (let left = frozen.slice(); left.length > 0; kills++) {
    const wanted = Math.min(atATime, left.length);
    const names = () => Promise.resolve(left.filter(({ held }) => held.isReached()).map(({ point }) => point.name));
    await until(`frozen at ${left.map(({ point }) => point.name).join(' | ')}`, names, ({ length }) => length >= wanted);
    const worker = stack.stack.pids()['worker'] as number;
    const reached = left.filter(({ held }) => held.isReached());
    const restarted = stack.killed(part);
    // What is let go must not find its process still alive.
    await until('dead', () => Promise.resolve(worker), isGone);
    for (const { held } of reached) held.release();
    await restarted;
    left = left.filter((one) => !reached.includes(one));
  }
  return kills;
}

/** Waits until nothing can happen any more, and reads what the log and the emulator say of each mail. */
export async function readEnds(stack: ProxiedStack, frozen: readonly Frozen[]): Promise<void> {
  await stack.ended(frozen.length);
  const isSettled = (records: readonly SendRequestRecord[]) =>
    records.every(({ status, copyToRemove }) => status === 'sent' && !copyToRemove);
  // What never gets there is told by its own test.
  const look = async () => {
    await stack.reconcile();
    return stack.records();
  };
  const records = await until('all sent', look, isSettled, { everyMs: 500 }).catch(() => stack.records());
  const journal = await stack.journal();
  for (const one of frozen) {
    one.mails = journal.get(one.mailbox)?.length ?? 0;
    const record = records.find(({ mailbox }) => mailbox === one.mailbox);
    if (!record) continue;
    one.record = record;
    one.events = await stack.statusLog.events(one.mailbox, record.id);
  }
}

/** One mail, and a log that tells it as it was. */
export async function judge(stack: ProxiedStack, one: Frozen): Promise<void> {
  const types = one.events.map(({ type }) => type);
  expect(one.mails, types.join(' ')).toBe(1);
  expect(one.record?.status, types.join(' ')).toBe('sent');
  expect(types[0]).toBe('enqueued');
  expect(types).toContain('submissionStarted');
  expect(one.record?.attempts).toBeLessThanOrEqual(types.filter((type) => type === 'submissionStarted').length);
  await one.point.judge?.(one, stack);
}
