// Doubt: no POST before a look, absence after the grace, and what is found on the way.

import { describe, expect, test } from 'vitest';
import { answered, GRACE, MINUTE, NO_ANSWER, Stage } from './stage.ts';

/** A mail whose first POST has no answer; `taken`: Exchange has it all the same. */
async function doubtful(taken: boolean, options: ConstructorParameters<typeof Stage>[0] = {}): Promise<{ stage: Stage; id: string }> {
  const stage = new Stage(options);
  const id = await stage.post();
  stage.graph.answerNext('submit', NO_ANSWER, taken);
  await stage.deliver();
  return { stage, id };
}

describe('a request in doubt', () => {
  test('whose copy is found is sent, and never submitted again', async () => {
    const { stage, id } = await doubtful(true);
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('sent');
    expect(stage.graph.submissions).toHaveLength(1);
    expect(await stage.events(id)).toEqual(['enqueued', 'submissionStarted', 'outcomeUnknown', 'foundInSentItems']);
  });

  test('that stays unfound over the grace is submitted again, under the same Message-ID', async () => {
    const { stage, id } = await doubtful(false);
    await stage.deliverAll();
    const { status, attempts, internetMessageId } = await stage.record(id);
    expect({ status, attempts }).toEqual({ status: 'accepted', attempts: 2 });
    expect(stage.graph.submissions.map((mail) => mail.internetMessageId)).toEqual([internetMessageId]);
    expect(await stage.events(id)).toContain('notFoundAfterGrace');
  });

  test('is not looked for, let alone submitted, by a queue message that comes before the grace is over', async () => {
    const { stage, id } = await doubtful(false);
    const early = stage.queue.queued[0];
    if (early) delete early.notBefore;
    await stage.deliver();
    expect(stage.graph.calls.map(({ operation }) => operation)).toEqual(['submit']);
    expect(stage.successor().notBefore).toBe((await stage.record(id)).doubt?.graceUntil);
  });

  test('on the direct route is accepted where its copy is in Drafts: Exchange carries it there', async () => {
    const stage = new Stage();
    stage.graph.holding = true;
    const id = await stage.post();
    stage.graph.answerNext('submit', NO_ANSWER, true);
    await stage.deliver();
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('accepted');
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('waits, and is not submitted, while Graph cannot be asked', async () => {
    const { stage, id } = await doubtful(true);
    for (let i = 0; i < 3; i++) stage.graph.answerNext('findByMark', answered(503));
    stage.clock.advance(GRACE);
    await stage.deliver();
    expect((await stage.record(id)).status).toBe('inDoubt');
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('sent');
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('with the right to send only ends unaccounted, with its content kept, and is never submitted again', async () => {
    const { stage, id } = await doubtful(false, { rules: { graphRights: 'send' } });
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('unaccounted');
    expect(await stage.contents.kept(id)).toBeDefined();
    expect(stage.graph.calls.map(({ operation }) => operation)).toEqual(['submit']);
  });

  test('on the direct route without proven marks is not taken for absent: nothing would have been seen', async () => {
    const { stage, id } = await doubtful(true, { rules: { graphRights: 'read', sendLifetimeMs: 60 * MINUTE }, proven: [] });
    for (const item of stage.graph.items) Object.assign(item, { mark: undefined, internetMessageId: '<rewritten@prod.outlook.com>' });
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('unaccounted');
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('at the end of its lifetime is unaccounted, never expired: it may have gone out', async () => {
    const { stage, id } = await doubtful(false, { rules: { sendLifetimeMs: 2 * MINUTE } });
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('unaccounted');
    expect(await stage.contents.kept(id)).toBeDefined();
    expect(stage.graph.submissions).toHaveLength(0);
  });

  test('at the end of its lifetime is still looked for while the mailbox cannot be read', async () => {
    const { stage, id } = await doubtful(true, { rules: { sendLifetimeMs: 2 * MINUTE } });
    for (let i = 0; i < 4; i++) stage.graph.answerNext('findByMark', answered(503));
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('sent');
  });
});

describe('a worker that died', () => {
  test.each([
    ['after the claim', false],
    ['after the POST', true],
  ])('%s leaves a doubt to whoever gets the queue message next', async (_when, posted) => {
    const stage = new Stage();
    const id = await stage.post();
    const [queued] = stage.queue.queued;
    const dies = () => {
      throw new Error('killed');
    };
    if (posted) stage.after('graph.submit', dies);
    else stage.before('graph.submit', dies);
    await expect(stage.deliver()).rejects.toThrow('killed');
    stage.queue.queued.push(queued as NonNullable<typeof queued>);
    await stage.deliver();
    const { status, claim, doubt } = await stage.record(id);
    expect(status).toBe('inDoubt');
    expect(Date.parse(doubt?.graceUntil ?? '') - Date.parse(claim?.callsUntil ?? '')).toBe(GRACE);
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(1);
    expect((await stage.record(id)).status).toBe(posted ? 'sent' : 'accepted');
  });

  test('before its claim leaves nothing', async () => {
    const stage = new Stage();
    const id = await stage.post();
    const [queued] = stage.queue.queued;
    stage.before('log.write', () => {
      throw new Error('killed');
    });
    await expect(stage.deliver()).rejects.toThrow('killed');
    stage.queue.queued.push(queued as NonNullable<typeof queued>);
    await stage.deliver();
    expect(await stage.record(id)).toMatchObject({ status: 'accepted', attempts: 1 });
  });
});

describe('before every attempt but the first there is a look', () => {
  test('which finds a mail that a refusal hid', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.graph.answerNext('submit', answered(429), true);
    await stage.deliver();
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('sent');
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('also before a request that was attempted is said to be expired', async () => {
    const stage = new Stage();
    const id = await stage.post({ sendBefore: '2026-01-15T08:01:00.000Z' });
    stage.graph.answerNext('submit', answered(429, undefined, 10 * MINUTE), true);
    await stage.deliver();
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('sent');
  });

  test('and an expiry waits for it where Graph cannot be asked, but not for ever', async () => {
    const posted = async (failures: number) => {
      const stage = new Stage();
      const id = await stage.post({ sendBefore: '2026-01-15T08:01:00.000Z' });
      stage.graph.answerNext('submit', answered(403, 'ErrorQuotaExceeded'), true);
      await stage.deliver();
      for (let i = 0; i < failures; i++) stage.graph.answerNext('findByMark', answered(503));
      await stage.deliverAll();
      return (await stage.record(id)).status;
    };
    expect(await posted(3)).toBe('sent');
    expect(await posted(30)).toBe('expired');
  });

  test('and the attempt waits where Graph cannot be asked', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.graph.answerNext('submit', answered(429));
    await stage.deliver();
    stage.graph.answerNext('findByMark', NO_ANSWER);
    stage.clock.advanceTo((await stage.record(id)).nextAttemptDateTime as string);
    await stage.deliver();
    const { status, step, attempts } = await stage.record(id);
    expect({ status, step, attempts }).toEqual({ status: 'deferred', step: 2, attempts: 0 });
    expect(await stage.events(id)).toContain('submissionHeld');
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(1);
  });
});
