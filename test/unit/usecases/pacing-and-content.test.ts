// What would be refused isn't sent; what nobody can handle is set aside; content goes when the request is settled.

import { describe, expect, test } from 'vitest';
import { setAsideUnknown } from '../../../shared/usecases/submit/set-aside.ts';
import { answered, MAILBOX, MINUTE, NO_ANSWER, SECOND, Stage, unavailable } from './stage.ts';

describe('after a throttled mail', () => {
  const RETRY_AFTER = 4 * MINUTE;

  /** Five mails, the first of which is throttled. */
  async function throttled() {
    const stage = new Stage();
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push(await stage.post());
    stage.graph.answerNext('submit', answered(429, undefined, RETRY_AFTER));
    for (let i = 0; i < 5; i++) await stage.deliver();
    return { stage, ids };
  }

  test('the next mails of the mailbox are held, and each gets a time of its own after the throttling', async () => {
    const { stage, ids } = await throttled();
    expect(stage.graph.calls).toHaveLength(1);
    const times = await Promise.all(ids.slice(1).map(async (id) => (await stage.record(id)).nextAttemptDateTime));
    const start = Date.parse('2026-01-15T08:00:00.000Z') + RETRY_AFTER;
    expect(times.map((time) => (Date.parse(time ?? '') - start) / SECOND)).toEqual([0, 2, 4, 6]);
    expect(await stage.record(ids[1] as string)).toMatchObject({ status: 'queued', step: 1, attempts: 0 });
    expect(await stage.events(ids[1] as string)).toEqual(['enqueued', 'submissionHeld']);
  });

  test('all of them go out, once', async () => {
    const { stage, ids } = await throttled();
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(5);
    for (const id of ids) expect((await stage.record(id)).status).toBe('accepted');
  });

  test('other mailboxes are not held', async () => {
    const { stage } = await throttled();
    await stage.post({ mailbox: 'other@contoso.com' });
    await stage.deliver();
    expect(stage.graph.submissions.map(({ mailbox }) => mailbox)).toEqual(['other@contoso.com']);
  });

  test('a mail is held at most twice, then it finds out for itself', async () => {
    const { stage, ids } = await throttled();
    const id = ids[1] as string;
    for (let holds = 1; holds <= 2; holds++) {
      const next = stage.queue.queued.findIndex(({ message }) => message.id === id);
      const [queued] = stage.queue.queued.splice(next, 1);
      expect(queued?.message.holds).toBe(holds);
      stage.queue.queued.unshift(queued as NonNullable<typeof queued>);
      stage.clock.advanceTo(queued?.notBefore as string);
      stage.context.throttles.throttle(MAILBOX, stage.clock.now() + MINUTE);
      await stage.deliver();
    }
    expect(stage.graph.submissions).toHaveLength(1);
    expect((await stage.record(id)).status).toBe('accepted');
  });
});

describe('content too large for a queue message', () => {
  function stageWithClaimChecks(): Stage {
    const stage = new Stage();
    stage.queue.maximumInlineBytes = 10;
    return stage;
  }

  test('waits in Blob Storage and is removed once the mail is accepted', async () => {
    const stage = stageWithClaimChecks();
    const id = await stage.post();
    expect(stage.contents.contents.size).toBe(1);
    expect((await stage.record(id)).content).toBeDefined();
    await stage.deliver();
    expect(stage.contents.contents.size).toBe(0);
    expect((await stage.record(id)).content).toBeUndefined();
    expect(stage.graph.submissions[0]?.subject).toBe('Invoice');
  });

  test('stays as long as the request may still need it', async () => {
    const stage = stageWithClaimChecks();
    await stage.post();
    stage.graph.answerNext('submit', NO_ANSWER, true);
    await stage.deliver();
    expect(stage.contents.contents.size).toBe(1);
    await stage.deliverAll();
    expect(stage.contents.contents.size).toBe(0);
  });

  test('is kept for a resend where the request was refused', async () => {
    const stage = stageWithClaimChecks();
    const id = await stage.post();
    stage.graph.answerNext('submit', answered(400, 'ErrorInvalidRecipients'));
    await stage.deliver();
    expect(stage.contents.contents.size).toBe(0);
    expect(new TextDecoder().decode(await stage.contents.kept(id))).toContain('Invoice');
  });

  test('that cannot be removed now does not keep the mail from being accepted', async () => {
    const stage = stageWithClaimChecks();
    const id = await stage.post();
    stage.before('contents.remove', unavailable);
    await stage.deliver();
    expect((await stage.record(id)).status).toBe('accepted');
  });

  test('that is gone is poison: set aside with the reason, recorded, and the lane moves on', async () => {
    const stage = stageWithClaimChecks();
    const id = await stage.post();
    stage.contents.contents.clear();
    await stage.deliver();
    expect(await stage.record(id)).toMatchObject({ status: 'deadLettered', error: { code: 'Poison' } });
    expect([...stage.contents.poison.values()].map(({ reason }) => reason)).toEqual(['its content is gone from Blob Storage']);
    expect(stage.queue.queued).toEqual([]);
    expect(stage.telemetry.named('poisonSetAside')).toHaveLength(1);
  });
});

describe('a queue message that is none of ours', () => {
  test('is set aside with its reason', async () => {
    const stage = new Stage();
    await setAsideUnknown(stage.context, 'name', { schemaVersion: 2 }, 'a future version');
    expect(stage.contents.poison.get('name')).toEqual({ body: { schemaVersion: 2 }, reason: 'a future version' });
  });

  test('comes again where Blob Storage is out of reach', async () => {
    const stage = new Stage();
    stage.contents.down = true;
    await expect(setAsideUnknown(stage.context, 'name', {}, 'x')).rejects.toMatchObject({ name: 'StoreUnavailable' });
  });
});

describe('lifetimes', () => {
  test('a mail whose time never came is expired, and its content is kept', async () => {
    const stage = new Stage();
    const id = await stage.post({ sendBefore: '2026-01-15T08:05:00.000Z' });
    stage.graph.answerNext('submit', answered(429, undefined, 60 * MINUTE));
    await stage.deliver();
    expect(stage.successor().notBefore).toBe('2026-01-15T08:05:00.000Z');
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('expired');
    expect(await stage.contents.kept(id)).toBeDefined();
    expect(stage.graph.submissions).toHaveLength(0);
  });

  test('a mail for later waits for its time, whenever its queue message comes', async () => {
    const stage = new Stage();
    const id = await stage.post({ sendAt: '2026-01-15T10:00:00.000Z' });
    const [queued] = stage.queue.queued;
    if (queued) delete queued.notBefore;
    await stage.deliver();
    expect(stage.graph.calls).toEqual([]);
    expect(stage.successor().notBefore).toBe('2026-01-15T10:00:00.000Z');
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('accepted');
    expect(stage.now()).toBe('2026-01-15T10:00:00.000Z');
  });
});
