// The HTTP API: 202 once the queue has it, whatever the log does; keys; and what is said where nobody knows.

import { describe, expect, test } from 'vitest';
import type { EnqueueCommand } from '../../../shared/usecases/accept/enqueue-command.ts';
import { enqueueSendRequest } from '../../../shared/usecases/accept/enqueue-send-request.ts';
import { command, MAILBOX, Stage, unavailable } from './stage.ts';

const enqueue = (stage: Stage, more: Partial<EnqueueCommand> = {}) => enqueueSendRequest(stage.context, command(more));
const UNKNOWN = { kind: 'unknown', reason: 'no answer' } as const;

describe('a mail without a key', () => {
  test('is accepted once the queue has it, and is in the log with its recipients', async () => {
    const stage = new Stage();
    const outcome = await enqueue(stage);
    expect(outcome).toMatchObject({ kind: 'accepted', status: 'queued', mailbox: MAILBOX, operation: 'sendMail' });
    if (outcome.kind !== 'accepted') return;
    // Beside the enqueueing, and not after it.
    expect(stage.calls.indexOf('registry.touch')).toBeLessThan(stage.calls.indexOf('log.create'));
    expect(await stage.record(outcome.id)).toMatchObject({ subject: 'Invoice', internetMessageId: `<${outcome.id}@contoso.com>` });
    expect(await stage.log.recipients(MAILBOX, outcome.id)).toHaveLength(1);
    expect(await stage.registry.list()).toHaveLength(1);
  });

  test.each(['log.create', 'registry.touch'] as const)('is accepted also where %s fails', async (call) => {
    const stage = new Stage();
    stage.before(call, unavailable);
    expect((await enqueue(stage)).kind).toBe('accepted');
  });

  test('is not accepted where the queue does not have it; its row says so, and later ones leave nothing', async () => {
    const stage = new Stage();
    stage.queue.maximumInlineBytes = 10;
    stage.queue.down = true;
    expect(await enqueue(stage)).toEqual({ kind: 'unavailable', retryAfter: 10, reason: 'down' });
    expect(stage.contents.contents.size).toBe(0);
    const id = stage.queue.calls[0]?.id as string;
    expect(await stage.record(id)).toMatchObject({ status: 'cancelled', enqueued: false });
    expect(await stage.events(id)).toEqual(['enqueued', 'notAccepted']);
    stage.calls.length = 0;
    expect(await enqueue(stage)).toEqual({ kind: 'unavailable', retryAfter: 10, reason: 'down' });
    expect(stage.contents.contents.size).toBe(0);
    expect(stage.calls).not.toContain('log.create');
    stage.queue.down = false;
    expect((await enqueue(stage)).kind).toBe('accepted');
    expect((await enqueue(stage)).kind).toBe('accepted');
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(2);
  });

  test.each([true, false])(
    'that the queue may have (it does: %s) is withdrawn: the worker obeys the row, the caller may repeat',
    async (taken) => {
      const stage = new Stage();
      stage.queue.answerNext(UNKNOWN, taken);
      expect((await enqueue(stage)).kind).toBe('unavailable');
      await stage.deliverAll();
      expect(stage.graph.submissions).toHaveLength(0);
      const id = stage.queue.calls[0]?.id as string;
      expect((await stage.record(id)).status).toBe('cancelled');
      expect(await stage.events(id)).toEqual(['enqueued', 'notAccepted']);
    },
  );

  test('is accepted after all where a worker has it already', async () => {
    const stage = new Stage();
    stage.queue.answerNext(UNKNOWN, true);
    stage.before('log.write', () => stage.deliver());
    expect(await enqueue(stage)).toMatchObject({ kind: 'accepted', status: 'accepted' });
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('stays withdrawn where only the answer to the withdrawal was lost', async () => {
    const stage = new Stage();
    stage.queue.answerNext(UNKNOWN, true);
    const { create } = stage.context.log;
    // The adapter repeats a create whose answer was lost, and is told that the row is there.
    stage.context.log.create = async (change) => {
      await create(change);
      return { kind: 'conflict' };
    };
    expect((await enqueue(stage)).kind).toBe('unavailable');
  });

  test('is 503 where neither queue nor log can be asked', async () => {
    const stage = new Stage();
    stage.queue.answerNext(UNKNOWN, false);
    stage.log.down = true;
    expect((await enqueue(stage)).kind).toBe('unavailable');
  });

  test('that needs a claim check is not accepted while Blob Storage is out of reach', async () => {
    const stage = new Stage();
    stage.queue.maximumInlineBytes = 10;
    stage.contents.down = true;
    expect((await enqueue(stage)).kind).toBe('unavailable');
    expect(stage.queue.calls).toEqual([]);
  });

  test('keeps the Message-ID of its caller, findable by it', async () => {
    const stage = new Stage();
    const id = await stage.post({ internetMessageId: '<own@contoso.com>' });
    expect(await stage.record(id)).toMatchObject({ internetMessageId: '<own@contoso.com>', callerSetMessageId: true });
    expect(await stage.log.withMessageId(MAILBOX, 'OWN@contoso.com')).toEqual([id]);
  });

  test('ends with its own Send-Before, or with its lifetime where that comes first', async () => {
    const stage = new Stage();
    const early = await stage.post({ sendBefore: '2026-01-15T09:00:00.000Z' });
    const late = await stage.post({ sendBefore: '2027-01-15T09:00:00.000Z' });
    const later = await stage.post({ sendAt: '2026-01-16T08:00:00.000Z' });
    const ends = await Promise.all([early, late, later].map(async (id) => (await stage.record(id)).sendBefore));
    expect(ends).toEqual(['2026-01-15T09:00:00.000Z', '2026-01-17T08:00:00.000Z', '2026-01-18T08:00:00.000Z']);
  });

  test('takes the urgent lane where it is urgent, and leaves its subject out of the log where that is not wanted', async () => {
    const stage = new Stage({ rules: { logSubjects: false } });
    const id = await stage.post({ urgent: true });
    const record = await stage.record(id);
    expect(record.lane).toBe('urgent');
    expect(record.subject).toBeUndefined();
  });
});

describe('a mail with a key', () => {
  const keyed = (stage: Stage, more: Partial<EnqueueCommand> = {}) => enqueue(stage, { idempotencyKey: 'invoice-4711', ...more });
  const other = new TextEncoder().encode('{"message":{"subject":"Other"}}');

  test('is written down before it is enqueued: the row is the arbiter', async () => {
    const stage = new Stage();
    expect((await keyed(stage)).kind).toBe('accepted');
    expect(stage.calls.indexOf('log.create')).toBeLessThan(stage.calls.indexOf('queue.enqueue'));
  });

  test('is answered like the first time where it comes again, and goes out once', async () => {
    const stage = new Stage();
    const first = await keyed(stage);
    // The row that it has just written is not read again.
    expect(stage.calls.filter((call) => call.startsWith('log.'))).toEqual(['log.create', 'log.write']);
    expect(await keyed(stage)).toEqual(first);
    await stage.deliverAll();
    expect(await keyed(stage)).toEqual({ ...first, status: 'accepted' });
    expect(stage.graph.submissions).toHaveLength(1);
    expect(stage.queue.calls).toHaveLength(1);
  });

  test('with other content is refused', async () => {
    const stage = new Stage();
    await keyed(stage);
    expect(await keyed(stage, { content: other })).toMatchObject({ kind: 'keyReused' });
    expect(await keyed(stage, { saveToSentItems: false })).toMatchObject({ kind: 'keyReused' });
  });

  test('belongs to the application and the mailbox: elsewhere the same key is another one', async () => {
    const stage = new Stage();
    await keyed(stage);
    expect((await keyed(stage, { application: 'application-2', content: other })).kind).toBe('accepted');
    expect((await keyed(stage, { mailbox: 'other@contoso.com', content: other })).kind).toBe('accepted');
  });

  test.each(['notEnqueued', 'unknown'] as const)(
    'that was written down but %s is enqueued when it comes again, with the same MessageId',
    async (kind) => {
      const stage = new Stage();
      stage.queue.answerNext({ kind, reason: 'down' }, kind === 'unknown');
      expect((await keyed(stage)).kind).toBe('unavailable');
      stage.clock.advance(1000);
      const again = await keyed(stage);
      expect(again.kind).toBe('accepted');
      expect(new Set(stage.queue.calls.map(({ id, step }) => `${id}/${step}`)).size).toBe(1);
      await stage.deliverAll();
      expect(stage.graph.submissions).toHaveLength(1);
    },
  );

  test('that two callers post at the same time goes out once', async () => {
    const stage = new Stage();
    const outcomes = await Promise.all([keyed(stage), keyed(stage)]);
    const ids = outcomes.flatMap((outcome) => (outcome.kind === 'accepted' ? [outcome.id] : []));
    expect(new Set(ids).size).toBe(1);
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('needs the log: without it nobody could tell a repetition', async () => {
    const stage = new Stage();
    stage.log.down = true;
    expect((await keyed(stage)).kind).toBe('unavailable');
    expect(stage.queue.calls).toEqual([]);
  });

  test('is accepted where only the confirmation could not be written; the worker confirms', async () => {
    const stage = new Stage();
    stage.before('log.write', unavailable);
    const outcome = await keyed(stage);
    if (outcome.kind !== 'accepted') throw new Error(outcome.kind);
    expect((await stage.record(outcome.id)).enqueued).toBe(false);
    await stage.deliver();
    expect((await stage.record(outcome.id)).enqueued).toBe(true);
  });
});
