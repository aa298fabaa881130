// The stop switch: what is paused waits and isn't lost, its lifetime goes on, and who paused it and why is in its timeline, once.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { TableStopSwitch } from '../../../shared/adapters/table-storage/table-stop-switch.ts';
import type { Caller } from '../../../shared/domain/caller.ts';
import { type Stop, stopFor, stopIdOf, stopWaitMs } from '../../../shared/domain/stops.ts';
import type { StopSwitch } from '../../../shared/ports/stop-switch.ts';
import { liftPause, type StopOrder, setPause } from '../../../shared/usecases/stop-and-resume.ts';
import { InMemoryStopSwitch } from '../../fakes/in-memory-stop-switch.ts';
import { type Azurite, startAzuriteTables } from '../../support/azurite.ts';
import { answered, HOUR, MAILBOX, MINUTE, NO_ANSWER, Stage, unavailable } from '../usecases/stage.ts';

const OPERATOR: Caller = { application: 'operator', roles: ['SendRequests.Manage.All'], delegated: false };
let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
const stop = (order: Partial<StopOrder> = {}) =>
  setPause(stage.context, OPERATOR, { scope: 'everything', reason: 'wrong template', ...order });
const lift = (id: string) => liftPause(stage.context, OPERATOR, id, 'mended');
/** Handles what becomes visible until then. */
async function until(ms: number): Promise<void> {
  const end = stage.clock.now() + ms;
  for (;;) {
    const next = stage.queue.queued.map(({ notBefore }) => Date.parse(notBefore ?? '') || stage.clock.now()).sort((a, b) => a - b)[0];
    if (next === undefined || next > end) break;
    stage.clock.advanceTo(new Date(next).toISOString());
    await stage.deliver();
  }
  stage.clock.advanceTo(new Date(end).toISOString());
}

describe('paused mail', () => {
  test.each<[string, Partial<StopOrder>]>([
    ['everything', { scope: 'everything' }],
    ['its mailbox', { scope: 'mailbox', name: MAILBOX }],
    ['its application', { scope: 'application', name: 'application-1' }],
  ])('by a pause of %s waits, and goes out once, within two minutes after it was lifted', async (_, order) => {
    const id = await stage.post();
    const { id: pause } = await stop(order);
    await until(5 * HOUR);
    expect(stage.graph.calls).toEqual([]);
    expect((await stage.record(id)).status).toBe('queued');
    await lift(pause);
    await until(2 * MINUTE);
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('of others goes on', async () => {
    await stop({ scope: 'mailbox', name: 'other@contoso.com' });
    await stop({ scope: 'application', name: 'application-2' });
    await stage.post();
    await until(MINUTE);
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('tells once who paused it and why, and when it asks again; a second pause is told again', async () => {
    const id = await stage.post();
    const { id: pause } = await stop();
    await until(HOUR);
    const held = async () => (await stage.log.events(MAILBOX, id)).filter(({ type }) => type === 'submissionHeld');
    expect(await held()).toEqual([expect.objectContaining({ detail: 'paused (everything) by operator: wrong template' })]);
    expect((await stage.record(id)).nextAttemptDateTime).toBe(stage.successor().notBefore);
    await lift(pause);
    stage.clock.advance(1);
    await stop({ reason: 'again' });
    await until(HOUR);
    expect(await held()).toHaveLength(2);
  });

  test('is never overdue while it waits', async () => {
    const id = await stage.post();
    await stop();
    await until(3 * HOUR);
    const { nextAttemptDateTime = '' } = await stage.record(id);
    expect(Date.parse(nextAttemptDateTime)).toBeGreaterThan(stage.clock.now() - MINUTE);
  });

  test('whose row could not be written yet waits too', async () => {
    stage.before('log.create', unavailable);
    const id = await stage.post();
    await stop();
    await until(HOUR);
    expect(await stage.events(id)).toEqual(['enqueued', 'submissionHeld']);
    expect(stage.graph.calls).toEqual([]);
  });

  test('expires at the end of its lifetime', async () => {
    const id = await stage.post();
    await stop();
    await until(49 * HOUR);
    expect((await stage.record(id)).status).toBe('expired');
    expect(stage.queue.queued).toEqual([]);
  });

  test('in doubt is not sent again, and at the end of its lifetime it is looked for once more', async () => {
    const id = await stage.post();
    stage.graph.answerNext('submit', NO_ANSWER);
    await stage.deliver();
    await stop();
    await until(10 * HOUR);
    expect(stage.graph.submissions).toHaveLength(0);
    expect((await stage.record(id)).status).toBe('inDoubt');
    await until(40 * HOUR);
    expect((await stage.record(id)).status).toBe('unaccounted');
  });

  test('that was throttled before keeps what is known of it', async () => {
    const id = await stage.post();
    stage.graph.answerNext('submit', answered(429, undefined, MINUTE));
    await stage.deliver();
    const { id: pause } = await stop();
    await until(HOUR);
    await lift(pause);
    await until(2 * HOUR);
    expect(stage.graph.submissions).toHaveLength(1);
    expect((await stage.record(id)).status).toBe('accepted');
  });

  test('is not sent while nobody can say whether it is paused', async () => {
    await stage.post();
    stage.stops.down = true;
    await stage.deliver();
    expect(stage.graph.calls).toEqual([]);
    stage.stops.down = false;
    await until(HOUR);
    expect(stage.graph.submissions).toHaveLength(1);
  });
});

describe('pausing and resuming', () => {
  test('leave audit events with who, what and why', async () => {
    const { id } = await stop({ scope: 'application', name: 'application-1' });
    await stop({ scope: 'mailbox', name: MAILBOX });
    expect(await lift(id)).toBe(true);
    expect(await lift(id)).toBe(false);
    expect(stage.telemetry.named('operatorAction')).toEqual([
      { application: 'operator', action: 'pause', paused: 'application application-1', mailbox: undefined, reason: 'wrong template' },
      { application: 'operator', action: 'pause', paused: 'mailbox', mailbox: MAILBOX, reason: 'wrong template' },
      { application: 'operator', action: 'resume', paused: 'application application-1', mailbox: undefined, reason: 'mended' },
    ]);
  });

  test('resuming a mailbox ends the pause of its blocked account too', async () => {
    await stage.accountPauses.pause(MAILBOX, {
      until: new Date(stage.clock.now() + HOUR).toISOString(),
      reason: '5.1.8',
      since: stage.now(),
    });
    expect(await lift(stopIdOf('mailbox', MAILBOX))).toBe(true);
    expect(await stage.accountPauses.current(MAILBOX)).toBeUndefined();
  });
});

test('the widest pause is named', () => {
  const of = (id: string): Stop => ({ id, scope: 'everything', reason: '', setBy: '', setDateTime: '' });
  const mail = { mailbox: MAILBOX, application: 'a' };
  expect(stopFor([of('application:a'), of(`mailbox:${MAILBOX}`)], mail)?.id).toBe(`mailbox:${MAILBOX}`);
  expect(stopFor([of('application:a'), of('everything')], mail)?.id).toBe('everything');
  expect(stopFor([of('application:b')], mail)).toBeUndefined();
});

test('waits grow to a minute and a quarter, and not all are the same', () => {
  expect([1, 2, 3, 4, 5, 100].map((waits) => stopWaitMs(waits, 0))).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  expect(stopWaitMs(100, 1)).toBe(75_000);
});

let azurite: Azurite;
let now = 0;
beforeAll(async () => {
  azurite = await startAzuriteTables();
});
afterAll(() => azurite.close());
const harnesses: [string, () => StopSwitch][] = [
  ['in memory', () => new InMemoryStopSwitch()],
  [
    'Table Storage',
    () => new TableStopSwitch(new Table(makeTableClient({ connectionString: azurite.connectionString })), { now: () => now }),
  ],
];

describe.each(harnesses)('stop switch contract: %s', (_, make) => {
  test('what is set is in force at once in its own process, and until it is lifted', async () => {
    const one = make();
    expect(await one.current()).toEqual([]);
    const set: Stop = {
      id: 'mailbox:ü@contoso.com',
      scope: 'mailbox',
      name: 'ü@contoso.com',
      reason: "it's wrong",
      setBy: 'operator',
      setDateTime: '2026-01-15T08:00:00.000Z',
    };
    await one.set(set);
    await one.set({ ...set, id: 'everything', scope: 'everything' });
    await one.set({ ...set, reason: 'still wrong' });
    expect([...(await one.current())].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      { ...set, id: 'everything', scope: 'everything' },
      { ...set, reason: 'still wrong' },
    ]);
    expect(await one.lift(set.id)).toBe(true);
    expect(await one.lift(set.id)).toBe(false);
    expect((await one.current()).map(({ id }) => id)).toEqual(['everything']);
    await one.lift('everything');
  });
});

test('another process learns of it within seconds, by one reading', async () => {
  const connect = () => new TableStopSwitch(new Table(makeTableClient({ connectionString: azurite.connectionString })), { now: () => now });
  const [one, other] = [connect(), connect()];
  now = 1_000_000;
  expect(await other.current()).toEqual([]);
  await one.set({ id: 'everything', scope: 'everything', reason: 'r', setBy: 's', setDateTime: 'd' });
  expect(await other.current()).toEqual([]);
  now += 3_000;
  const all = await Promise.all(Array.from({ length: 20 }, () => other.current()));
  expect(all.every((stops) => stops.length === 1)).toBe(true);
  await one.lift('everything');
});
