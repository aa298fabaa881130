// Two workers, a worker and a caller, a worker and the reconciler: whoever decided on an older record writes nothing.

import { describe, expect, test } from 'vitest';
import type { LifecycleEvent } from '../../../shared/domain/log/apply-event.ts';
import { type Context, nowOf } from '../../../shared/usecases/context.ts';
import { writeEvent } from '../../../shared/usecases/log/write-log.ts';
import { closeOverdue } from '../../../shared/usecases/reconcile/close-overdue.ts';
import { submitSendRequest } from '../../../shared/usecases/submit/submit-send-request.ts';
import { firstDelivery } from '../../fakes/first-delivery.ts';
import { answered, GRACE, MAILBOX, MINUTE, NO_ANSWER, SECOND, Stage } from './stage.ts';

/** A second worker, in another process, handles the same queue message now. */
const alsoHandledBy = (stage: Stage) => {
  const message = structuredClone(stage.queue.queued[0]?.message);
  if (!message) throw new Error('no queue message');
  return () => submitSendRequest(stage.anotherProcess(), message, firstDelivery);
};

async function write(context: Context, id: string, event: LifecycleEvent) {
  const stored = await context.log.read(MAILBOX, id);
  if (!stored) throw new Error(`${id} is not in the log`);
  return writeEvent(context, stored, () => event);
}
const cancel = ({ context }: Stage, id: string) => write(context, id, { type: 'cancelled', dateTime: nowOf(context), fact: 'caller' });

describe('one queue message, two workers', () => {
  test('make one POST: the claim of one of them loses', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.before('log.write', alsoHandledBy(stage));
    await stage.deliver();
    expect(stage.graph.submissions).toHaveLength(1);
    expect(await stage.record(id)).toMatchObject({ status: 'accepted', attempts: 1 });
  });

  test('make one POST where the second sees the claim of the first; its doubt ends with the first one’s answer', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.before('graph.submit', alsoHandledBy(stage));
    await stage.deliver();
    expect(await stage.events(id)).toContain('outcomeUnknown');
    expect((await stage.record(id)).status).toBe('accepted');
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('never undercut the Retry-After that one of them was told', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.graph.answerNext('submit', answered(429, undefined, 10 * MINUTE));
    stage.before('log.write', alsoHandledBy(stage));
    await stage.deliver();
    expect(stage.graph.calls).toHaveLength(1);
    expect((await stage.record(id)).status).toBe('deferred');
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('in the same doubt submit once: the look of the slower one is older than the new doubt', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.graph.answerNext('submit', NO_ANSWER, false);
    await stage.deliver();
    stage.clock.advance(GRACE);
    // The slower one has looked and found nothing; before it writes that, the faster one has submitted, and its answer was lost.
    stage.graph.answerNext('submit', NO_ANSWER, true);
    stage.before('log.write', alsoHandledBy(stage));
    await stage.deliver();
    expect((await stage.record(id)).status).toBe('inDoubt');
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('sent');
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('of which one has settled the request and removed its content set nothing aside as poison', async () => {
    const stage = new Stage();
    stage.queue.maximumInlineBytes = 10;
    const id = await stage.post();
    stage.before('contents.get', alsoHandledBy(stage));
    await stage.deliver();
    expect((await stage.record(id)).status).toBe('accepted');
    expect(stage.contents.poison.size).toBe(0);
  });
});

describe('a worker that is held up', () => {
  test('beyond the time of its claim calls Graph no more', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.after('log.write', () => stage.clock.advance(101 * SECOND));
    await stage.deliver();
    expect(stage.graph.calls).toEqual([]);
    expect(await stage.record(id)).toMatchObject({ status: 'deferred', error: { message: 'the claim of this attempt has ended' } });
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('is not longer in a call than its claim allows', async () => {
    const stage = new Stage();
    await stage.post();
    stage.after('log.write', () => stage.clock.advance(99 * SECOND));
    const timeouts: number[] = [];
    const { submit } = stage.context.graph;
    stage.context.graph.submit = (call, path, payload) => {
      timeouts.push(call.timeoutMs);
      return submit(call, path, payload);
    };
    await stage.deliver();
    expect(timeouts).toEqual([SECOND]);
  });

  test('with a refusal in hand until the request is in doubt leaves somebody who goes on', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.graph.answerNext('submit', answered(400, 'ErrorInvalidRecipients'));
    stage.graph.answerNext('submit', answered(400, 'ErrorInvalidRecipients'));
    stage.after('graph.submit', async () => {
      stage.clock.advance(10 * MINUTE);
      await closeOverdue(stage.anotherProcess(), MAILBOX);
      expect((await stage.record(id)).status).toBe('inDoubt');
    });
    await stage.deliver();
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('rejected');
    expect(stage.graph.submissions).toHaveLength(0);
  });
});

describe('a cancellation', () => {
  test('before the claim wins: nothing is submitted', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.before('log.write', () => cancel(stage, id));
    await stage.deliver();
    expect((await stage.record(id)).status).toBe('cancelled');
    expect(stage.graph.calls).toEqual([]);
    expect(stage.queue.queued).toEqual([]);
  });

  test('after the claim is too late', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.before('graph.submit', async () => expect((await cancel(stage, id)).kind).toBe('ignored'));
    await stage.deliver();
    expect((await stage.record(id)).status).toBe('accepted');
  });
});

describe('an outcome', () => {
  test('of a worker that has lost its claim changes nothing but by an acceptance', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.graph.answerNext('submit', answered(429));
    stage.after('graph.submit', async () => {
      const stored = await stage.log.read(MAILBOX, id);
      if (!stored?.value.claim) throw new Error('no claim');
      const record = { ...stored.value, claim: { ...stored.value.claim, nonce: 'another' } };
      await stage.log.write({ record, events: [] }, stored.etag);
    });
    await stage.deliver();
    expect(await stage.record(id)).toMatchObject({ status: 'submitting', claim: { nonce: 'another' } });
  });

  test('that comes before the doubt about it is written leaves no doubt', async () => {
    const stage = new Stage();
    const id = await stage.post();
    const [queued] = stage.queue.queued;
    stage.before('graph.submit', () => {
      throw new Error('held up');
    });
    await expect(stage.deliver()).rejects.toThrow('held up');
    stage.queue.queued.push(queued as NonNullable<typeof queued>);
    const throttled = { type: 'submissionThrottled', dateTime: stage.now(), fact: 'late' } as const;
    stage.before('log.write', () => write({ ...stage.context, log: stage.log }, id, throttled));
    await stage.deliver();
    expect((await stage.record(id)).status).toBe('deferred');
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(1);
  });
});

describe('an expiry', () => {
  test('that another worker’s doubt overtakes is put off until the doubt is resolved', async () => {
    const stage = new Stage();
    const id = await stage.post({ sendBefore: '2026-01-15T08:10:00.000Z' });
    const other = alsoHandledBy(stage);
    stage.graph.answerNext('submit', NO_ANSWER, true);
    stage.before('contents.keep', async () => {
      stage.clock.advance(-SECOND);
      await other();
      stage.clock.advance(SECOND);
    });
    stage.clock.advanceTo('2026-01-15T08:10:00.000Z');
    await stage.deliver();
    expect((await stage.record(id)).status).toBe('inDoubt');
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('sent');
  });

  test('loses against a claim that was faster', async () => {
    const stage = new Stage();
    const id = await stage.post({ sendBefore: '2026-01-15T08:10:00.000Z' });
    const other = alsoHandledBy(stage);
    stage.before('contents.keep', async () => {
      stage.clock.advance(-SECOND);
      await other();
      stage.clock.advance(SECOND);
    });
    stage.clock.advanceTo('2026-01-15T08:10:00.000Z');
    await stage.deliver();
    expect((await stage.record(id)).status).toBe('accepted');
    expect(stage.graph.submissions).toHaveLength(1);
  });
});
