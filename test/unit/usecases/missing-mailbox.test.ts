// A mailbox that Graph does not know, and answers that prove nothing.

import { describe, expect, test } from 'vitest';
import { closeOverdue } from '../../../shared/usecases/reconcile/close-overdue.ts';
import { answered, HOUR, MAILBOX, MINUTE, NO_ANSWER, Stage } from './stage.ts';

const MISSING = { ...answered(404, 'ErrorInvalidUser'), message: 'The requested user is invalid.' };

/** Every call is answered so, until told otherwise. */
function graphSays(stage: Stage, times: number): void {
  for (let i = 0; i < times; i++) {
    for (const operation of ['submit', 'findByMark', 'findByMessageId'] as const) stage.graph.answerNext(operation, MISSING);
  }
}

describe('a mailbox that does not exist', () => {
  test("is rejected after half an hour of unanimous answers, in Graph's words and with what to do", async () => {
    const stage = new Stage();
    const id = await stage.post();
    graphSays(stage, 30);
    const start = stage.clock.now();
    await stage.deliverAll();
    const { status, error, attempts } = await stage.record(id);
    expect(status).toBe('rejected');
    expect(error).toMatchObject({
      code: 'ErrorInvalidUser',
      message: expect.stringMatching(/^The requested user is invalid\. .*misspelt/),
    });
    expect(stage.clock.now() - start).toBeGreaterThanOrEqual(30 * MINUTE);
    expect(stage.clock.now() - start).toBeLessThan(90 * MINUTE);
    expect(attempts).toBe(1);
    expect(await stage.contents.kept(id)).toBeDefined();
  });

  test('is attempted again and again if we may not look, and rejected as well', async () => {
    const stage = new Stage({ rules: { graphRights: 'send' } });
    const id = await stage.post();
    graphSays(stage, 30);
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('rejected');
    expect((await stage.record(id)).attempts).toBeGreaterThan(1);
  });

  test('is not called missing because of one answer, however late the first attempt comes', async () => {
    const stage = new Stage();
    const id = await stage.post({ sendAt: '2026-01-15T14:00:00.000Z' });
    stage.graph.answerNext('submit', MISSING);
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('accepted');
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('counts anew after any other answer', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.graph.answerNext('submit', MISSING);
    stage.graph.answerNext('submit', answered(403, 'ErrorAccessDenied'));
    await stage.deliver();
    expect((await stage.record(id)).mailboxMissingSince).toBe('2026-01-15T08:00:00.000Z');
    stage.clock.advanceTo(stage.successor().notBefore as string);
    await stage.deliver();
    expect((await stage.record(id)).mailboxMissingSince).toBeUndefined();
  });
});

describe('a request that only gets unlisted answers', () => {
  test('ends with its lifetime, with the last answer in its error; an operator hears of it after an hour', async () => {
    const stage = new Stage();
    const id = await stage.post({ sendBefore: '2026-01-15T11:00:00.000Z' });
    for (let i = 0; i < 100; i++) stage.graph.answerNext('submit', answered(400, 'UnknownError'));
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(0);
    expect(await stage.record(id)).toMatchObject({ error: { code: 'UnknownError' } });
    expect(['expired', 'unaccounted']).toContain((await stage.record(id)).status);
    const alerts = stage.telemetry.named('operatorAlert');
    expect(alerts.length).toBeGreaterThan(0);
    expect(new Set(alerts.map(({ rule }) => rule))).toEqual(new Set(['unlisted-answer']));
    const started = (await stage.log.events(MAILBOX, id)).filter(({ type }) => type === 'submissionStarted').length;
    expect(alerts.length).toBeLessThan(started);
  });
});

describe('an accepted mail whose copy lies in Drafts', () => {
  test('is told to an operator an hour later, and not before', async () => {
    const stage = new Stage();
    await stage.post();
    stage.graph.holding = true;
    stage.graph.answerNext('submit', NO_ANSWER, true);
    await stage.deliverAll();
    stage.clock.advance(11 * MINUTE);
    await closeOverdue(stage.context, MAILBOX);
    expect(stage.telemetry.named('operatorAlert')).toEqual([]);
    stage.clock.advance(HOUR);
    await closeOverdue(stage.context, MAILBOX);
    expect(stage.telemetry.named('operatorAlert')).toMatchObject([{ rule: 'copy-in-drafts' }]);
  });
});
