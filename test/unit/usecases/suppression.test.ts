// Addresses that Exchange's own report calls non-existent: mail to them is refused or held, as the sender policy says. The list is advice.
import { describe, expect, test } from 'vitest';
import type { EnqueueCommand, EnqueueOutcome } from '../../../shared/usecases/accept/enqueue-command.ts';
import { enqueueSendRequest } from '../../../shared/usecases/accept/enqueue-send-request.ts';
import { liftSuppression } from '../../../shared/usecases/act/suppressions.ts';
import { reconcileMailboxes } from '../../../shared/usecases/reconcile/reconcile-mailboxes.ts';
import { caller, policyOf } from '../access/policies.ts';
import { group, NDR, report, reported, TWO } from './reported.ts';
import { command, HOUR, idOf, MAILBOX, MINUTE, Stage, type StageOptions, unavailable } from './stage.ts';

const DAY = 24 * HOUR;
const ON = { rules: { suppressionExpiryMs: 30 * DAY } };
const GONE = [TWO[0] as (typeof TWO)[number]];
const POLICY = (suppressedRecipients?: string) =>
  policyOf({
    applications: [
      {
        name: 'App',
        applicationId: 'application-1',
        mailboxes: ['*@contoso.com'],
        ...(suppressedRecipients !== undefined && { suppressedRecipients }),
      },
    ],
  });

const post = (stage: Stage, more: Partial<EnqueueCommand> = {}): Promise<EnqueueOutcome> =>
  enqueueSendRequest(stage.context, command({ recipients: GONE, ...more }));

/** A mail to two was returned for the first of them. */
async function returned(options: StageOptions = ON, more: Partial<EnqueueCommand> = {}): Promise<{ stage: Stage; id: string }> {
  const stage = new Stage(options);
  const id = await stage.post({ recipients: TWO, ...more });
  await stage.deliver();
  await reconcileMailboxes(stage.context);
  await reported(stage, id, [group('a@example.com')], NDR);
  return { stage, id };
}

describe('a mail to an address that Exchange has called non-existent', () => {
  test('is refused, with the reason, the send request that was returned, and the way to lift it', async () => {
    const { stage, id } = await returned();
    expect(stage.telemetry.named('addressSuppressed')).toMatchObject([{ sendRequestId: id, reason: expect.stringContaining('5.1.1') }]);
    const outcome = await post(stage);
    expect(outcome).toMatchObject({ kind: 'refused', problem: { status: 400, code: 'ErrorInvalidRecipients' } });
    expect(JSON.stringify(outcome)).toContain(id);
    expect(stage.queue.queued).toEqual([]);
    expect(stage.telemetry.named('recipientSuppressed')).toMatchObject([{ action: 'refuse', mailbox: MAILBOX }]);
    expect((await post(stage, { recipients: [TWO[1] as (typeof TWO)[number]] })).kind).toBe('accepted');
  });

  test('is refused in every spelling, and beside other recipients', async () => {
    const { stage } = await returned();
    const recipients = [
      { address: 'fine@example.com', type: 'to' as const },
      { address: '"a"@EXAMPLE.com', type: 'bcc' as const },
    ];
    expect((await post(stage, { recipients })).kind).toBe('refused');
  });

  test('goes out if the sender policy says so, and if the setting is off', async () => {
    const { stage } = await returned();
    stage.context.policy = { get: async () => POLICY('send') };
    expect((await post(stage)).kind).toBe('accepted');
    const off = await returned({});
    expect((await post(off.stage)).kind).toBe('accepted');
    expect(off.stage.suppressions.looked).toBe(0);
    expect(off.stage.telemetry.named('addressSuppressed')).toEqual([]);
  });

  test('waits if the sender policy says so, until an operator lifts the address; its timeline says why, once', async () => {
    const { stage } = await returned();
    stage.context.policy = { get: async () => POLICY('hold') };
    const id = idOf(await post(stage));
    const before = stage.graph.submissions.length;
    for (let n = 0; n < 3; n++) {
      await stage.deliver();
      stage.clock.advance(16 * MINUTE);
    }
    expect(stage.graph.submissions.length).toBe(before);
    const held = (await stage.log.events(MAILBOX, id)).filter(({ type }) => type === 'submissionHeld');
    expect(held).toMatchObject([{ detail: expect.stringMatching(/a@example\.com.*5\.1\.1/) }]);
    expect(await liftSuppression(stage.context, caller('operator'), 'A@example.com', 'mailbox was created')).toBe(true);
    await stage.deliver();
    expect(stage.graph.submissions.length).toBe(before + 1);
    expect(stage.telemetry.named('operatorAction')).toMatchObject([{ action: 'liftSuppression', reason: 'mailbox was created' }]);
  });

  test('that waits expires in time, and may be cancelled meanwhile by its lifetime only', async () => {
    const { stage } = await returned();
    stage.context.policy = { get: async () => POLICY('hold') };
    const id = idOf(await post(stage, { sendBefore: new Date(stage.clock.now() + HOUR).toISOString() }));
    const before = stage.graph.submissions.length;
    await stage.deliverAll();
    expect((await stage.record(id)).status).toBe('expired');
    expect(stage.graph.submissions.length).toBe(before);
  });

  test('goes out again after its time', async () => {
    const { stage } = await returned();
    stage.clock.advance(30 * DAY);
    expect((await post(stage)).kind).toBe('accepted');
  });

  test('that repeats an accepted one by its key gets the same answer, though that one was returned meanwhile', async () => {
    const { stage, id } = await returned(ON, { idempotencyKey: 'k', recipients: TWO });
    const again = await post(stage, { idempotencyKey: 'k', recipients: TWO });
    expect(again).toMatchObject({ kind: 'accepted', id });
    expect((await post(stage, { idempotencyKey: 'other', recipients: TWO })).kind).toBe('refused');
  });

  test('goes out while the list is out of reach, and that is told', async () => {
    const { stage } = await returned();
    stage.suppressions.down = true;
    expect((await post(stage)).kind).toBe('accepted');
    expect(stage.telemetry.named('suppressionsUnreadable')).toMatchObject([{ mailbox: MAILBOX }]);
  });

  test('is looked up by where it goes, if this environment is not production', async () => {
    const nonProduction = { redirectTo: 'test@contoso.com', allowedDomains: [] };
    const { stage } = await returned({ rules: { ...ON.rules, nonProduction } });
    expect((await post(stage, { redirectedTo: 'test@contoso.com' })).kind).toBe('accepted');
    await stage.suppressions.suppress(
      { address: 'test@contoso.com', reason: '5.1.1', suppressedDateTime: stage.now(), sendRequestId: 'x', mailbox: MAILBOX },
      DAY,
    );
    expect((await post(stage, { redirectedTo: 'test@contoso.com' })).kind).toBe('refused');
  });
});

describe('nobody is suppressed', () => {
  test("by a stranger's report", async () => {
    const stage = new Stage(ON);
    const id = await stage.post({ recipients: GONE });
    await stage.deliver();
    await reconcileMailboxes(stage.context);
    await reported(stage, id, [group('a@example.com')], NDR, true);
    expect((await stage.record(id)).recipientCounts.failed).toBe(1);
    expect((await stage.suppressions.page({ top: 10 })).suppressions).toEqual([]);
  });

  test('before this tenant has shown that it tells reports apart', async () => {
    const { stage } = await returned({ ...ON, proven: ['json'] });
    expect((await post(stage)).kind).toBe('accepted');
  });

  test('by a report from before an operator has lifted the address, though it is read again', async () => {
    const { stage, id } = await returned();
    const { internetMessageId } = await stage.record(id);
    stage.clock.advance(MINUTE);
    await liftSuppression(stage.context, caller('operator'), 'a@example.com', undefined);
    await reconcileMailboxes(stage.anotherProcess());
    expect((await stage.suppressions.page({ top: 10 })).suppressions).toEqual([]);
    stage.clock.advance(MINUTE);
    stage.graph.receive(MAILBOX, { mime: report(internetMessageId, [group('a@example.com')]), looksLikeReport: true, itemClass: NDR });
    await reconcileMailboxes(stage.context);
    expect((await stage.suppressions.page({ top: 10 })).suppressions).toHaveLength(1);
  });
});

describe('if the reconciler dies', () => {
  test.each([
    ['before the suppression is written', 'log.recipients', 0],
    ['after it is written, before the report is in the log', 'log.write', 1],
  ] as const)('%s, the next run writes both, once', async (_, call, suppressions) => {
    const stage = new Stage(ON);
    const id = await stage.post({ recipients: TWO });
    await stage.deliver();
    await reconcileMailboxes(stage.context);
    const { internetMessageId } = await stage.record(id);
    stage.graph.receive(MAILBOX, { mime: report(internetMessageId, [group('a@example.com')]), looksLikeReport: true, itemClass: NDR });
    stage.clock.advance(MINUTE);
    stage.before(call, unavailable);
    await reconcileMailboxes(stage.context);
    expect((await stage.suppressions.page({ top: 10 })).suppressions).toHaveLength(suppressions);
    expect((await stage.record(id)).recipientCounts.failed).toBe(0);
    stage.clock.advance(MINUTE);
    await reconcileMailboxes(stage.anotherProcess());
    expect((await stage.suppressions.page({ top: 10 })).suppressions).toMatchObject([{ address: 'a@example.com', sendRequestId: id }]);
    expect((await stage.record(id)).recipientCounts.failed).toBe(1);
    expect(stage.telemetry.named('addressSuppressed')).toHaveLength(1);
  });
});
