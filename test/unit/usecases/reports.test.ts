// Reports: what they say of recipients, and what proves that a mail was submitted.

import { describe, expect, test } from 'vitest';
import type { MessageTrace } from '../../../shared/ports/message-trace.ts';
import { reconcileMailboxes } from '../../../shared/usecases/reconcile/reconcile-mailboxes.ts';
import { group, NDR, report, reported, sent, TWO } from './reported.ts';
import { answered, MAILBOX, MINUTE, Stage } from './stage.ts';

describe('a non-delivery report', () => {
  test('turns its recipient to failed, with action, status, diagnostic code and remote MTA; the others stay as they are', async () => {
    const { stage, id } = await sent();
    await reported(stage, id, [group('a@example.com')], NDR);
    expect(await stage.log.recipients(MAILBOX, id)).toMatchObject([
      {
        address: 'a@example.com',
        action: 'failed',
        status: '5.1.1',
        remoteMta: 'mx.example.com',
        diagnosticCode: expect.stringContaining('550'),
        evidence: 'exchangeReport',
      },
      TWO[1] as object,
    ]);
    expect(await stage.record(id)).toMatchObject({ status: 'sent', recipientCounts: { total: 2, failed: 1 } });
  });

  test('for every recipient fails the request', async () => {
    const { stage, id } = await sent();
    await reported(stage, id, [group('a@example.com'), group('b@example.com')], NDR);
    expect((await stage.record(id)).status).toBe('failed');
  });

  test('that is read again, by another process, changes nothing', async () => {
    const { stage, id } = await sent();
    await reported(stage, id, [group('a@example.com')], NDR);
    const before = await stage.events(id);
    stage.clock.advance(MINUTE);
    await reconcileMailboxes(stage.anotherProcess());
    expect(await stage.events(id)).toEqual(before);
  });

  test('of a group’s members is an event for each', async () => {
    const { stage, id } = await sent();
    await reported(stage, id, [group('m1@example.org'), group('m2@example.org')], NDR);
    const failed = (await stage.log.events(MAILBOX, id)).filter(({ type }) => type === 'recipientFailed');
    expect(failed.map(({ recipient }) => recipient)).toEqual(['m1@example.org', 'm2@example.org']);
  });

  test('about a mail that nobody here has sent is counted once nobody has claimed it for a while, and belongs to nobody', async () => {
    const { stage } = await sent();
    const mime = report('<somebody-elses@example.com>', [group('a@example.com')]);
    stage.graph.receive(MAILBOX, { mime, looksLikeReport: true, itemClass: NDR });
    for (let visits = 0; visits < 15; visits++) {
      stage.clock.advance(MINUTE);
      await reconcileMailboxes(stage.context);
    }
    expect(stage.telemetry.named('reportOfNobody')).toHaveLength(1);
  });

  test('that cannot be fetched is fetched the next time', async () => {
    const { stage, id } = await sent();
    stage.graph.answerNext('getMime', answered(503));
    await reported(stage, id, [group('a@example.com')], NDR);
    expect((await stage.record(id)).recipientCounts.failed).toBe(0);
    stage.clock.advance(MINUTE);
    await reconcileMailboxes(stage.context);
    expect((await stage.record(id)).recipientCounts.failed).toBe(1);
  });

  test('is written also where the record changes meanwhile', async () => {
    const { stage, id } = await sent();
    stage.before('log.write', async () => {
      const stored = await stage.log.read(MAILBOX, id);
      if (stored) await stage.log.write({ record: stored.value, events: [] }, stored.etag);
    });
    await reported(stage, id, [group('a@example.com')], NDR);
    expect((await stage.record(id)).recipientCounts.failed).toBe(1);
  });
});

describe('another From than the mailbox', () => {
  const FROM = 'newsdesk@contoso.com';
  /** The report comes to the From mailbox, as Exchange does it. */
  async function reportedTo(stage: Stage, to: string, about: string, address = 'a@example.com'): Promise<void> {
    stage.graph.receive(to, { mime: report(about, [group(address)]), looksLikeReport: true, itemClass: NDR });
    stage.clock.advance(MINUTE);
    await reconcileMailboxes(stage.context);
  }
  const submitters = async (stage: Stage) =>
    (await stage.registry.list()).find(({ value }) => value.mailbox === FROM)?.value.submitters?.map(({ mailbox }) => mailbox);

  test('a report that comes to it finds the request of the mailbox that submitted the mail', async () => {
    const stage = new Stage();
    const id = await stage.post({ recipients: TWO, from: 'Newsdesk@contoso.com' });
    await stage.deliver();
    expect(await submitters(stage)).toEqual([MAILBOX]);
    await reportedTo(stage, FROM, (await stage.record(id)).internetMessageId);
    expect((await stage.record(id)).recipientCounts).toMatchObject({ total: 2, failed: 1 });
    expect(stage.telemetry.events.map(({ name }) => name)).not.toContain('reportOfNobody');
  });

  test('a report there on a mail that did not go out with it finds nothing', async () => {
    const stage = new Stage();
    await stage.post({ recipients: TWO, from: FROM });
    await stage.deliver();
    const other = await stage.post({ recipients: TWO });
    await stage.deliver();
    await reportedTo(stage, FROM, (await stage.record(other)).internetMessageId);
    expect((await stage.record(other)).recipientCounts).toMatchObject({ failed: 0 });
  });

  test('a Message-ID that both mailboxes have used: the recipient tells which mail is meant', async () => {
    const stage = new Stage();
    const internetMessageId = '<own-4711@contoso.com>';
    const theirs = await stage.post({ recipients: TWO, from: FROM, internetMessageId });
    await stage.deliver();
    await stage.post({ mailbox: FROM, recipients: [{ address: 'c@example.com', type: 'to' }], internetMessageId });
    await stage.deliver();
    await reportedTo(stage, FROM, internetMessageId);
    expect((await stage.record(theirs)).recipientCounts).toMatchObject({ total: 2, failed: 1 });
  });

  test('one that only makes a draft watches nothing yet', async () => {
    const stage = new Stage();
    await stage.post({ operation: 'createDraft', from: FROM });
    await stage.deliver();
    expect(await submitters(stage)).toBeUndefined();
  });

  test('Sent Items are not read there; that its reports cannot be read is told apart from a mailbox that cannot', async () => {
    const stage = new Stage();
    await stage.post({ recipients: TWO, from: FROM });
    await stage.deliver();
    stage.calls.length = 0;
    await reconcileMailboxes(stage.context);
    expect(stage.calls.filter((call) => call === 'graph.sentItemsDelta')).toHaveLength(1);
    expect(stage.calls.filter((call) => call === 'graph.listReports')).toHaveLength(2);
    stage.graph.answerNext('listReports', answered(404, 'ErrorInvalidUser'));
    stage.graph.answerNext('listReports', answered(404, 'ErrorInvalidUser'));
    stage.clock.advance(MINUTE);
    await reconcileMailboxes(stage.context);
    expect(stage.telemetry.named('fromUnreadable')).toEqual([{ mailbox: FROM, reason: expect.stringContaining('404') }]);
    expect(stage.telemetry.named('mailboxUnreadable')).toMatchObject([{ mailbox: MAILBOX }]);
  });

  test('an outcome does not call it silence where nobody could listen', async () => {
    const stage = new Stage();
    const id = await stage.post({ recipients: TWO, from: FROM });
    await stage.deliver();
    await reconcileMailboxes(stage.context);
    const rows = await stage.registry.list();
    const from = rows.find(({ value }) => value.mailbox === FROM);
    if (from) await stage.registry.save({ ...from.value, error: '404' }, from.etag);
    stage.clock.advance(stage.context.rules.reportWindowMs + MINUTE);
    await reconcileMailboxes(stage.context);
    const last = (await stage.log.events(MAILBOX, id)).at(-1);
    expect(last).toMatchObject({
      type: 'reportWindowClosed',
      detail: `no report within 3 days, but those to its From, ${FROM}, could not be read`,
    });
  });

  test('its message trace tells of the requests of those that send with it', async () => {
    const stage = new Stage();
    const id = await stage.post({ recipients: TWO, from: FROM });
    await stage.deliver();
    const { internetMessageId } = await stage.record(id);
    const row = { id: 'trace', internetMessageId, recipient: 'a@example.com', status: 'delivered', receivedDateTime: stage.now() };
    const list: MessageTrace['list'] = async ({ mailbox }) => ({ ...answered(200), body: { rows: mailbox === FROM ? [row] : [] } });
    await reconcileMailboxes({ ...stage.context, messageTrace: { list }, rules: { ...stage.context.rules, messageTrace: true } });
    expect((await stage.record(id)).recipientCounts).toMatchObject({ total: 2, delivered: 1 });
  });

  test('a submitter that has long not sent with it is forgotten, the others are not', async () => {
    const stage = new Stage();
    await stage.registry.touch(FROM, 'gone@contoso.com');
    stage.clock.advance(11 * 24 * 60 * MINUTE);
    await stage.registry.touch(FROM, MAILBOX);
    await reconcileMailboxes(stage.context);
    expect(await submitters(stage)).toEqual([MAILBOX]);
  });
});
