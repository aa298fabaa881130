// The row is written beside the queue message: whoever dies in between, a mail that was accepted goes out, and once.

import { describe, expect, test } from 'vitest';
import type { EnqueueCommand } from '../../../shared/usecases/accept/enqueue-command.ts';
import { enqueueSendRequest } from '../../../shared/usecases/accept/enqueue-send-request.ts';
import { closeOverdue } from '../../../shared/usecases/reconcile/close-overdue.ts';
import { policyOf } from '../access/policies.ts';
import { command, HOUR, idOf, MAILBOX, MINUTE, Stage, unavailable } from './stage.ts';

const enqueue = (stage: Stage, more: Partial<EnqueueCommand> = {}, context = stage.context) => enqueueSendRequest(context, command(more));
/** A client's own repeat, which another process gets. */
const repeat = (stage: Stage, retryAttempt = 1, more: Partial<EnqueueCommand> = {}) =>
  enqueue(stage, { retryAttempt, ...more }, stage.anotherProcess());
const UNKNOWN = { kind: 'unknown', reason: 'no answer' } as const;
const NOT_ENQUEUED = { kind: 'notEnqueued', reason: 'busy' } as const;
function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** The process dies at this call. */
const dies = () => new Promise(() => undefined);
const rowsOf = async (stage: Stage) => (await stage.log.page(MAILBOX, { filter: {}, top: 10 })).records;
const onlyRow = async (stage: Stage) => {
  const [row, ...more] = await rowsOf(stage);
  if (!row || more.length > 0) throw new Error(`${more.length + 1} rows`);
  return row;
};

/** Everything else that can happen does, until the process has only the call left at which it dies. */
async function postAndDie(stage: Stage, more: Partial<EnqueueCommand> = {}): Promise<void> {
  void enqueue(stage, more);
  await new Promise((resolve) => setImmediate(resolve));
}

async function mails(stage: Stage): Promise<number> {
  await stage.deliverAll();
  return stage.graph.submissions.length;
}

describe('the row and the queue message', () => {
  test('are written at the same time', async () => {
    const stage = new Stage();
    const both = gate();
    let begun = 0;
    const meet = () => {
      begun++;
      if (begun === 2) both.open();
      return both.opened;
    };
    stage.before('queue.enqueue', meet);
    stage.before('log.create', meet);
    const id = idOf(await enqueue(stage));
    expect((await stage.record(id)).unconfirmed).toBe(true);
    await stage.deliver();
    expect((await stage.record(id)).unconfirmed).toBeUndefined();
  });

  test('of a mail that is not due yet are not: its row says that the queue has it', async () => {
    const stage = new Stage();
    const id = await stage.post({ sendAt: '2026-01-16T08:00:00.000Z' });
    expect(stage.calls.indexOf('queue.enqueue')).toBeLessThan(stage.calls.indexOf('log.create'));
    expect((await stage.record(id)).unconfirmed).toBeUndefined();
  });

  test('are confirmed by a delivery that holds the mail, too', async () => {
    const stage = new Stage();
    await stage.pauses.set({ id: 'everything', scope: 'everything', reason: 'a test', setBy: 'operator', setDateTime: stage.now() });
    const id = await stage.post();
    await stage.deliver();
    const record = await stage.record(id);
    expect(record.status).toBe('queued');
    expect(record.unconfirmed).toBeUndefined();
  });

  test('cost no operation more than one after the other', async () => {
    const stage = new Stage();
    await stage.post();
    await stage.deliver();
    expect(stage.calls.filter((call) => call.startsWith('log.'))).toEqual(['log.create', 'log.read', 'log.write', 'log.write']);
  });
});

describe('a process that dies at the HTTP API, and the client repeats', () => {
  test('with neither written: the repeat is the mail', async () => {
    const stage = new Stage();
    stage.before('queue.enqueue', dies);
    stage.before('log.create', dies);
    await postAndDie(stage);
    expect((await repeat(stage)).kind).toBe('accepted');
    expect(await mails(stage)).toBe(1);
  });

  test.each([undefined, 10])('with the row alone: the repeat puts its queue message on the queue (inline bytes: %s)', async (inline) => {
    const stage = new Stage();
    if (inline !== undefined) stage.queue.maximumInlineBytes = inline;
    stage.before('queue.enqueue', dies);
    await postAndDie(stage);
    const { id } = await onlyRow(stage);
    expect(stage.queue.queued).toEqual([]);
    stage.clock.advance(5_000);
    expect(await repeat(stage)).toMatchObject({ kind: 'accepted', id, repeatOf: id });
    expect(stage.queue.queued.map(({ messageId }) => messageId)).toEqual([`${id}/0`]);
    const { message } = stage.queue.queued[0]!;
    const record = await onlyRow(stage);
    for (const name of ['lane', 'createdDateTime', 'sendBefore', 'internetMessageId'] as const) expect(message[name]).toBe(record[name]);
    // It is confirmed now: a later repeat is answered by the row.
    expect(await repeat(stage, 2)).toMatchObject({ kind: 'accepted', id, repeatOf: id });
    expect(stage.queue.calls).toHaveLength(1);
    expect(await mails(stage)).toBe(1);
    expect(await rowsOf(stage)).toHaveLength(1);
  });

  test('with the queue message alone: the worker makes the row, and the repeat is answered with it', async () => {
    const stage = new Stage();
    stage.before('log.create', dies);
    await postAndDie(stage);
    expect(await mails(stage)).toBe(1);
    const { id } = await onlyRow(stage);
    expect(await repeat(stage)).toMatchObject({ id, repeatOf: id, status: 'accepted' });
    expect(await mails(stage)).toBe(1);
  });

  test('with both written: duplicate detection drops what the repeat enqueues', async () => {
    const stage = new Stage();
    stage.after('queue.enqueue', dies);
    await postAndDie(stage);
    const { id } = await onlyRow(stage);
    expect(await repeat(stage)).toMatchObject({ id, repeatOf: id });
    expect(stage.queue.calls).toHaveLength(2);
    expect(stage.queue.queued).toHaveLength(1);
    expect(await mails(stage)).toBe(1);
  });

  test('with the row alone, while the queue is down: no 202, and a later repeat of it succeeds', async () => {
    const stage = new Stage();
    stage.before('queue.enqueue', dies);
    await postAndDie(stage);
    const { id } = await onlyRow(stage);
    for (const [number, result] of [NOT_ENQUEUED, UNKNOWN].entries()) {
      stage.queue.answerNext(result, false);
      expect(await repeat(stage, number + 1)).toMatchObject({ kind: 'unavailable' });
    }
    expect(await onlyRow(stage)).toMatchObject({ status: 'queued', unconfirmed: true });
    expect(await repeat(stage, 3)).toMatchObject({ id, repeatOf: id });
    expect(await mails(stage)).toBe(1);
  });

  test('with the row alone: a mail that the sender policy holds for a suppressed recipient is held after the repeat, too', async () => {
    const stage = new Stage({ rules: { suppressionExpiryMs: 24 * HOUR } });
    const app = { name: 'App', applicationId: 'application-1', mailboxes: ['*@contoso.com'], suppressedRecipients: 'hold' };
    stage.context.policy = { get: async () => policyOf({ applications: [app] }) };
    const suppressed = { address: 'person@example.com', reason: '5.1.1', suppressedDateTime: stage.now(), sendRequestId: 'x' };
    await stage.suppressions.suppress({ ...suppressed, mailbox: MAILBOX }, HOUR);
    stage.before('queue.enqueue', dies);
    await postAndDie(stage);
    expect(await repeat(stage)).toMatchObject({ kind: 'accepted' });
    expect(stage.queue.queued[0]?.message.suppressionHold).toBe(true);
  });

  test('and without a repeat: the row alone ends with its lifetime, and says what is known', async () => {
    const stage = new Stage();
    stage.before('queue.enqueue', dies);
    await postAndDie(stage);
    const { id } = await onlyRow(stage);
    stage.clock.advance(11 * MINUTE);
    await closeOverdue(stage.context, MAILBOX);
    expect(stage.telemetry.named('nextAttemptOverdue')).toHaveLength(1);
    stage.clock.advance(50 * HOUR);
    await closeOverdue(stage.context, MAILBOX);
    expect((await stage.record(id)).status).toBe('expired');
    const last = (await stage.log.events(MAILBOX, id)).at(-1);
    expect(last?.detail).toContain('the HTTP API may have died before the queue had it');
  });
});

describe('a queue that did not take the mail, or may have', () => {
  test.each([NOT_ENQUEUED, UNKNOWN])('$kind: a repeat that another process has accepted meanwhile is not withdrawn', async (result) => {
    const stage = new Stage();
    stage.queue.maximumInlineBytes = 10;
    stage.queue.answerNext(result, false);
    let again = '';
    stage.before('log.write', async () => {
      again = idOf(await repeat(stage));
    });
    const first = await enqueue(stage);
    expect(again).toBe((await onlyRow(stage)).id);
    expect(first).toMatchObject({ kind: 'accepted', id: again });
    expect(await mails(stage)).toBe(1);
    expect((await stage.record(again)).status).toBe('accepted');
  });

  test.each([NOT_ENQUEUED, UNKNOWN])(
    '$kind: what is withdrawn while another process enqueues it again is a mail of its own there',
    async (result) => {
      const stage = new Stage();
      stage.queue.maximumInlineBytes = 10;
      stage.queue.answerNext(result, false);
      // The repeat has enqueued it, and comes to the row after the withdrawal.
      const withdrawn = gate();
      let second: Promise<{ kind: string }> | undefined;
      stage.before('log.write', async () => {
        stage.before('log.write', () => withdrawn.opened);
        second = repeat(stage);
        await new Promise((resolve) => setImmediate(resolve));
      });
      expect((await enqueue(stage)).kind).toBe('unavailable');
      withdrawn.open();
      expect((await second)?.kind).toBe('accepted');
      expect(stage.queue.queued).toHaveLength(2);
      expect(await mails(stage)).toBe(1);
      expect((await rowsOf(stage)).map(({ status }) => status).sort()).toEqual(['accepted', 'cancelled']);
    },
  );

  test.each(['log.create', 'log.write'] as const)(
    'it certainly has not, and %s fails: the repeat is a mail of its own, and the row is not one',
    async (call) => {
      const stage = new Stage();
      stage.queue.maximumInlineBytes = 10;
      stage.queue.answerNext(NOT_ENQUEUED, false);
      stage[call === 'log.create' ? 'after' : 'before'](call, unavailable);
      expect((await enqueue(stage)).kind).toBe('unavailable');
      const left = await onlyRow(stage);
      expect(left).toMatchObject({ status: 'queued', unconfirmed: true });
      // A repeat may have put the message on the queue, so its content stays.
      expect(stage.contents.contents.size).toBe(1);
      const second = idOf(await repeat(stage));
      expect(second).not.toBe(left.id);
      expect(await repeat(stage, 2)).toMatchObject({ repeatOf: second });
      expect(await mails(stage)).toBe(1);
    },
  );
});
