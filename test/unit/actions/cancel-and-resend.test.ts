// Cancelling and resending: who may, when it is too late, that repeating is harmless, and what both logs say.
import { beforeEach, describe, expect, test } from 'vitest';
import { accessProblems } from '../../../shared/domain/accept/access-problems.ts';
import type { Caller } from '../../../shared/domain/accept/caller.ts';
import { StoreUnavailable } from '../../../shared/ports/store-unavailable.ts';
import { Actions } from '../../../shared/usecases/act/actions.ts';
import type { Acted } from '../../../shared/usecases/act/cancel-send-request.ts';
import type { Resent } from '../../../shared/usecases/act/resend-send-request.ts';
import { answered, HOUR, MAILBOX, MINUTE, NO_ANSWER, Stage } from '../usecases/stage.ts';
import { OPERATOR, OWNER, rejected } from './acting.ts';

const OTHER: Caller = { ...OWNER, application: 'application-2' };
const READER: Caller = { application: 'reader', roles: ['SendRequests.Read.All'], delegated: false };

let stage: Stage;
let actions: Actions;
beforeEach(() => {
  stage = new Stage();
  actions = new Actions(stage.context, stage.log);
});

const cancel = (caller: Caller, id: string) => actions.cancel(caller, { mailbox: MAILBOX, id });
const resend = (caller: Caller, id: string) => actions.resend(caller, { mailbox: MAILBOX, id }, {}, async () => undefined);
const why = (acted: Acted | Resent) => ('why' in acted ? acted.why : 'problem' in acted ? acted.problem.message : acted.kind);

/** Somebody else changes the record. */
async function touch(id: string): Promise<void> {
  const stored = await stage.log.read(MAILBOX, id);
  if (stored) await stage.log.write({ record: stored.value, events: [] }, stored.etag);
}

describe('cancel', () => {
  test('before it is submitted ends it, and nothing is ever sent; repeating it says the same', async () => {
    const id = await stage.post();
    for (let n = 0; n < 2; n++) expect(await cancel(OWNER, id)).toMatchObject({ kind: 'done', record: { status: 'cancelled' } });
    await stage.deliverAll();
    expect(await stage.events(id)).toEqual(['enqueued', 'cancelled']);
    expect(stage.graph.submissions).toEqual([]);
  });

  test('while it is deferred ends it too', async () => {
    const id = await stage.post();
    stage.graph.answerNext('submit', answered(429, undefined, MINUTE));
    await stage.deliver();
    expect(await cancel(OWNER, id)).toMatchObject({ kind: 'done' });
    await stage.deliverAll();
    expect(stage.graph.submissions).toEqual([]);
  });

  test('of large content removes it from Blob Storage once its queue message has come', async () => {
    const id = await stage.post({ content: new TextEncoder().encode(JSON.stringify({ message: { subject: 'x'.repeat(300_000) } })) });
    expect(stage.contents.contents.size).toBe(1);
    await cancel(OWNER, id);
    await stage.deliverAll();
    expect(stage.contents.contents.size).toBe(0);
  });

  test('after it was submitted is too late, and says what it is now', async () => {
    const id = await stage.post();
    await stage.deliver();
    expect(why(await cancel(OWNER, id))).toBe('The send request is accepted: it can no longer be cancelled.');
  });

  test('in doubt is too late: it may have gone out', async () => {
    const id = await stage.post();
    stage.graph.answerNext('submit', NO_ANSWER);
    await stage.deliver();
    expect(why(await cancel(OWNER, id))).toContain('is inDoubt');
  });

  test('of a record that others keep changing comes to a store that is out of reach, which may be tried again, and not to a bug', async () => {
    const id = await stage.post();
    for (let n = 0; n < 8; n++) stage.before('log.write', () => touch(id));
    await expect(cancel(OWNER, id)).rejects.toThrow(StoreUnavailable);
    expect((await stage.record(id)).status).toBe('queued');
    expect(await cancel(OWNER, id)).toMatchObject({ kind: 'done' });
  });

  test('that races with the claim loses or wins, and never both', async () => {
    for (const call of ['log.write', 'log.read'] as const) {
      const world = new Stage();
      const id = await world.post();
      let acted: Acted | undefined;
      world.before(call, async () => {
        acted = await new Actions(world.context, world.log).cancel(OWNER, { mailbox: MAILBOX, id });
      });
      await world.deliver();
      expect(acted?.kind).toBe('done');
      expect([(await world.record(id)).status, world.graph.submissions.length]).toEqual(['cancelled', 0]);
    }
  });

  test('is for the application itself, and for operators, who leave an audit event', async () => {
    const id = await stage.post();
    expect(await cancel(OTHER, id)).toEqual({ kind: 'unknown' });
    expect(await cancel(READER, id)).toEqual({ kind: 'denied' });
    expect(await cancel(OWNER, `${id.slice(0, -1)}0`)).toEqual({ kind: 'absent' });
    expect(await cancel(OPERATOR, id)).toMatchObject({ kind: 'done' });
    expect((await stage.log.events(MAILBOX, id)).at(-1)).toMatchObject({ type: 'cancelled', detail: 'by application operator' });
    expect(stage.telemetry.named('operatorAction')).toEqual([
      { application: 'operator', action: 'cancel', mailbox: MAILBOX, sendRequestId: id, done: 1 },
    ]);
  });
});

describe('resend', () => {
  test('after a final failure is a new send request with the same content, linked in both logs', async () => {
    const id = await rejected(stage, { subject: 'Invoice', saveToSentItems: false, from: 'noreply@contoso.com' });
    const resent = await resend(OWNER, id);
    if (resent.kind !== 'resent') throw new Error(why(resent));
    const [old, made] = [await stage.record(id), await stage.record(resent.as.id)];
    expect(made).toMatchObject({
      status: 'queued',
      resendOf: id,
      application: OWNER.application,
      subject: 'Invoice',
      saveToSentItems: false,
      from: 'noreply@contoso.com',
    });
    expect(made.internetMessageId).not.toBe(old.internetMessageId);
    expect(old).toMatchObject({ status: 'rejected', resentAs: made.id });
    expect((await stage.log.events(MAILBOX, id)).at(-1)).toMatchObject({
      type: 'resent',
      detail: `as ${made.id}, by application application-1`,
    });
    expect((await stage.log.events(MAILBOX, made.id))[0]).toMatchObject({ type: 'enqueued', detail: `sends ${id} again` });
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(1);
    expect(await stage.log.recipients(MAILBOX, made.id)).toEqual([{ address: 'person@example.com', type: 'to' }]);
  });

  test('twice, and ten times at once, is one new send request, which can be resent in its turn', async () => {
    const id = await rejected(stage);
    const all = await Promise.all(Array.from({ length: 10 }, () => resend(OWNER, id)));
    const ids = new Set([...all, await resend(OWNER, id)].map((one) => (one.kind === 'resent' ? one.as.id : why(one))));
    expect(ids.size).toBe(1);
    stage.graph.answerNext('submit', answered(400, 'ErrorInvalidRecipients'));
    await stage.deliverAll();
    const [next] = ids;
    const again = await resend(OWNER, next as string);
    expect(again).toMatchObject({ kind: 'resent' });
    expect(again.kind === 'resent' && again.as.id).not.toBe(next);
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('gives a mail whose Message-ID the caller had set one of its own in JSON, and leaves MIME as it is', async () => {
    const mine = '<mine@contoso.com>';
    const content = new TextEncoder().encode(`Message-ID: ${mine}\r\n\r\nx`);
    const failed = [
      await rejected(stage, { internetMessageId: mine }),
      await rejected(stage, { internetMessageId: mine, format: 'mime', content }),
    ] as const;
    const [json, mime] = [await resend(OWNER, failed[0]), await resend(OWNER, failed[1])];
    if (json.kind !== 'resent' || mime.kind !== 'resent') throw new Error('not resent');
    expect((await stage.record(json.as.id)).internetMessageId).toMatch(new RegExp(`^<${json.as.id}@`));
    expect(await stage.record(mime.as.id)).toMatchObject({ internetMessageId: mine, callerSetMessageId: true });
    expect(stage.queue.queued[0]?.message.content).toMatchObject({ text: '{"message":{"subject":"Invoice"}}' });
  });

  test('where this is not production, goes where mail goes from here, and what was redirected goes there again', async () => {
    const content = new TextEncoder().encode('{"message":{"toRecipients":[{"emailAddress":{"address":"person@example.com"}}]}}');
    const before = await rejected(stage, { content });
    stage.context.rules.nonProduction = { redirectTo: 'test-mail@contoso.com', allowedDomains: [] };
    const resent = await resend(OWNER, before);
    if (resent.kind !== 'resent') throw new Error(why(resent));
    expect((await stage.record(resent.as.id)).redirectedTo).toBe('test-mail@contoso.com');
    stage.graph.answerNext('submit', answered(400, 'ErrorInvalidRecipients'));
    await stage.deliverAll();
    stage.context.rules.nonProduction = { redirectTo: undefined, allowedDomains: [] };
    const again = await resend(OWNER, resent.as.id);
    if (again.kind !== 'resent') throw new Error(why(again));
    expect((await stage.record(again.as.id)).redirectedTo).toBe('test-mail@contoso.com');
    const { content: goes } = stage.successor().message;
    expect(goes).toMatchObject({ kind: 'inline', text: expect.stringContaining('"toRecipients":[{"emailAddress":{"address":"test-mail@') });
    expect(await stage.log.recipients(MAILBOX, again.as.id)).toEqual([{ address: 'person@example.com', type: 'to' }]);
  });

  test('keeps the urgent lane', async () => {
    const resent = await resend(OWNER, await rejected(stage, { urgent: true }));
    expect(resent.kind === 'resent' && (await stage.record(resent.as.id)).lane).toBe('urgent');
  });

  test('of what has expired is possible, of what is open or went out is not', async () => {
    const expired = await stage.post({ sendBefore: new Date(stage.clock.now() + MINUTE).toISOString() });
    stage.clock.advance(HOUR);
    await stage.deliverAll();
    expect((await stage.record(expired)).status).toBe('expired');
    expect(await resend(OWNER, expired)).toMatchObject({ kind: 'resent' });
    const open = await stage.post();
    expect(why(await resend(OWNER, open))).toBe('The send request is queued: only one that has finally failed can be sent again.');
    await stage.deliverAll();
    expect(why(await resend(OWNER, open))).toContain('is accepted');
  });

  test('of what was cancelled is not: its content went with it', async () => {
    const id = await stage.post();
    await cancel(OWNER, id);
    expect(why(await resend(OWNER, id))).toContain('is cancelled');
  });

  test('without the content says so', async () => {
    const id = await rejected(stage);
    stage.contents.keptContents.clear();
    expect(why(await resend(OWNER, id))).toBe('The send request is rejected, and its content is not stored any more.');
  });

  test('is for the application itself, under the policy of today, and for operators', async () => {
    const id = await rejected(stage);
    expect(await resend(OTHER, id)).toEqual({ kind: 'unknown' });
    expect(await resend(READER, id)).toEqual({ kind: 'denied' });
    const problem = accessProblems.accessDenied('no more');
    expect(await actions.resend(OWNER, { mailbox: MAILBOX, id }, {}, async () => problem)).toEqual({ kind: 'refused', problem });
    expect((await stage.record(id)).resentAs).toBeUndefined();
    expect(await resend(OPERATOR, id)).toMatchObject({ kind: 'resent' });
    expect(stage.telemetry.named('operatorAction')).toEqual([expect.objectContaining({ action: 'resend', sendRequestId: id })]);
  });

  test('while the queue is out of reach was not done, and may be repeated', async () => {
    const id = await rejected(stage);
    stage.queue.down = true;
    expect(await resend(OWNER, id)).toMatchObject({ kind: 'unavailable' });
    stage.queue.down = false;
    expect(await resend(OWNER, id)).toMatchObject({ kind: 'resent' });
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(1);
  });
});
