// The draft route: while marks are not proven, the item itself settles every doubt.

import { describe, expect, test } from 'vitest';
import { closeOverdue } from '../../../shared/usecases/reconcile/close-overdue.ts';
import type { FakeItem } from '../../fakes/fake-item.ts';
import { answered, MAILBOX, MINUTE, NO_ANSWER, Stage, unavailable } from './stage.ts';

const operations = (stage: Stage): string[] => stage.graph.calls.map(({ operation }) => operation);

async function posted(): Promise<{ stage: Stage; id: string }> {
  const stage = new Stage({ proven: [] });
  return { stage, id: await stage.post() };
}

/** It was moved, and lost all of our marks. */
const makeUnknown = (item: FakeItem) => Object.assign(item, { id: 'moved', mark: undefined, internetMessageId: '<new@prod.outlook.com>' });

const killed = () => {
  throw new Error('killed');
};

describe('the draft', () => {
  test('is made, noted in the log, and only then sent', async () => {
    const { stage, id } = await posted();
    stage.before('graph.sendDraft', async () => {
      expect((await stage.record(id)).claim).toMatchObject({ route: 'draft', draftId: stage.graph.items[0]?.id, sendIssued: true });
    });
    await stage.deliver();
    expect(operations(stage)).toEqual(['createDraft', 'sendDraft']);
    expect((await stage.record(id)).status).toBe('accepted');
  });

  test('that cannot be noted is not sent; the next attempt finds it and sends it', async () => {
    const { stage, id } = await posted();
    stage.before('log.write', unavailable, 1);
    await stage.deliver();
    expect(operations(stage)).toEqual(['createDraft']);
    await stage.deliverAll();
    expect(operations(stage).filter((operation) => operation === 'createDraft')).toHaveLength(1);
    expect(stage.graph.submissions).toHaveLength(1);
    expect((await stage.record(id)).status).toBe('accepted');
  });

  test('is not sent by a worker that has lost its claim meanwhile', async () => {
    const { stage, id } = await posted();
    stage.after('graph.createDraft', async () => {
      const stored = await stage.log.read(MAILBOX, id);
      if (!stored) throw new Error('no record');
      const record = { ...stored.value, status: 'accepted' as const };
      await stage.log.write({ record, events: [] }, stored.etag);
    });
    await stage.deliver();
    expect(operations(stage)).toEqual(['createDraft']);
    expect(stage.queue.queued).toEqual([]);
  });

  test('is sent by its worker all the same where the reconciler had given that one up: nobody else has a queue message', async () => {
    const { stage, id } = await posted();
    stage.after('graph.createDraft', async () => {
      stage.clock.advance(10 * MINUTE);
      await closeOverdue(stage.anotherProcess(), MAILBOX);
      expect((await stage.record(id)).status).toBe('deferred');
    });
    await stage.deliver();
    await stage.deliverAll();
    expect(operations(stage).filter((operation) => operation === 'createDraft')).toHaveLength(1);
    expect(stage.graph.submissions).toHaveLength(1);
    expect((await stage.record(id)).status).toBe('accepted');
  });

  test('whose creation had no answer is found by its mark and used', async () => {
    const { stage, id } = await posted();
    stage.graph.answerNext('createDraft', NO_ANSWER, true);
    await stage.deliver();
    expect((await stage.record(id)).status).toBe('deferred');
    await stage.deliverAll();
    expect(operations(stage).filter((operation) => operation === 'createDraft')).toHaveLength(1);
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('that a success does not name is not taken for a sent mail', async () => {
    const { stage, id } = await posted();
    stage.graph.answerNext('createDraft', answered(201), true);
    await stage.deliver();
    expect(await stage.record(id)).toMatchObject({ status: 'deferred', error: { message: '201 without the id of a draft' } });
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('accepted');
    expect(stage.graph.submissions).toHaveLength(1);
  });
});

describe('a doubtful send', () => {
  test('is settled by the item: still a draft after the grace, it is sent once more', async () => {
    const { stage, id } = await posted();
    stage.graph.answerNext('sendDraft', NO_ANSWER, false);
    await stage.deliver();
    expect((await stage.record(id)).status).toBe('inDoubt');
    await stage.deliverAll();
    expect(operations(stage).filter((operation) => operation === 'createDraft')).toHaveLength(1);
    expect(stage.graph.submissions).toHaveLength(1);
    expect((await stage.record(id)).status).toBe('accepted');
  });

  test('whose item is in Sent Items after the grace was sent', async () => {
    const { stage, id } = await posted();
    stage.graph.answerNext('sendDraft', answered(504), true);
    await stage.deliver();
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('sent');
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('whose item is gone, under an id that changed and with all marks lost, was accepted', async () => {
    const { stage, id } = await posted();
    stage.graph.answerNext('sendDraft', answered(504), true);
    await stage.deliver();
    for (const item of stage.graph.items) makeUnknown(item);
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('accepted');
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('is not settled by a leftover of an earlier creation, however unsent that one is', async () => {
    const { stage, id } = await posted();
    stage.graph.answerNext('createDraft', NO_ANSWER, true);
    stage.graph.answerNext('findByMark', { ...answered(200), body: [] } as never);
    stage.graph.answerNext('findByMessageId', { ...answered(200), body: [] } as never);
    stage.graph.answerNext('sendDraft', NO_ANSWER, true);
    await stage.deliver();
    stage.clock.advance(5 * MINUTE);
    await stage.deliver();
    const [leftover, sent] = stage.graph.items;
    expect([leftover?.submitted, sent?.submitted]).toEqual([false, true]);
    makeUnknown(sent as FakeItem);
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('accepted');
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('that is answered 404 the second time is doubt, not refusal: it may be gone because it was sent', async () => {
    const { stage, id } = await posted();
    stage.graph.answerNext('sendDraft', NO_ANSWER, false);
    await stage.deliver();
    stage.clock.advance(5 * MINUTE);
    stage.graph.answerNext('sendDraft', answered(404, 'ErrorItemNotFound'), true);
    await stage.deliver();
    expect((await stage.record(id)).status).toBe('inDoubt');
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('sent');
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('that a refusal hid is not made again: the item is gone', async () => {
    const { stage, id } = await posted();
    stage.graph.answerNext('sendDraft', answered(429), true);
    await stage.deliver();
    for (const item of stage.graph.items) makeUnknown(item);
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('accepted');
    expect(stage.graph.submissions).toHaveLength(1);
  });
});

describe('a worker that dies on the draft route', () => {
  test('before the draft was noted leaves no doubt: nothing can have left', async () => {
    const { stage, id } = await posted();
    const [queued] = stage.queue.queued;
    stage.after('graph.createDraft', killed);
    await expect(stage.deliver()).rejects.toThrow('killed');
    stage.queue.queued.push(queued as NonNullable<typeof queued>);
    await stage.deliverAll();
    expect(await stage.events(id)).not.toContain('outcomeUnknown');
    expect(operations(stage).filter((operation) => operation === 'createDraft')).toHaveLength(1);
    expect((await stage.record(id)).status).toBe('accepted');
  });

  test('after it was noted leaves a doubt, which the unsent draft settles after the grace', async () => {
    const { stage, id } = await posted();
    const [queued] = stage.queue.queued;
    stage.before('graph.sendDraft', killed);
    await expect(stage.deliver()).rejects.toThrow('killed');
    stage.queue.queued.push(queued as NonNullable<typeof queued>);
    await stage.deliverAll();
    expect(await stage.events(id)).toEqual(expect.arrayContaining(['outcomeUnknown', 'notFoundAfterGrace', 'submissionAccepted']));
    expect(stage.graph.submissions).toHaveLength(1);
  });
});
