// Stores out of reach in the middle of work: what a worker knows travels with the successor.

import { describe, expect, test } from 'vitest';
import type { QueueMessage } from '../../../shared/domain/submit/queue-message.ts';
import { submitSendRequest } from '../../../shared/usecases/submit/submit-send-request.ts';
import { answered, MINUTE, NO_ANSWER, Stage, unavailable } from './stage.ts';

/** The log goes down while the POST is on its way, for as long as the delivery lasts. */
async function logLostDuring(answer: Parameters<Stage['graph']['answerNext']>[1] | undefined, taken: boolean) {
  const stage = new Stage();
  const id = await stage.post();
  if (answer) stage.graph.answerNext('submit', answer, taken);
  stage.after('graph.submit', () => void (stage.log.down = true));
  await stage.deliver();
  stage.log.down = false;
  return { stage, id };
}

describe('an outcome that cannot be written', () => {
  test('travels as an acceptance, and is written by the successor without another POST or look', async () => {
    const { stage, id } = await logLostDuring(undefined, true);
    expect(stage.successor().message.known).toMatchObject({ outcome: 'accepted' });
    expect((await stage.record(id)).status).toBe('submitting');
    const acceptedAt = stage.now();
    await stage.deliverAll();
    expect(await stage.record(id)).toMatchObject({ status: 'accepted', acceptedDateTime: acceptedAt });
    expect(stage.graph.calls.map(({ operation }) => operation)).toEqual(['submit']);
  });

  test('travels as a deferral: no doubt, the reason and the attempts are kept, Retry-After too', async () => {
    const { stage, id } = await logLostDuring(answered(429, 'ApplicationThrottled', 7 * MINUTE), false);
    const { message, notBefore } = stage.successor();
    expect(message.known).toMatchObject({ outcome: 'deferred', error: { code: 'ApplicationThrottled' } });
    expect(Date.parse(notBefore ?? '') - stage.clock.now()).toBeGreaterThanOrEqual(7 * MINUTE);
    stage.graph.answerNext('submit', answered(403, 'ErrorAccessDenied'));
    stage.clock.advanceTo(notBefore as string);
    await stage.deliver();
    expect(await stage.events(id)).not.toContain('outcomeUnknown');
    expect(await stage.record(id)).toMatchObject({ attempts: 1, error: { code: 'ErrorAccessDenied' } });
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('travels as a doubt: the successor looks before anything is submitted again', async () => {
    const { stage, id } = await logLostDuring(NO_ANSWER, true);
    expect(stage.successor().message.known).toMatchObject({ outcome: 'unknown', doubt: { since: stage.now() } });
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('sent');
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('of a refusal is found out again: nothing can have been sent', async () => {
    const stage = new Stage();
    const id = await stage.post();
    for (let i = 0; i < 2; i++) stage.graph.answerNext('submit', answered(400, 'ErrorInvalidRecipients'));
    stage.after('graph.submit', () => void (stage.log.down = true));
    await stage.deliver();
    stage.log.down = false;
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('rejected');
    expect(stage.graph.submissions).toHaveLength(0);
  });

  test('whose write landed and only its answer was lost changes nothing more', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.after('log.write', unavailable, 1);
    await stage.deliver();
    expect((await stage.record(id)).status).toBe('accepted');
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(1);
    expect((await stage.events(id)).filter((type) => type === 'submissionAccepted')).toHaveLength(1);
  });
});

describe('a claim whose answer was lost', () => {
  test('is a doubt for the successor, and the mail goes out once', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.after('log.write', unavailable);
    await stage.deliver();
    expect(stage.graph.calls).toEqual([]);
    await stage.deliverAll();
    expect(await stage.events(id)).toContain('outcomeUnknown');
    expect(stage.graph.submissions).toHaveLength(1);
    expect((await stage.record(id)).status).toBe('accepted');
  });
});

describe('an outage of minutes', () => {
  test('of the log postpones, each time by more, at most by five minutes, and burns no delivery', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.log.down = true;
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      const from = stage.clock.now();
      await stage.deliver();
      const { notBefore } = stage.successor();
      waits.push((Date.parse(notBefore ?? '') - from) / 1000);
      stage.clock.advanceTo(notBefore as string);
    }
    expect(waits).toEqual([30, 60, 120, 240, 300, 300, 300, 300]);
    stage.log.down = false;
    await stage.deliverAll();
    expect(await stage.record(id)).toMatchObject({ status: 'accepted', attempts: 1 });
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('of the content store is no poison: the mail waits for it', async () => {
    const stage = new Stage();
    stage.queue.maximumInlineBytes = 10;
    const id = await stage.post();
    stage.contents.down = true;
    await stage.deliver();
    expect((await stage.record(id)).status).toBe('queued');
    stage.contents.down = false;
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('accepted');
    expect(stage.contents.poison.size).toBe(0);
  });

  test.each(['registry', 'proofs'] as const)('of the %s means no POST, and a later one', async (port) => {
    const stage = new Stage();
    await stage.post();
    stage[port].down = true;
    await stage.deliver();
    expect(stage.graph.calls).toEqual([]);
    stage[port].down = false;
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('of the log while a doubt is resolved leaves it a doubt', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.graph.answerNext('submit', NO_ANSWER, true);
    await stage.deliver();
    stage.clock.advance(5 * MINUTE);
    stage.before('log.write', unavailable);
    await stage.deliver();
    expect(stage.successor().message.known).toMatchObject({ outcome: 'unknown' });
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('sent');
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('of the queue for a successor fails the delivery, slowly, and the queue message comes again', async () => {
    const stage = new Stage();
    await stage.post();
    stage.log.down = true;
    const queued = stage.queue.queued[0];
    stage.before('log.read', () => void (stage.queue.down = true));
    const slept: number[] = [];
    const message = stage.queue.take()?.message as QueueMessage;
    for (let count = 1; count <= 10; count++) {
      const handled = submitSendRequest(stage.context, message, { count, sleep: async (ms) => slept.push(ms) });
      await expect(handled).rejects.toMatchObject({ name: 'SuccessorNotEnqueued' });
    }
    expect(slept.slice(0, 3)).toEqual([1_000, 4_000, 16_000]);
    expect(slept.reduce((sum, ms) => sum + ms)).toBeGreaterThan(5 * MINUTE);
    stage.queue.down = false;
    stage.log.down = false;
    stage.queue.queued.push(queued as NonNullable<typeof queued>);
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(1);
  });
});
