// What the broker gives up: the log gets the reason, the content is kept, and only then the queue message goes.

import { describe, expect, test } from 'vitest';
import type { QueueMessage } from '../../../shared/domain/submit/queue-message.ts';
import { recordDeadLetter } from '../../../shared/usecases/submit/record-dead-letter.ts';
import { answered, NO_ANSWER, SECOND, Stage } from './stage.ts';

const REASON = 'MaxDeliveryCountExceeded';

async function giveUp(stage: Stage, message: QueueMessage | undefined): Promise<void> {
  if (!message) throw new Error('no queue message');
  await recordDeadLetter(stage.context, { message, reason: REASON }, async (ms) => stage.clock.advance(ms));
}

describe('a dead letter', () => {
  test('of a mail that was never submitted is deadLettered, with the reason, and its content is kept', async () => {
    const stage = new Stage();
    const id = await stage.post();
    await giveUp(stage, stage.queue.take()?.message);
    expect(await stage.record(id)).toMatchObject({ status: 'deadLettered', error: { code: 'DeadLettered', message: REASON } });
    expect(await stage.contents.kept(id)).toBeDefined();
  });

  test('of a mail in doubt is unaccounted: it may have gone out', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.graph.answerNext('submit', NO_ANSWER, true);
    await stage.deliver();
    await giveUp(stage, stage.queue.take()?.message);
    expect((await stage.record(id)).status).toBe('unaccounted');
  });

  test('of a mail that is accepted changes nothing', async () => {
    const stage = new Stage();
    const id = await stage.post();
    const message = structuredClone(stage.queue.queued[0]?.message);
    await stage.deliver();
    await giveUp(stage, message);
    expect((await stage.record(id)).status).toBe('accepted');
  });

  test('of a step that is stale says nothing about the request: a later one is alive', async () => {
    const stage = new Stage();
    const id = await stage.post();
    const message = structuredClone(stage.queue.queued[0]?.message);
    stage.graph.answerNext('submit', answered(429));
    await stage.deliver();
    await giveUp(stage, message);
    expect((await stage.record(id)).status).toBe('deferred');
  });

  test('without a row gets one', async () => {
    const stage = new Stage();
    stage.log.down = true;
    const id = await stage.post();
    stage.log.down = false;
    await giveUp(stage, stage.queue.take()?.message);
    expect((await stage.record(id)).status).toBe('deadLettered');
    expect(await stage.events(id)).toEqual(['enqueued', 'deadLettered']);
  });

  test('waits for the log, and comes again only after a minute', async () => {
    const stage = new Stage();
    const id = await stage.post();
    const message = stage.queue.take()?.message;
    stage.log.down = true;
    const started = stage.clock.now();
    await expect(giveUp(stage, message)).rejects.toMatchObject({ name: 'StoreUnavailable' });
    expect(stage.clock.now() - started).toBeGreaterThanOrEqual(60 * SECOND);
    stage.log.down = false;
    await giveUp(stage, message);
    expect((await stage.record(id)).status).toBe('deadLettered');
  });

  test('that is a bug is not waited for', async () => {
    const stage = new Stage();
    await stage.post();
    stage.before('log.read', () => {
      throw new Error('bug');
    });
    await expect(giveUp(stage, stage.queue.take()?.message)).rejects.toThrow('bug');
  });
});
