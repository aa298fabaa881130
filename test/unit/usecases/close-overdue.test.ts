// What the reconciler looks after by itself: dead workers, lifetimes that nobody ended, report windows, copies to remove.

import { describe, expect, test } from 'vitest';
import { changeOf } from '../../../shared/usecases/log/write-log.ts';
import { reconcileMailboxes } from '../../../shared/usecases/reconcile/reconcile-mailboxes.ts';
import { answered, content, GRACE, HOUR, MAILBOX, MINUTE, NO_ANSWER, SECOND, Stage } from './stage.ts';

const WINDOW = 72 * HOUR;
const reconcile = (stage: Stage) => reconcileMailboxes(stage.context);

/** A worker that dies in the middle, and whose queue message never comes again. `waitMs`: how long the mail waits for its turn before that. */
async function dead(stage: Stage, at: Parameters<Stage['before']>[0], waitMs = 0): Promise<string> {
  const id = await stage.post();
  stage.clock.advance(waitMs);
  stage.before(at, () => {
    throw new Error('killed');
  });
  await stage.deliver().catch(() => undefined);
  return id;
}

describe('a worker that died and whose queue message never came back', () => {
  test.each([
    ['ten minutes from when its mail was due', 0, 10 * MINUTE],
    ['the time of its claim and the grace, if its mail was late', 10 * MINUTE, 100 * SECOND + GRACE],
  ])('is given %s; then its mail is in doubt, is looked for, and ends unaccounted', async (_time, waitMs, givenMs) => {
    const stage = new Stage();
    const id = await dead(stage, 'graph.submit', waitMs);
    stage.clock.advance(givenMs - SECOND);
    await reconcile(stage);
    expect((await stage.record(id)).status).toBe('submitting');
    stage.clock.advance(SECOND);
    await reconcile(stage);
    expect((await stage.record(id)).status).toBe('inDoubt');
    stage.clock.advance(49 * HOUR);
    await reconcile(stage);
    expect((await stage.record(id)).status).toBe('unaccounted');
  });

  test('after the POST is found out by its copy', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.after('graph.submit', () => {
      throw new Error('killed');
    });
    await stage.deliver().catch(() => undefined);
    stage.clock.advance(MINUTE);
    await reconcile(stage);
    expect((await stage.record(id)).status).toBe('sent');
  });

  test('before a draft was noted has sent nothing: the request waits again, and expires at its end', async () => {
    const stage = new Stage({ proven: [] });
    const id = await dead(stage, 'graph.createDraft');
    stage.clock.advance(10 * MINUTE);
    await reconcile(stage);
    expect((await stage.record(id)).status).toBe('deferred');
    stage.clock.advance(49 * HOUR);
    await reconcile(stage);
    expect((await stage.record(id)).status).toBe('expired');
  });
});

describe('a request whose queue message is gone', () => {
  test('is told to the operators after ten minutes, and expires an hour after its lifetime, when the worker has had its time', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.queue.queued = [];
    stage.clock.advance(10 * MINUTE);
    await reconcile(stage);
    expect(stage.telemetry.named('nextAttemptOverdue')).toMatchObject([{ sendRequestId: id, status: 'queued' }]);
    stage.clock.advance(48 * HOUR + 30 * MINUTE);
    await reconcile(stage);
    expect((await stage.record(id)).status).toBe('queued');
    stage.clock.advance(HOUR);
    await reconcile(stage);
    expect((await stage.record(id)).status).toBe('expired');
  });
});

describe('a mail that failed before its copy was seen', () => {
  test('has the copy that the caller did not want looked for, wherever it is, and removed', async () => {
    const stage = new Stage();
    const id = await stage.post({ saveToSentItems: false });
    await stage.deliver();
    const [copy] = stage.graph.items.splice(0);
    const stored = await stage.log.read(MAILBOX, id);
    if (!stored || !copy) throw new Error('no record, or no copy');
    await stage.log.write(changeOf({ ...stored.value, status: 'failed' }, []), stored.etag);
    await reconcile(stage);
    stage.graph.items.push(copy);
    stage.clock.advance(10 * MINUTE);
    await reconcile(stage);
    stage.clock.advance(MINUTE);
    await reconcile(stage);
    expect(await stage.record(id)).toMatchObject({ status: 'failed', copyId: copy.id });
    expect((await stage.log.events(MAILBOX, id)).map(({ type }) => type)).toContain('copyRemoved');
  });
});

describe('the report window', () => {
  test('of a sent mail closes it: silence is not proof of delivery', async () => {
    const stage = new Stage();
    const id = await stage.post();
    await stage.deliver();
    await reconcile(stage);
    stage.clock.advance(WINDOW);
    await reconcile(stage);
    expect((await stage.record(id)).status).toBe('closed');
  });

  test('of many sent mails closes them together; one that changes at that moment is decided again by a later run', async () => {
    const stage = new Stage();
    const ids: string[] = [];
    for (let n = 0; n < 60; n++) ids.push(await stage.post({ content: content(`mail ${n}`), saveToSentItems: n !== 0 }));
    await stage.deliverAll();
    await reconcile(stage);
    stage.clock.advance(WINDOW);
    stage.calls.length = 0;
    const [, second = ''] = ids;
    stage.before('log.writeAll', async () => {
      const stored = await stage.log.read(MAILBOX, second);
      if (stored) await stage.log.write(changeOf(stored.value, []), stored.etag);
    });
    await reconcile(stage);
    expect(stage.calls.filter((call) => /^log\.(read|write)/.test(call))).toEqual([
      ...['log.readAll', 'log.writeAll', 'log.read'],
      ...['log.readAll', 'log.writeAll'],
    ]);
    const statuses = await Promise.all(ids.map(async (id) => (await stage.record(id)).status));
    expect(statuses).toEqual(ids.map((id) => (id === second ? 'sent' : 'closed')));
    stage.clock.advance(WINDOW);
    await reconcile(stage);
    expect((await stage.record(second)).status).toBe('closed');
  });

  test('of an accepted mail that was never seen ends it unaccounted, after a last look', async () => {
    const stage = new Stage();
    const id = await stage.post();
    await stage.deliver();
    stage.graph.items.length = 0;
    stage.clock.advance(WINDOW);
    await reconcile(stage);
    expect((await stage.record(id)).status).toBe('unaccounted');
    expect(stage.graph.calls.some(({ operation }) => operation === 'findByMark')).toBe(true);
  });

  test('of an accepted mail does not close while the mailbox cannot be read, but not for ever', async () => {
    const stage = new Stage();
    const id = await stage.post();
    await stage.deliver();
    stage.graph.items.length = 0;
    stage.clock.advance(WINDOW);
    stage.graph.answerNext('findByMark', NO_ANSWER);
    await reconcile(stage);
    expect((await stage.record(id)).status).toBe('accepted');
    stage.clock.advance(25 * HOUR);
    stage.graph.answerNext('findByMark', NO_ANSWER);
    await reconcile(stage);
    expect((await stage.record(id)).status).toBe('unaccounted');
  });
});

describe('a mail that is not to be saved in Sent Items', () => {
  /** A mail that was sent, as the next visit finds it. */
  async function sent(options: ConstructorParameters<typeof Stage>[0] = {}): Promise<{ stage: Stage; id: string }> {
    const stage = new Stage(options);
    const id = await stage.post({ saveToSentItems: false });
    await stage.deliver();
    return { stage, id };
  }
  const settle = async (stage: Stage) => {
    for (let i = 0; i < 3; i++) {
      await reconcile(stage);
      stage.clock.advance(MINUTE);
    }
  };
  const removed = (stage: Stage) => stage.graph.items.filter((item) => item.removed).map(({ id }) => id);

  test('is saved all the same, seen, and then exactly its copy is removed', async () => {
    const { stage, id } = await sent();
    await stage.graph.submit({ mailbox: MAILBOX, clientRequestId: 'x', timeoutMs: 1 }, 'sendMail', {
      contentType: 'application/json',
      body: '{"message":{"subject":"Invoice"}}',
    });
    await settle(stage);
    expect(await stage.events(id)).toEqual(expect.arrayContaining(['foundInSentItems', 'copyRemoved']));
    expect(removed(stage)).toEqual([stage.graph.items[0]?.id]);
    expect((await stage.record(id)).copyToRemove).toBeUndefined();
  });

  test('keeps its copy where that does not carry our property: another match allows no removal', async () => {
    const { stage, id } = await sent();
    for (const item of stage.graph.items) delete item.mark;
    await settle(stage);
    expect(removed(stage)).toEqual([]);
    expect(await stage.events(id)).toContain('copyKept');
    expect((await stage.record(id)).copyToRemove).toBeUndefined();
  });

  test('is tried again while Graph refuses, until the report window is over', async () => {
    const { stage, id } = await sent();
    stage.graph.answerNext('remove', answered(503));
    await settle(stage);
    expect(await stage.events(id)).toContain('copyRemoved');
    const other = await sent();
    for (let i = 0; i < 5; i++) other.stage.graph.answerNext('remove', answered(403, 'ErrorAccessDenied'));
    await settle(other.stage);
    expect((await other.stage.record(other.id)).copyToRemove).toBe(true);
    other.stage.clock.advance(WINDOW);
    await settle(other.stage);
    other.stage.clock.advance(HOUR);
    await settle(other.stage);
    expect(await other.stage.record(other.id)).toMatchObject({ status: 'closed' });
    expect((await other.stage.record(other.id)).copyToRemove).toBeUndefined();
    expect(await other.stage.events(other.id)).toContain('copyKept');
  });

  test('whose copy is gone already needs no removal', async () => {
    const { stage, id } = await sent();
    await reconcile(stage);
    const other = await stage.record(id);
    if (other.copyToRemove) for (const item of stage.graph.items) item.removed = true;
    await settle(stage);
    expect(await stage.events(id)).toContain('copyRemoved');
  });

  test('keeps its copy with the right to read only', async () => {
    const { stage, id } = await sent({ rules: { graphRights: 'read' } });
    await settle(stage);
    expect(removed(stage)).toEqual([]);
    expect(await stage.events(id)).toContain('copyKept');
  });
});
