// Callers do send the same Message-ID twice: that must give two mails, whatever becomes of the first.

import { expect, test } from 'vitest';
import { cancelSendRequest } from '../../../shared/usecases/act/cancel-send-request.ts';
import { reconcileMailboxes } from '../../../shared/usecases/reconcile/reconcile-mailboxes.ts';
import { reportMail } from '../../support/report-mail.ts';
import { GRACE, MAILBOX, MINUTE, NO_ANSWER, SECOND, Stage } from './stage.ts';

const OWN = { internetMessageId: '<invoice-4711@contoso.com>' };
const statuses = (stage: Stage, ids: string[]) => Promise.all(ids.map(async (id) => (await stage.record(id)).status));

/** What a tenant that drops our header leaves: only the Message-ID. */
const dropMarks = (stage: Stage) => {
  for (const item of stage.graph.items) delete item.mark;
};

test('two mails, both accepted, are two mails, and each has a copy of its own', async () => {
  const stage = new Stage();
  const ids = [await stage.post(OWN), await stage.post(OWN)];
  await stage.deliverAll();
  dropMarks(stage);
  await reconcileMailboxes(stage.context);
  expect(stage.graph.submissions).toHaveLength(2);
  expect(await statuses(stage, ids)).toEqual(['sent', 'sent']);
  const copies = await Promise.all(ids.map(async (id) => (await stage.record(id)).copyId));
  expect(new Set(copies).size).toBe(2);
});

test('the first in doubt and taken, the second in doubt and not: each goes out once', async () => {
  const stage = new Stage();
  const first = await stage.post(OWN);
  stage.graph.answerNext('submit', NO_ANSWER, true);
  await stage.deliver();
  const second = await stage.post(OWN);
  stage.graph.answerNext('submit', NO_ANSWER, false);
  await stage.deliver();
  await stage.deliverAll();
  expect(stage.graph.submissions.map(({ mark }) => mark).sort()).toEqual([first, second].sort());
  expect(await statuses(stage, [first, second])).toEqual(['sent', 'accepted']);
});

test('the copy of an accepted mail does not vouch for a doubtful one, even without any mark', async () => {
  const stage = new Stage();
  const accepted = await stage.post(OWN);
  await stage.deliver();
  const doubtful = await stage.post(OWN);
  stage.graph.answerNext('submit', NO_ANSWER, false);
  await stage.deliver();
  dropMarks(stage);
  await stage.deliverAll();
  dropMarks(stage);
  await reconcileMailboxes(stage.context);
  expect(stage.graph.submissions).toHaveLength(2);
  expect(await statuses(stage, [accepted, doubtful])).toEqual(['sent', 'sent']);
});

test.each([
  ['while', false],
  ['also after the reconciler has given that one to the other mail, and while', true],
])(
  'a doubt waits, %s the copy of a mail that was accepted a moment ago may be late: the copy that is there may be its own',
  async (_when, isGiven) => {
    const stage = new Stage();
    const doubtful = await stage.post(OWN);
    stage.graph.answerNext('submit', NO_ANSWER, true);
    await stage.deliver();
    stage.clock.advance(GRACE - SECOND);
    const accepted = await stage.post(OWN);
    await stage.deliver();
    dropMarks(stage);
    const late = stage.graph.items.splice(1);
    expect(late).toHaveLength(1);
    if (isGiven) await reconcileMailboxes(stage.context);
    expect(await statuses(stage, [doubtful, accepted])).toEqual(['inDoubt', isGiven ? 'sent' : 'accepted']);
    stage.clock.advance(2 * SECOND);
    await stage.deliver();
    expect(await statuses(stage, [doubtful])).toEqual(['inDoubt']);
    stage.graph.items.push(...late);
    await stage.deliverAll();
    expect(stage.graph.submissions).toHaveLength(2);
    expect((await stage.record(doubtful)).status).toBe('sent');
  },
);

test('a copy that stays away for the grace does not keep a doubt open: what is there counts for the mail that was accepted', async () => {
  const stage = new Stage();
  const doubtful = await stage.post(OWN);
  stage.graph.answerNext('submit', NO_ANSWER, false);
  await stage.deliver();
  stage.clock.advance(GRACE - SECOND);
  const accepted = await stage.post(OWN);
  await stage.deliver();
  dropMarks(stage);
  await stage.deliverAll();
  expect(stage.graph.submissions).toHaveLength(2);
  expect(await statuses(stage, [doubtful, accepted])).toEqual(['accepted', 'accepted']);
});

test('an accepted mail of long ago, whose copy was never seen, has no claim on the copy of a new one', async () => {
  const stage = new Stage();
  await stage.post(OWN);
  await stage.deliver();
  stage.graph.items.length = 0;
  stage.clock.advance(60 * MINUTE);
  const doubtful = await stage.post(OWN);
  stage.graph.answerNext('submit', NO_ANSWER, true);
  await stage.deliver();
  dropMarks(stage);
  await stage.deliverAll();
  expect(await statuses(stage, [doubtful])).toEqual(['sent']);
  expect(stage.graph.submissions).toHaveLength(2);
});

test('a copy that vouches for one request never vouches for another', async () => {
  const stage = new Stage();
  const ids: string[] = [];
  for (let i = 0; i < 2; i++) {
    ids.push(await stage.post(OWN));
    stage.graph.answerNext('submit', NO_ANSWER, i === 0);
    await stage.deliver();
    dropMarks(stage);
  }
  await stage.deliverAll();
  expect(stage.graph.submissions).toHaveLength(2);
  expect((await statuses(stage, ids)).sort()).toEqual(['accepted', 'sent']);
});

/** Anybody can write it: it names a Message-ID, our header, and who failed. */
function forge(stage: Stage, header: string, address: string): void {
  const messageId = OWN.internetMessageId;
  const text = reportMail({ recipients: [{ address, status: '5.1.10' }], inReplyTo: messageId, original: { messageId, header } });
  stage.graph.receive(MAILBOX, { mime: new TextEncoder().encode(text), looksLikeReport: true, itemClass: 'IPM.Note' });
}

const failures = async (stage: Stage, id: string) =>
  (await stage.log.recipients(MAILBOX, id)).map(({ action, evidence }) => [action, evidence]);

test('a report whose header names the one that was never submitted is not guessed to be about the other one', async () => {
  const stage = new Stage();
  const submitted = await stage.post(OWN);
  await stage.deliver();
  const never = await stage.post({ ...OWN, recipients: [{ address: 'other@example.com', type: 'to' }] });
  const caller = { application: 'application-1', roles: ['SendRequests.Create'] as const, delegated: false };
  await cancelSendRequest(stage.context, caller, { mailbox: MAILBOX, id: never });
  forge(stage, never, 'other@example.com');
  stage.clock.advance(MINUTE);
  await reconcileMailboxes(stage.context);
  expect(await failures(stage, submitted)).toEqual([[undefined, undefined]]);
  expect(await failures(stage, never)).toEqual([['failed', 'mail']]);
  expect(await statuses(stage, [submitted, never])).toEqual(['sent', 'cancelled']);
});

test('a report whose header names a request of another Message-ID is about the one that has this Message-ID', async () => {
  const stage = new Stage();
  const submitted = await stage.post(OWN);
  const another = await stage.post();
  await stage.deliverAll();
  forge(stage, another, 'person@example.com');
  stage.clock.advance(MINUTE);
  await reconcileMailboxes(stage.context);
  expect(await failures(stage, submitted)).toEqual([['failed', 'mail']]);
  expect(await failures(stage, another)).toEqual([[undefined, undefined]]);
});
