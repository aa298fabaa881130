// The message or draft that an operation is about: Graph's own id, or a send request's, which is waited for.
import { describe, expect, test } from 'vitest';
import { makeSendRequestId } from '../../../shared/domain/log/send-request-id.ts';
import { awaitDraft } from '../../../shared/usecases/accept/await-draft.ts';
import { checkTarget } from '../../../shared/usecases/accept/check-target.ts';
import type { EnqueueCommand } from '../../../shared/usecases/accept/enqueue-command.ts';
import { answered, GRACE, MAILBOX, Stage, unavailable } from './stage.ts';

const OTHER = 'other@contoso.com';
const sending = (targetMessageId: string): Partial<EnqueueCommand> => ({
  operation: 'send',
  format: 'none',
  content: new Uint8Array(),
  recipients: [],
  targetMessageId,
});

describe('an id in the path', () => {
  test.each(['AAMkADAwATM0MDAAMS1i-_=', 'AAMkADAwATM0MDAAMS1iNTcwLWI2NTEtMDACLTAwCgBGAAAA'])(
    'of Graph is taken as it is: %s',
    async (id) => {
      expect(await checkTarget(new Stage().context, MAILBOX, 'application-1', id)).toEqual({ kind: 'taken', id });
    },
  );

  test.each(['', 'a b', 'a/b', "a'b", 'ä', 'x'.repeat(1025)])('that cannot be one is malformed: %j', async (id) => {
    expect(await checkTarget(new Stage().context, MAILBOX, 'application-1', id)).toEqual({ kind: 'malformed' });
  });

  test.each([
    'null',
    'undefined',
    'None',
    'nil',
    '<nil>',
    '(null)',
    'NaN',
    '[object Object]',
    '{id}',
    '{{draftId}}',
    '<id>',
    ':id',
    '%7Bid%7D',
  ])('that stands for none is told apart, so that the caller learns that it had no id: %j', async (id) => {
    expect(await checkTarget(new Stage().context, MAILBOX, 'application-1', id)).toEqual({ kind: 'placeholder' });
  });

  test("of a send request is taken in any case, but not another mailbox's, nor another application's", async () => {
    const stage = new Stage();
    const id = await stage.post({ operation: 'createDraft' });
    expect(await checkTarget(stage.context, MAILBOX, 'application-1', id.toUpperCase())).toEqual({ kind: 'taken', id });
    expect(await checkTarget(stage.context, MAILBOX, 'application-2', id)).toEqual({ kind: 'unknown' });
    expect(await checkTarget(stage.context, OTHER, 'application-1', id)).toEqual({ kind: 'unknown' });
  });

  test('is taken where the log cannot be asked: the worker finds out', async () => {
    const stage = new Stage();
    const id = await stage.post({ operation: 'createDraft' });
    stage.before('log.read', unavailable);
    expect(await checkTarget(stage.context, MAILBOX, 'application-2', id)).toEqual({ kind: 'taken', id });
  });
});

describe('the draft that another send request makes', () => {
  test('is waited for, and sent once it is there', async () => {
    const stage = new Stage();
    stage.graph.answerNext('createDraft', answered(429, undefined, 30_000));
    const draft = await stage.post({ operation: 'createDraft' });
    await stage.deliver();
    const send = await stage.post(sending(draft));
    await stage.deliver();
    expect((await stage.record(send)).status).toBe('queued');
    expect(stage.graph.submissions).toEqual([]);
    await stage.deliverAll();
    expect([(await stage.record(draft)).status, (await stage.record(send)).status]).toEqual(['created', 'accepted']);
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test.each([
    ["another application's", { application: 'application-2' }, 'was not found'],
    ['of a mail', { operation: 'sendMail' }, 'does not make a draft'],
  ] as const)('that is %s is refused, and nothing is sent', async (_, more, words) => {
    const stage = new Stage();
    const draft = await stage.post({ operation: 'createDraft', ...more });
    const before = stage.graph.submissions.length;
    const send = await stage.post(sending(draft));
    await stage.deliver();
    await stage.deliver();
    expect(await stage.record(send)).toMatchObject({
      status: 'rejected',
      error: { code: 'ErrorItemNotFound', message: expect.stringContaining(words) },
    });
    expect(stage.graph.calls.filter(({ operation }) => operation === 'sendDraft')).toEqual([]);
    expect(stage.graph.submissions.length - before).toBeLessThanOrEqual(1);
  });

  test('that was never made is refused with what its own request ended with', async () => {
    const stage = new Stage();
    stage.graph.answerNext('createDraft', answered(400, 'ErrorInvalidRecipients'));
    const draft = await stage.post({ operation: 'createDraft' });
    const send = await stage.post(sending(draft));
    await stage.deliverAll();
    expect((await stage.record(send)).error?.message).toContain(`The send request ${draft} ended as rejected (ErrorInvalidRecipients)`);
  });

  test('of a request that the log knows nothing of is waited for as long as there may be one', async () => {
    const stage = new Stage();
    const unknown = makeSendRequestId(stage.clock.now(), MAILBOX, new Uint8Array(14));
    const send = await stage.post(sending(unknown));
    await stage.deliver();
    expect((await stage.record(send)).status).toBe('queued');
    stage.clock.advance(stage.context.rules.sendLifetimeMs - 60_000);
    await stage.deliver();
    expect(['queued', 'deferred']).toContain((await stage.record(send)).status);
    await stage.deliverAll();
    expect(['rejected', 'expired']).toContain((await stage.record(send)).status);
    expect(stage.graph.submissions).toEqual([]);
  });
});

describe('waiting for a draft', () => {
  const wait = (stage: Stage, id: string, meanwhile: () => Promise<unknown> = async () => undefined) =>
    awaitDraft(stage.context, MAILBOX, id, 1_000, async (ms) => {
      stage.clock.advance(ms);
      await meanwhile();
    });

  test('ends with the message, once it is there', async () => {
    const stage = new Stage();
    const id = await stage.post({ operation: 'createDraft' });
    let delivered = false;
    const awaited = await wait(stage, id, async () => {
      if (!delivered) await stage.deliver();
      delivered = true;
    });
    expect(awaited).toMatchObject({ status: 'created', message: { id: stage.graph.items[0]?.id } });
  });

  test('ends with the state when the time is over, and before where it has ended otherwise', async () => {
    const stage = new Stage();
    const id = await stage.post({ operation: 'createDraft' });
    expect(await wait(stage, id)).toEqual({ status: 'queued' });
    stage.graph.answerNext('createDraft', answered(400, 'ErrorInvalidRecipients'));
    await stage.deliver();
    const before = stage.clock.now();
    expect(await wait(stage, id)).toEqual({ status: 'rejected' });
    expect(stage.clock.now()).toBe(before);
  });

  test('outlasts a log that cannot be asked, and a message that cannot be read', async () => {
    const stage = new Stage();
    const id = await stage.post({ operation: 'createDraft' });
    await stage.deliver();
    stage.before('log.read', unavailable);
    stage.graph.answerNext('getMessage', answered(503));
    expect(await wait(stage, id)).toEqual({ status: 'created' });
  });
});

describe('a draft that a send request made a moment ago, and that Graph does not find', () => {
  const missing = answered(404, 'ErrorItemNotFound');

  test('is asked for again: one answer is not final', async () => {
    const stage = new Stage();
    const draft = await stage.post({ operation: 'createDraft' });
    await stage.deliverAll();
    const send = await stage.post(sending(draft));
    stage.graph.answerNext('getCopy', missing);
    await stage.deliverAll();
    expect((await stage.record(send)).status).toBe('accepted');
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('is missing if every answer says so for as long as the grace', async () => {
    const stage = new Stage();
    const draft = await stage.post({ operation: 'createDraft' });
    await stage.deliverAll();
    const { draft: made } = await stage.record(draft);
    const item = stage.graph.items.find(({ id }) => id === made?.id);
    if (item) item.removed = true;
    const send = await stage.post(sending(draft));
    const start = stage.clock.now();
    await stage.deliverAll();
    expect(await stage.record(send)).toMatchObject({ status: 'rejected', error: { code: 'ErrorItemNotFound' } });
    expect(stage.clock.now() - start).toBeGreaterThanOrEqual(GRACE);
    expect(stage.clock.now() - start).toBeLessThan(4 * GRACE);
  });

  test('is missing at once if the caller gave its id', async () => {
    const stage = new Stage();
    const send = await stage.post(sending('AAMkADAwATM0MDAAMS1i-_='));
    await stage.deliverAll();
    expect((await stage.record(send)).status).toBe('rejected');
    expect(stage.graph.calls.filter(({ operation }) => operation === 'getCopy')).toHaveLength(1);
  });
});
