// The reconciler: visits what is due, learns from Sent Items, and never lets one mailbox stop the others.

import { describe, expect, test } from 'vitest';
import { changeOf } from '../../../shared/usecases/log/write-log.ts';
import { reconcileMailboxes } from '../../../shared/usecases/reconcile/reconcile-mailboxes.ts';
import { answered, GRACE, HOUR, MAILBOX, MINUTE, NO_ANSWER, Stage, unavailable } from './stage.ts';

const DAY = 24 * HOUR;
const reconcile = (stage: Stage) => reconcileMailboxes(stage.context);
const calls = (stage: Stage, operation: string) => stage.graph.calls.filter((call) => call.operation === operation).length;

describe('Sent Items', () => {
  test('make an accepted mail sent, and a proof of its format', async () => {
    const stage = new Stage({ proven: [] });
    const id = await stage.post();
    await stage.deliver();
    await reconcile(stage);
    expect(await stage.record(id)).toMatchObject({ status: 'sent', copyId: stage.graph.items[0]?.id });
    expect([...stage.proofs.proven]).toEqual(['json']);
  });

  test.each([
    ['a Message-ID that Exchange assigned', {}, '<assigned@prod.outlook.com>'],
    ['a Message-ID that the caller set', { internetMessageId: '<own@contoso.com>' }, '<own@contoso.com>'],
  ])('found by %s prove nothing about our marks', async (_name, more, internetMessageId) => {
    const stage = new Stage({ proven: [] });
    const id = await stage.post(more);
    stage.after('graph.createDraft', () => undefined);
    await stage.deliver();
    for (const item of stage.graph.items) {
      delete item.mark;
      item.internetMessageId = internetMessageId;
    }
    const stored = await stage.log.read(MAILBOX, id);
    if (!stored) throw new Error('no record');
    const record = { ...stored.value, internetMessageId };
    await stage.log.write({ ...changeOf(record, []), indexMessageId: internetMessageId }, stored.etag);
    await reconcile(stage);
    expect((await stage.record(id)).status).toBe('sent');
    expect([...stage.proofs.proven]).toEqual([]);
  });

  test('are read on from where the last run stopped, once the events are written', async () => {
    const stage = new Stage();
    await stage.post();
    await stage.deliver();
    await reconcile(stage);
    const links = stage.graph.calls.filter(({ operation }) => operation === 'sentItemsDelta').map(({ detail }) => detail);
    expect(links[0]).toContain('since');
    stage.clock.advance(MINUTE);
    await reconcile(stage);
    expect(calls(stage, 'sentItemsDelta')).toBe(1);
    await stage.post();
    await stage.deliver();
    await reconcile(stage);
    expect(stage.graph.calls.filter(({ operation }) => operation === 'sentItemsDelta').at(-1)?.detail).toContain('link');
  });

  test('are read from the beginning again where the token has expired', async () => {
    const stage = new Stage();
    const id = await stage.post();
    await reconcile(stage);
    await stage.deliver();
    stage.clock.advance(MINUTE);
    stage.graph.answerNext('sentItemsDelta', answered(410, 'SyncStateNotFound'));
    await reconcile(stage);
    expect((await stage.record(id)).status).toBe('sent');
  });

  test('settle a doubt before the grace is over', async () => {
    const stage = new Stage();
    const id = await stage.post();
    stage.graph.answerNext('submit', NO_ANSWER, true);
    await stage.deliver();
    stage.clock.advance(MINUTE);
    await reconcile(stage);
    expect((await stage.record(id)).status).toBe('sent');
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(1);
  });

  test('of other people and applications belong to nobody', async () => {
    const stage = new Stage();
    const id = await stage.post();
    await stage.graph.submit({ mailbox: MAILBOX, clientRequestId: 'x', timeoutMs: 1 }, 'sendMail', {
      contentType: 'application/json',
      body: '{"message":{"subject":"Invoice"}}',
    });
    await reconcile(stage);
    expect((await stage.record(id)).status).toBe('queued');
  });
});

describe('a mailbox', () => {
  test('that cannot be read is told to the operators, stays watched, and never stops the others', async () => {
    const stage = new Stage();
    const first = await stage.post();
    const others = ['b', 'c', 'd', 'e', 'f'].map((name) => `${name}@contoso.com`);
    for (const mailbox of others) await stage.post({ mailbox });
    await stage.deliverAll();
    stage.graph.answerNext('sentItemsDelta', answered(403, 'ErrorAccessDenied'));
    await reconcile(stage);
    expect(stage.telemetry.named('mailboxUnreadable')).toEqual([{ mailbox: MAILBOX, reason: 'Sent Items: 403 ErrorAccessDenied' }]);
    expect((await stage.record(first)).status).toBe('accepted');
    expect(calls(stage, 'sentItemsDelta')).toBe(6);
    const watched = (await stage.registry.list()).find(({ value }) => value.mailbox === MAILBOX);
    expect(watched?.value.error).toContain('403');
    stage.clock.advance(MINUTE);
    await reconcile(stage);
    expect((await stage.record(first)).status).toBe('sent');
    expect((await stage.registry.list()).find(({ value }) => value.mailbox === MAILBOX)?.value.error).toBeUndefined();
  });

  test('whose log cannot be reached fails alone', async () => {
    const stage = new Stage();
    await stage.post();
    await stage.post({ mailbox: 'other@contoso.com' });
    stage.before('log.agenda', unavailable);
    expect(await reconcile(stage)).toBeGreaterThanOrEqual(1);
  });

  const visitsIn = async (stage: Stage, ms: number) => {
    const before = calls(stage, 'listReports');
    for (let passed = 0; passed < ms; passed += MINUTE) {
      stage.clock.advance(MINUTE);
      await reconcile(stage);
    }
    return calls(stage, 'listReports') - before;
  };

  test('is visited in every run while a mail awaits its copy, and then each quarter of an hour', async () => {
    const stage = new Stage();
    await stage.post();
    await stage.deliver();
    stage.graph.items.splice(0);
    expect(await visitsIn(stage, 2 * HOUR - MINUTE)).toBe(119);
    expect(calls(stage, 'sentItemsDelta')).toBe(119);
    expect(await visitsIn(stage, HOUR)).toBe(4);
  });

  test('is visited seldom once its copy is found: for reports, and not for copies', async () => {
    const stage = new Stage();
    await stage.post();
    await stage.deliver();
    expect(await visitsIn(stage, HOUR)).toBeLessThan(25);
    expect(await visitsIn(stage, HOUR)).toBeLessThan(6);
    expect(calls(stage, 'sentItemsDelta')).toBe(1);
  });

  test('is visited when its next request is due, however seldom it is visited otherwise', async () => {
    const stage = new Stage();
    const id = await stage.post();
    await stage.deliver();
    await reconcile(stage);
    stage.clock.advance(3 * DAY - HOUR);
    await reconcile(stage);
    expect((await stage.record(id)).status).toBe('sent');
    stage.clock.advance(HOUR);
    await reconcile(stage);
    expect((await stage.record(id)).status).toBe('closed');
  });

  test('is forgotten a week after its last report window, and only where nothing is open', async () => {
    const stage = new Stage();
    const id = await stage.post();
    await stage.deliver();
    await reconcile(stage);
    stage.clock.advance(4 * DAY);
    await reconcile(stage);
    stage.clock.advance(HOUR);
    await reconcile(stage);
    expect((await stage.record(id)).status).toBe('closed');
    stage.clock.advance(5 * DAY);
    await reconcile(stage);
    expect(await stage.registry.list()).toHaveLength(1);
    stage.clock.advance(3 * DAY);
    await reconcile(stage);
    expect(await stage.registry.list()).toEqual([]);
  });

  test('with the right to send only is not read', async () => {
    const stage = new Stage({ rules: { graphRights: 'send' } });
    const id = await stage.post();
    await stage.deliver();
    await reconcile(stage);
    expect(stage.graph.calls.map(({ operation }) => operation)).toEqual(['submit']);
    expect((await stage.record(id)).status).toBe('accepted');
  });

  test('with the right to send only is not held against a mail: what Graph accepted is closed in the end, never unaccounted', async () => {
    const stage = new Stage({ rules: { graphRights: 'send' } });
    const id = await stage.post();
    await stage.deliver();
    stage.clock.advance(5 * DAY);
    await reconcile(stage);
    expect((await stage.record(id)).status).toBe('closed');
    const last = (await stage.log.events(MAILBOX, id)).at(-1);
    expect(last).toMatchObject({ type: 'reportWindowUnread', detail: expect.stringContaining('only the right to send') });
  });
});

test('what is least recently visited comes first, and a run that has used up its time leaves the rest to the next', async () => {
  const stage = new Stage();
  const mailboxes = Array.from({ length: 32 }, (_, i) => `m${i}@contoso.com`);
  for (const mailbox of mailboxes) await stage.post({ mailbox });
  const visitedNow = async () => {
    const before = stage.graph.calls.length;
    for (let i = 0; i < 4; i++) stage.after('graph.listReports', () => stage.clock.advance(2 * GRACE));
    await reconcile(stage);
    return new Set(stage.graph.calls.slice(before).map(({ mailbox }) => mailbox));
  };
  const [first, second] = [await visitedNow(), await visitedNow()];
  expect(first.size).toBe(16);
  expect([...second].some((mailbox) => first.has(mailbox))).toBe(false);
});
