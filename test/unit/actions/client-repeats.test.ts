// A client that repeats a POST by itself (Retry-Attempt): one mail per mail that was meant, and a log that tells the truth.

import { beforeEach, describe, expect, test } from 'vitest';
import type { EnqueueCommand } from '../../../shared/usecases/accept/enqueue-command.ts';
import { enqueueSendRequest } from '../../../shared/usecases/accept/enqueue-send-request.ts';
import { command, content, idOf, MAILBOX, MINUTE, Stage, unavailable } from '../usecases/stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});

const post = (more: Partial<EnqueueCommand>, context = stage.context) => enqueueSendRequest(context, command(more));

describe('a client that repeats a POST by itself (Retry-Attempt)', () => {
  const repeat = (retryAttempt: number, more: Partial<EnqueueCommand> = {}, context = stage.context) =>
    post({ retryAttempt, ...more }, context);
  const mails = async () => {
    await stage.deliverAll();
    return stage.graph.submissions.length;
  };

  test('gets the id of the mail that its lost answer had, however often, and one mail goes out', async () => {
    const first = idOf(await post({}));
    for (const number of [1, 2, 3]) expect(await repeat(number)).toMatchObject({ kind: 'accepted', id: first, repeatOf: first });
    expect(await mails()).toBe(1);
    expect(await stage.events(first)).toEqual([
      'enqueued',
      'repeatAnswered',
      'repeatAnswered',
      'repeatAnswered',
      'submissionStarted',
      'submissionAccepted',
    ]);
    expect(stage.telemetry.named('repeatAnswered')).toHaveLength(3);
  });

  test('whose first attempt never came sends one mail, and later repeats are answered with it', async () => {
    const first = idOf(await repeat(1));
    expect(await repeat(2)).toMatchObject({ id: first, repeatOf: first });
    expect(await mails()).toBe(1);
  });

  test('is answered after the mail has gone out, too', async () => {
    const first = idOf(await post({}));
    expect(await mails()).toBe(1);
    expect(await repeat(1)).toMatchObject({ kind: 'accepted', id: first, status: 'accepted' });
    expect(await mails()).toBe(1);
  });

  test('of the same number a second time belongs to another mail of the same content', async () => {
    await post({});
    await post({});
    const ids = [await repeat(1), await repeat(1)].map(idOf);
    expect(new Set(ids).size).toBe(2);
    expect(idOf(await repeat(1))).not.toBe(ids[0]);
    expect(await mails()).toBe(3);
  });

  test('without Retry-Attempt is never suppressed', async () => {
    for (let n = 0; n < 3; n++) await post({ clientRequestId: 'one-for-all' });
    expect(await mails()).toBe(3);
  });

  test('after our own 503 is a new mail, though the same alert went out shortly before', async () => {
    const client = { clientRequestId: 'one-per-client-object' };
    const first = idOf(await post(client));
    stage.queue.answerNext({ kind: 'notEnqueued', reason: 'busy' }, false);
    expect(await post(client)).toMatchObject({ kind: 'unavailable' });
    const second = idOf(await repeat(1, client));
    expect(second).not.toBe(first);
    expect(await repeat(2, client)).toMatchObject({ id: second });
    expect(await mails()).toBe(2);
  });

  test('after a refusal that came before the content was read is a new mail, too, whatever the content says of its time', async () => {
    const unread = [{ mailbox: MAILBOX, application: 'application-1', contentHash: 'as posted' }];
    const later = { sendAt: '2099-01-01T00:00:00.000Z' };
    const first = idOf(await post(later));
    await stage.refusedAttempts.remember({ ...unread[0]!, number: 0, dateTime: stage.now() });
    expect(idOf(await repeat(1, { ...later, unread }))).not.toBe(first);
    expect(await repeat(1, { ...later, unread })).toMatchObject({ id: first, repeatOf: first });
    expect(stage.queue.queued).toHaveLength(2);
  });

  test('that we refused before we knew whose repeat it was is no new mail: the accepted attempt before it still answers', async () => {
    const first = idOf(await post({}));
    stage.before('log.withContent', unavailable);
    expect(await repeat(1)).toMatchObject({ kind: 'unavailable' });
    expect(await repeat(2)).toMatchObject({ id: first });
    expect(await mails()).toBe(1);
  });

  test('that was found to be a mail of its own, and that we refused then, stays one', async () => {
    const first = idOf(await post({}));
    for (let n = 0; n < 3; n++) {
      stage.queue.answerNext({ kind: 'notEnqueued', reason: 'busy' }, false);
      expect(await (n === 0 ? post({}) : repeat(n))).toMatchObject({ kind: 'unavailable' });
    }
    const second = idOf(await repeat(3));
    expect(second).not.toBe(first);
    expect(await repeat(4)).toMatchObject({ id: second, repeatOf: second });
    expect(await mails()).toBe(2);
  });

  test('is answered once where two refused attempts and two repeats race', async () => {
    stage.queue.answerNext({ kind: 'notEnqueued', reason: 'busy' }, false);
    await post({});
    const ids = (await Promise.all([repeat(1), repeat(1)])).map(idOf);
    expect(await mails()).toBe(new Set(ids).size);
  });

  test('while the first attempt is still under way waits for it', async () => {
    let goOn = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    stage.before('queue.enqueue', () => gate);
    const first = post({});
    const second = repeat(1);
    goOn();
    expect(idOf(await second)).toBe(idOf(await first));
    expect(await mails()).toBe(1);
  });

  test('after an attempt whose fate on the queue stayed unknown is a new mail, and the first is dropped', async () => {
    stage.queue.answerNext({ kind: 'unknown', reason: 'no answer' }, true);
    expect(await post({})).toMatchObject({ kind: 'unavailable' });
    const second = idOf(await repeat(1));
    expect(idOf(await repeat(2))).toBe(second);
    expect(await mails()).toBe(1);
  });

  test('after an attempt that the worker was faster with, and the log cannot say so, is answered with what the worker made of it', async () => {
    stage.queue.answerNext({ kind: 'unknown', reason: 'no answer' }, true);
    stage.before('log.write', async () => void (await stage.deliverAll()));
    stage.before('log.read', unavailable, 1);
    expect(await post({})).toMatchObject({ kind: 'unavailable' });
    expect(await repeat(1)).toMatchObject({ kind: 'accepted', repeatOf: expect.any(String) });
    expect(await mails()).toBe(1);
  });

  test('after an attempt that may be on the queue, with the log out of reach, is answered with what the worker made of it', async () => {
    stage.queue.answerNext({ kind: 'unknown', reason: 'no answer' }, true);
    for (const _ of ['beside the queue message', 'withdrawn']) stage.before('log.create', unavailable);
    expect(await post({})).toMatchObject({ kind: 'unavailable' });
    expect(await mails()).toBe(1);
    expect(await repeat(1)).toMatchObject({ kind: 'accepted', repeatOf: expect.any(String) });
    expect(await mails()).toBe(1);
  });

  test.each<[string, Partial<EnqueueCommand>]>([
    ['other content', { content: content('other') }],
    ['another application', { application: 'application-2' }],
    ['another mailbox', { mailbox: 'other@contoso.com' }],
    ['another operation', { operation: 'createDraft' }],
    ['another Send-At', { sendAt: '2099-01-01T00:00:00.000Z' }],
    ['another client-request-id', { clientRequestId: 'c-2' }],
    ['a key of its own', { idempotencyKey: 'k' }],
  ])('with %s is not the same request', async (_, more) => {
    const first = idOf(await post({ clientRequestId: 'c-1' }));
    expect(idOf(await repeat(1, { clientRequestId: 'c-1', ...more }))).not.toBe(first);
  });

  test('is never answered with a request that had a key', async () => {
    const keyed = idOf(await post({ idempotencyKey: 'k' }));
    expect(idOf(await repeat(1))).not.toBe(keyed);
  });

  test('later than the window after the attempt before it is a first request', async () => {
    const first = idOf(await post({}));
    stage.clock.advance(14 * MINUTE);
    expect(idOf(await repeat(1))).toBe(first);
    stage.clock.advance(14 * MINUTE);
    expect(idOf(await repeat(2))).toBe(first);
    stage.clock.advance(16 * MINUTE);
    expect(idOf(await repeat(3))).not.toBe(first);
  });

  test('while the log is out of reach is not taken for a first request', async () => {
    await post({});
    stage.before('log.withContent', unavailable);
    expect(await repeat(1)).toMatchObject({ kind: 'unavailable' });
    expect(stage.queue.queued).toHaveLength(1);
    expect((await stage.log.page(MAILBOX, { filter: {}, top: 10 })).records).toHaveLength(1);
  });

  test('costs nothing for those who do not repeat', async () => {
    await post({});
    expect(stage.calls.filter((call) => call.startsWith('log.'))).toEqual(['log.create']);
  });
});
