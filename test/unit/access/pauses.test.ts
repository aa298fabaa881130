// Pauses by operators: what is paused waits and isn't lost, its lifetime goes on, and who paused it and why is in its timeline, once.
import { beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../../shared/domain/accept/caller.ts';
import { nextAsk, type Pause, pauseFor, pauseWaitMs } from '../../../shared/domain/act/pauses.ts';
import { cancelSendRequest } from '../../../shared/usecases/act/cancel-send-request.ts';
import { liftPause, type PauseOrder, setPause } from '../../../shared/usecases/act/pause-and-resume.ts';
import { reconcileMailboxes } from '../../../shared/usecases/reconcile/reconcile-mailboxes.ts';
import { AskTurns } from '../../../shared/usecases/submit/ask-turns.ts';
import { SeededChance } from '../../fakes/seeded-chance.ts';
import { answered, HOUR, MAILBOX, MINUTE, NO_ANSWER, Stage, unavailable } from '../usecases/stage.ts';

const OPERATOR: Caller = { application: 'operator', roles: ['SendRequests.Manage.All'], delegated: false };
let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
const setPauseFor = (order: Partial<PauseOrder> = {}) =>
  setPause(stage.context, OPERATOR, { scope: 'everything', reason: 'wrong template', ...order });
const lift = ({ scope, name }: Pick<Pause, 'scope' | 'name'>) =>
  liftPause(stage.context, OPERATOR, { scope, reason: 'mended', ...(name !== undefined && { name }) });
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

test('a pause that a person has set names the person, in the list and in the audit log', async () => {
  const pause = await setPause(
    stage.context,
    { ...OPERATOR, delegated: true, user: 'olga' },
    { scope: 'everything', reason: 'wrong template' },
  );
  expect(pause.setBy).toBe('olga');
  expect(stage.telemetry.named('operatorAction')).toMatchObject([{ application: 'operator', user: 'olga', reason: 'wrong template' }]);
});

describe('paused mail', () => {
  test.each<[string, Partial<PauseOrder>]>([
    ['everything', { scope: 'everything' }],
    ['its mailbox', { scope: 'mailbox', name: MAILBOX }],
    ['its application', { scope: 'application', name: 'application-1' }],
  ])('by a pause of %s waits, and goes out once, within two minutes after it was lifted', async (_, order) => {
    const id = await stage.post();
    const pause = await setPauseFor(order);
    await until(5 * HOUR);
    expect(stage.graph.calls).toEqual([]);
    expect((await stage.record(id)).status).toBe('queued');
    await lift(pause);
    await until(2 * MINUTE);
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('of others goes on', async () => {
    await setPauseFor({ scope: 'mailbox', name: 'other@contoso.com' });
    await setPauseFor({ scope: 'application', name: 'application-2' });
    await stage.post();
    await until(MINUTE);
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('tells once who paused it and why, and when it asks again; a second pause is told again', async () => {
    const id = await stage.post();
    const pause = await setPauseFor();
    await until(HOUR);
    const held = async () => (await stage.log.events(MAILBOX, id)).filter(({ type }) => type === 'submissionHeld');
    expect(await held()).toEqual([expect.objectContaining({ detail: 'paused (everything) by operator: wrong template' })]);
    expect((await stage.record(id)).nextAttemptDateTime).toBe(stage.successor().notBefore);
    await lift(pause);
    stage.clock.advance(1);
    await setPauseFor({ reason: 'again' });
    await until(HOUR);
    expect(await held()).toHaveLength(2);
  });

  test('is never overdue while it waits', async () => {
    const id = await stage.post();
    await setPauseFor();
    await until(3 * HOUR);
    const { nextAttemptDateTime = '' } = await stage.record(id);
    expect(Date.parse(nextAttemptDateTime)).toBeGreaterThan(stage.clock.now() - MINUTE);
  });

  test('whose row could not be written yet waits too', async () => {
    stage.before('log.create', unavailable);
    const id = await stage.post();
    await setPauseFor();
    await until(HOUR);
    expect(await stage.events(id)).toEqual(['enqueued', 'submissionHeld']);
    expect(stage.graph.calls).toEqual([]);
  });

  test('expires at the end of its lifetime', async () => {
    const id = await stage.post();
    await setPauseFor();
    await until(49 * HOUR);
    expect((await stage.record(id)).status).toBe('expired');
    expect(stage.queue.queued).toEqual([]);
  });

  test('in doubt is not sent again, and at the end of its lifetime it is looked for once more', async () => {
    const id = await stage.post();
    stage.graph.answerNext('submit', NO_ANSWER);
    await stage.deliver();
    await setPauseFor();
    await until(10 * HOUR);
    expect(stage.graph.submissions).toHaveLength(0);
    expect((await stage.record(id)).status).toBe('inDoubt');
    await until(40 * HOUR);
    expect((await stage.record(id)).status).toBe('unaccounted');
  });

  test('in doubt that went out after all is found by the reconciler all the same', async () => {
    const id = await stage.post();
    stage.graph.answerNext('submit', NO_ANSWER, true);
    await stage.deliver();
    await setPauseFor();
    await reconcileMailboxes(stage.context);
    expect((await stage.record(id)).status).toBe('sent');
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('can be cancelled: then its queue message only drops itself', async () => {
    const id = await stage.post();
    const pause = await setPauseFor();
    await until(MINUTE);
    expect(await cancelSendRequest(stage.context, OPERATOR, { mailbox: MAILBOX, id })).toMatchObject({ kind: 'done' });
    await lift(pause);
    await until(HOUR);
    expect(stage.graph.calls).toEqual([]);
    expect(stage.queue.queued).toEqual([]);
    expect((await stage.record(id)).status).toBe('cancelled');
  });

  test('costs one queue message per asking, and none of its deliveries fails', async () => {
    await stage.post();
    await setPauseFor();
    for (let n = 0; n < 50; n++) {
      await until(2 * MINUTE);
      expect(stage.queue.queued).toHaveLength(1);
    }
  });

  test('that was throttled before keeps what is known of it', async () => {
    const id = await stage.post();
    stage.graph.answerNext('submit', answered(429, undefined, MINUTE));
    await stage.deliver();
    const pause = await setPauseFor();
    await until(HOUR);
    await lift(pause);
    await until(2 * HOUR);
    expect(stage.graph.submissions).toHaveLength(1);
    expect((await stage.record(id)).status).toBe('accepted');
  });

  test('is not sent while nobody can say whether it is paused', async () => {
    await stage.post();
    stage.pauses.down = true;
    await stage.deliver();
    expect(stage.graph.calls).toEqual([]);
    stage.pauses.down = false;
    await until(HOUR);
    expect(stage.graph.submissions).toHaveLength(1);
  });
});

describe('pausing and resuming', () => {
  test('leave audit events with who, what and why', async () => {
    const pause = await setPauseFor({ scope: 'application', name: 'application-1' });
    await setPauseFor({ scope: 'mailbox', name: MAILBOX });
    expect(await lift(pause)).toBe(true);
    expect(await lift(pause)).toBe(false);
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
    expect(await lift({ scope: 'mailbox', name: MAILBOX })).toBe(true);
    expect(await stage.accountPauses.current(MAILBOX)).toBeUndefined();
  });
});

test('the widest pause is named', () => {
  const of = (id: string): Pause => ({ id, scope: 'everything', reason: '', setBy: '', setDateTime: '' });
  const mail = { mailbox: MAILBOX, application: 'a' };
  expect(pauseFor([of('application:a'), of(`mailbox:${MAILBOX}`)], mail)?.id).toBe(`mailbox:${MAILBOX}`);
  expect(pauseFor([of('application:a'), of('everything')], mail)?.id).toBe('everything');
  expect(pauseFor([of('application:b')], mail)).toBeUndefined();
});

test('waits grow to a minute if few mails are held, and not all are the same', () => {
  expect([1, 2, 3, 4, 5, 100].map((waits) => pauseWaitMs(waits, 0, 0))).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  expect(pauseWaitMs(100, 0, 1)).toBe(45_000);
});

test('with many held mails they grow to a quarter of an hour, and no further', () => {
  expect(pauseWaitMs(1, 300_000, 0)).toBe(300_000);
  expect(pauseWaitMs(100, 10_000_000, 0)).toBe(900_000);
  expect(nextAsk(0, 1_000)).toBe(1_100);
  expect(nextAsk(5_000, 1_000)).toBe(5_100);
  expect(nextAsk(2_000_000, 1_000)).toBe(901_000);
});

describe('how often held mails ask', () => {
  /** Asks in each second, if so many mails come under a pause at the same time and one process holds them. */
  function asksOf(mails: number, seconds: number): number[] {
    const turns = new AskTurns();
    const chance = new SeededChance(7);
    const due = Array.from({ length: seconds + 1_000 }, (): number[] => []);
    // Waits so far, of each mail. The first time the worker takes each one off the queue: a thousand a second.
    for (let mail = 0; mail < mails; mail++) due[Math.floor(mail / 1_000)]?.push(0);
    for (let second = 0; second < seconds; second++) {
      for (const waits of due[second] ?? []) {
        const now = second * 1_000;
        due[second + Math.ceil(pauseWaitMs(waits + 1, turns.take(now), chance.number()) / 1_000)]?.push(waits + 1);
      }
    }
    return due.slice(0, seconds).map((asking) => asking.length);
  }

  test('a hundred thousand ask less than 200 times a second, each at least every quarter of an hour', () => {
    const asks = asksOf(100_000, 3_600);
    const later = asks.slice(1_000);
    const perSecond = later.reduce((sum, one) => sum + one, 0) / later.length;
    expect(perSecond).toBeGreaterThan(100_000 / 900);
    expect(perSecond).toBeLessThan(200);
  });

  test('five hundred ask every minute, so that they go on within a minute after the pause was lifted', () => {
    const later = asksOf(500, 3_600).slice(600);
    expect(later.reduce((sum, one) => sum + one, 0) / later.length).toBeGreaterThan(500 / 60);
  });
});
