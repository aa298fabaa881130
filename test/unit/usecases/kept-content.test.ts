// Content that is kept so that a mail can be sent again after a bounce: when it is written, and when it goes.
import { expect, test } from 'vitest';
import { reconcileMailboxes } from '../../../shared/usecases/reconcile/reconcile-mailboxes.ts';
import { group, NDR, reported, TWO } from './reported.ts';
import { answered, GRACE, HOUR, MINUTE, NO_ANSWER, Stage, type StageOptions, unavailable } from './stage.ts';

const KEEP: StageOptions = { rules: { resendContent: 'keep' } };
const large = new TextEncoder().encode(JSON.stringify({ message: { subject: 'x'.repeat(300_000) } }));
const kept = (stage: Stage) => [...stage.contents.keptContents.keys()];

test('without a wish to keep it, a mail costs no more than before', async () => {
  const stage = new Stage();
  await stage.post();
  await stage.deliver();
  expect(stage.contents.calls).toEqual([]);
});

test.each([
  ['that is to be kept', KEEP, {}],
  ['of a mail without a copy', {}, { saveToSentItems: false }],
] as const)('content %s is there when the mail is accepted, and goes with the end of the report window', async (_, options, more) => {
  const stage = new Stage(options);
  const id = await stage.post({ ...more, content: large });
  await stage.deliver();
  expect(kept(stage)).toEqual([id]);
  expect(stage.contents.contents.size).toBe(0);
  await reconcileMailboxes(stage.context);
  stage.clock.advance(73 * HOUR);
  await reconcileMailboxes(stage.context);
  expect((await stage.record(id)).status).toBe('closed');
  expect(kept(stage)).toEqual([]);
});

test('of a mail that failed for somebody it stays as that of every failed request', async () => {
  const stage = new Stage(KEEP);
  const id = await stage.post({ recipients: TWO });
  await stage.deliver();
  await reported(stage, id, [group('a@example.com')], NDR);
  stage.clock.advance(73 * HOUR);
  await reconcileMailboxes(stage.context);
  expect((await stage.record(id)).status).toBe('closed');
  expect(kept(stage)).toEqual([id]);
});

test('that cannot be removed now does not hold up the reconciler', async () => {
  const stage = new Stage(KEEP);
  const id = await stage.post();
  await stage.deliver();
  await reconcileMailboxes(stage.context);
  stage.before('contents.forget', unavailable);
  stage.clock.advance(73 * HOUR);
  await reconcileMailboxes(stage.context);
  expect((await stage.record(id)).status).toBe('closed');
});

test('while Blob Storage is out of reach the mail is accepted once, and its content is kept later', async () => {
  const stage = new Stage(KEEP);
  const id = await stage.post();
  stage.before('contents.keep', unavailable);
  await stage.deliver();
  expect((await stage.record(id)).status).toBe('accepted');
  expect(kept(stage)).toEqual([]);
  await stage.deliverAll();
  expect(kept(stage)).toEqual([id]);
  expect(stage.graph.submissions).toHaveLength(1);
});

test('after a worker that died right after it logged the acceptance, the redelivery keeps it', async () => {
  const stage = new Stage(KEEP);
  const id = await stage.post({ content: large });
  const message = structuredClone(stage.successor().message);
  stage.before('contents.keep', () => {
    throw new Error('the process died');
  });
  await expect(stage.deliver()).rejects.toThrow('the process died');
  expect((await stage.record(id)).status).toBe('accepted');
  stage.queue.queued.push({ messageId: `${id}/0 again`, sessionId: 'x', message });
  await stage.deliverAll();
  expect(kept(stage)).toEqual([id]);
  expect(stage.contents.contents.size).toBe(0);
  expect(stage.graph.submissions).toHaveLength(1);
});

test('after a doubt that the reconciler has settled, the successor keeps it', async () => {
  const stage = new Stage(KEEP);
  const id = await stage.post();
  stage.graph.answerNext('submit', NO_ANSWER, true);
  await stage.deliver();
  stage.clock.advance(MINUTE);
  await reconcileMailboxes(stage.context);
  expect((await stage.record(id)).status).toBe('sent');
  expect(kept(stage)).toEqual([]);
  stage.clock.advance(GRACE);
  await stage.deliverAll();
  expect(kept(stage)).toEqual([id]);
});

test('a draft that is only made has none', async () => {
  const stage = new Stage(KEEP);
  await stage.post({ operation: 'createDraft', content: new TextEncoder().encode('{"subject":"x"}') });
  await stage.deliver();
  expect(kept(stage)).toEqual([]);
});

test('of a mail that was refused it is there as before', async () => {
  const stage = new Stage({ rules: { resendContent: 'none' } });
  const id = await stage.post();
  stage.graph.answerNext('submit', answered(400, 'ErrorInvalidRecipients'));
  await stage.deliver();
  expect(kept(stage)).toEqual([id]);
});
