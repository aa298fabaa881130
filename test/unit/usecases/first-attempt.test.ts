// One submission attempt: what comes before what, and what each answer leads to.

import { describe, expect, test } from 'vitest';
import { answered, HOUR, MAILBOX, MINUTE, NO_ANSWER, NOT_SENT, SECOND, Stage, unavailable } from './stage.ts';

const seconds = (from: string, to: string | undefined): number => (Date.parse(to ?? '') - Date.parse(from)) / SECOND;

describe('before the POST', () => {
  test('the claim is on record, with a nonce, the attempt, and until when its calls may last', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.before('graph.submit', async () => {
      const { status, attempts, claim, firstAttemptDateTime } = await stage.record(id);
      expect({ status, attempts, firstAttemptDateTime }).toEqual({ status: 'submitting', attempts: 1, firstAttemptDateTime: stage.now() });
      expect(claim).toMatchObject({ nonce: expect.stringMatching(/^[0-9a-f]{32}$/), route: 'direct' });
      expect(seconds(stage.now(), claim?.callsUntil)).toBe(100);
    });
    await stage.deliver();
    expect(stage.graph.submissions).toHaveLength(1);
    expect((await stage.record(id)).status).toBe('accepted');
  });

  test.each(['read', 'write'] as const)('a log that cannot be reached to %s means no POST, and a later delivery', async (method) => {
    const stage = new Stage();
    const id = await stage.post();
    stage.before(`log.${method}`, unavailable);
    await stage.deliver();
    expect(stage.graph.submissions).toHaveLength(0);
    expect(stage.successor().message).toMatchObject({ step: 1, waits: 1 });
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(1);
    expect((await stage.record(id)).status).toBe('accepted');
  });

  test('no look costs a call to Graph: the first attempt is one call', async () => {
    const stage = new Stage();
    await stage.post();
    await stage.deliver();
    expect(stage.graph.calls.map(({ operation }) => operation)).toEqual(['submit']);
  });

  test("how long Graph's call took and its request-id are in the timeline and in telemetry", async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.graph.answerNext('submit', { kind: 'answered', status: 202, requestId: '5f3c8a30-0c3d' }, true);
    stage.before('graph.submit', () => stage.clock.advance(412));
    await stage.deliver();
    const told = (await stage.log.events(MAILBOX, id)).find(({ type }) => type === 'submissionAccepted');
    expect(told?.detail).toBe('202 [accepted]; 0.412 s; request-id 5f3c8a30-0c3d');
    expect(stage.telemetry.named('submissionAccepted')).toMatchObject([{ callSeconds: 0.412, graphRequestId: '5f3c8a30-0c3d' }]);
    expect(stage.telemetry.named('enqueued')[0] ?? {}).not.toHaveProperty('callSeconds');
  });

  test('the worker makes the row where the HTTP API could not', async () => {
    const stage = new Stage();
    stage.before('log.create', unavailable);
    const id = await stage.post();
    await stage.deliver();
    expect(await stage.events(id)).toEqual(['enqueued', 'submissionStarted', 'submissionAccepted']);
    expect(await stage.log.recipients(MAILBOX, id)).toEqual([{ address: 'person@example.com', type: 'to' }]);
  });

  test('the mailbox is watched, also where the HTTP API died before it could note it', async () => {
    const stage = new Stage();
    stage.before('registry.touch', unavailable);
    await stage.post();
    expect(await stage.registry.list()).toEqual([]);
    await stage.deliver();
    expect((await stage.registry.list()).map(({ value }) => value.mailbox)).toEqual([MAILBOX]);
  });
});

describe('what an answer leads to', () => {
  test('202 is acceptance, with or without Retry-After', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.graph.answerNext('submit', answered(202, undefined, 60_000), true);
    await stage.deliver();
    const { status, acceptedDateTime, reportWindowEnds } = await stage.record(id);
    expect({ status, acceptedDateTime }).toEqual({ status: 'accepted', acceptedDateTime: stage.now() });
    expect(seconds(stage.now(), reportWindowEnds)).toBe((72 * HOUR) / SECOND);
    expect(stage.queue.queued).toEqual([]);
  });

  test('200 is doubt, never acceptance: Graph has answered it to mail that it did not send', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.graph.answerNext('submit', answered(200), false);
    await stage.deliver();
    expect((await stage.record(id)).status).toBe('inDoubt');
  });

  test.each([
    ['429', answered(429, 'ApplicationThrottled', 2128)],
    ['503 with Retry-After', answered(503, 'ErrorServerBusy', 300_000)],
    ['a used-up quota', answered(429, 'ErrorSubmissionQuotaExceeded', 90_000)],
  ])('%s costs a step but no attempt, and its Retry-After is never undercut', async (_name, answer) => {
    const stage = new Stage();
    const id = await stage.post();
    stage.graph.answerNext('submit', answer);
    await stage.deliver();
    const { status, attempts, step, nextAttemptDateTime } = await stage.record(id);
    expect({ status, attempts, step }).toEqual({ status: 'deferred', attempts: 0, step: 1 });
    expect(seconds(stage.now(), nextAttemptDateTime) * SECOND).toBeGreaterThanOrEqual(answer.retryAfterMs ?? 0);
    expect(stage.successor().notBefore).toBe(nextAttemptDateTime);
    await stage.deliverAll();
    expect(await stage.record(id)).toMatchObject({ status: 'accepted', attempts: 1 });
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test.each([
    ['a refused connection', NOT_SENT, 'notSent'],
    ['a refused token', answered(401, 'InvalidAuthenticationToken'), 'InvalidAuthenticationToken'],
    ['a missing right', answered(403, 'ErrorAccessDenied'), 'ErrorAccessDenied'],
    ['a full mailbox', answered(403, 'ErrorQuotaExceeded'), 'ErrorQuotaExceeded'],
  ])('%s costs an attempt, keeps the reason, and the mail goes out once it is mended', async (_name, answer, code) => {
    const stage = new Stage();
    const id = await stage.post();
    stage.graph.answerNext('submit', answer);
    stage.graph.answerNext('submit', answer);
    await stage.deliver();
    expect(await stage.record(id)).toMatchObject({ status: 'deferred', attempts: 1, error: { code } });
    await stage.deliverAll();
    const record = await stage.record(id);
    expect(record).toMatchObject({ status: 'accepted', attempts: 3 });
    expect(record.error).toBeUndefined();
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('the waits grow with the attempts, and a step rises with each successor', async () => {
    const stage = new Stage();
    const id = await stage.post();
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 5; attempt++) {
      stage.graph.answerNext('submit', NOT_SENT);
      stage.clock.advanceTo((await stage.record(id)).nextAttemptDateTime ?? stage.now());
      await stage.deliver();
      const { step, nextAttemptDateTime } = await stage.record(id);
      expect(step).toBe(attempt);
      waits.push(seconds(stage.now(), nextAttemptDateTime));
    }
    const intervals = [30, 60, 120, 240, 480];
    expect(waits.every((wait, i) => wait >= (intervals[i] ?? 0) && wait <= (intervals[i] ?? 0) * 1.25)).toBe(true);
    expect(stage.queue.calls.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('an operator is told of a refused token, and nothing is lost', async () => {
    const stage = new Stage();
    await stage.post();
    stage.graph.answerNext('submit', answered(401));
    await stage.deliver();
    expect(stage.telemetry.named('operatorAlert')).toMatchObject([{ rule: 'token-refused', errorCode: 'Http401' }]);
  });

  test('a refusal ends the request, with code and text, and leaves its content for a resend', async () => {
    const stage = new Stage();
    const id = await stage.post();
    const refusal = { ...answered(400, 'ErrorInvalidRecipients'), message: 'At least one recipient is not valid.' };
    stage.graph.answerNext('submit', refusal);
    await stage.deliver();
    const error = { code: 'ErrorInvalidRecipients', message: 'At least one recipient is not valid.' };
    expect(await stage.record(id)).toMatchObject({ status: 'rejected', error });
    expect(await stage.contents.kept(id)).toBeDefined();
    expect(stage.queue.queued).toEqual([]);
  });

  test('an unknown outcome is looked for only after the grace', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.graph.answerNext('submit', NO_ANSWER);
    await stage.deliver();
    const { status, doubt } = await stage.record(id);
    expect(status).toBe('inDoubt');
    expect(seconds(doubt?.since ?? '', doubt?.graceUntil)).toBe((5 * MINUTE) / SECOND);
    expect(stage.successor().notBefore).toBe(doubt?.graceUntil);
  });
});

describe('after the POST', () => {
  test.each([
    ['deferred', answered(429)],
    ['inDoubt', NO_ANSWER],
  ])('the successor is on the queue before the log says %s', async (status, answer) => {
    const stage = new Stage();
    const id = await stage.post();
    stage.graph.answerNext('submit', answer);
    stage.after('queue.enqueue', async () => expect((await stage.record(id)).status).toBe('submitting'));
    await stage.deliver();
    expect((await stage.record(id)).status).toBe(status);
  });

  test('a delivery whose successor cannot be enqueued fails, so that the queue message comes again; then it is doubt', async () => {
    const stage = new Stage();
    const id = await stage.post();
    const first = stage.queue.queued[0];
    stage.graph.answerNext('submit', NO_ANSWER, true);
    stage.before('graph.submit', () => void (stage.queue.down = true));
    await expect(stage.deliver()).rejects.toThrow('down');
    stage.queue.down = false;
    stage.queue.queued.push(first as NonNullable<typeof first>);
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(1);
    expect((await stage.record(id)).status).toBe('sent');
  });
});
