// A paused account is half-open: one mail probes, of all instances; what comes of it lifts the pause or closes it again. Nothing is sent twice.
import { beforeEach, describe, expect, test } from 'vitest';
import type { Context } from '../../../shared/usecases/context.ts';
import { reconcileMailboxes } from '../../../shared/usecases/reconcile/reconcile-mailboxes.ts';
import { report } from './reported.ts';
import { answered, HOUR, MAILBOX, MINUTE, Stage } from './stage.ts';

const BLOCKED =
  'Final-Recipient: rfc822;person@example.com\nAction: failed\nStatus: 5.1.8\nDiagnostic-Code: smtp;550 5.1.8 bad outbound sender\n';
const NDR = 'REPORT.IPM.Note.NDR';

let stage: Stage;
let instances: Context[];
beforeEach(() => {
  stage = new Stage();
  instances = [stage.context, stage.anotherProcess(), stage.anotherProcess()];
});

/** A report that the account is blocked comes in, about this mail. */
async function blockedBy(id: string, mailbox = MAILBOX): Promise<void> {
  const { internetMessageId } = await stage.record(id);
  stage.graph.receive(mailbox, { mime: report(internetMessageId, [BLOCKED]), looksLikeReport: true, itemClass: NDR });
}

/** Time goes on, and the queue messages go to the instances in turn. */
async function pass(minutes: number, { reconciled = true } = {}): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    stage.clock.advance(MINUTE);
    for (let n = 0; stage.queue.queued.some(({ notBefore }) => (notBefore ?? '') <= stage.now()); n++) {
      await stage.deliver(instances[n % instances.length]);
    }
    if (reconciled) await reconcileMailboxes(stage.context);
  }
}

const submitted = () => stage.graph.submissions.length;
const probes = () => stage.telemetry.named('accountProbed').map(({ sendRequestId }) => sendRequestId);

/** One mail has found out that the account is blocked; so many wait. */
async function paused(waiting: number): Promise<string[]> {
  const first = await stage.post();
  await stage.deliver();
  await blockedBy(first);
  await reconcileMailboxes(stage.context);
  const ids: string[] = [];
  for (let n = 0; n < waiting; n++) ids.push(await stage.post());
  return ids;
}

describe('a paused account', () => {
  test('lets one mail out after ten minutes, the first of those that wait, and the others once reports were read in peace for ten more', async () => {
    const ids = await paused(12);
    await pass(9);
    expect(submitted()).toBe(1);
    await pass(2);
    expect(submitted()).toBe(2);
    expect(probes()).toEqual([ids[0]]);
    await pass(8);
    expect(submitted()).toBe(2);
    expect(await stage.accountPauses.current(MAILBOX)).toBeDefined();
    await pass(3);
    expect(await stage.accountPauses.current(MAILBOX)).toBeUndefined();
    expect(stage.telemetry.named('accountPauseLifted')).toMatchObject([{ sendRequestId: ids[0], mailbox: MAILBOX }]);
    await pass(15);
    expect(submitted()).toBe(13);
    expect(stage.graph.submissions.length).toBe(new Set(stage.graph.items.map(({ internetMessageId }) => internetMessageId)).size - 1);
    for (const id of ids) expect((await stage.record(id)).attempts).toBe(1);
  });

  test('is closed again by a report on the probe, and each next probe waits longer: a day of it costs few mails', async () => {
    const ids = await paused(60);
    let seen = submitted();
    for (let hour = 0; hour < 6; hour++) {
      for (let minute = 0; minute < 60; minute++) {
        await pass(1);
        if (submitted() === seen) continue;
        expect(submitted()).toBe(seen + 1);
        seen = submitted();
        await blockedBy(probes().at(-1) as string);
      }
    }
    expect(probes().length).toBeGreaterThanOrEqual(8);
    expect(probes().length).toBeLessThanOrEqual(14);
    expect(new Set(probes()).size).toBe(probes().length);
    expect(ids).toEqual(expect.arrayContaining(probes()));
    expect(stage.telemetry.named('accountPauseLifted')).toEqual([]);
  });

  test('goes on with the same probe if Graph could not take it, and nobody else goes', async () => {
    await paused(5);
    await pass(9);
    stage.graph.answerNext('submit', answered(503));
    await pass(8);
    expect(probes().length).toBeGreaterThan(1);
    expect(new Set(probes()).size).toBe(1);
    expect(submitted()).toBe(2);
    await pass(12);
    expect(await stage.accountPauses.current(MAILBOX)).toBeUndefined();
  });

  test('holds a mail in doubt too: it is looked for, and not sent again unless it is the probe', async () => {
    const doubtful = await stage.post();
    stage.graph.answerNext('submit', answered(503));
    await stage.deliver();
    const first = await stage.post();
    await stage.deliver();
    await blockedBy(first);
    await pass(9);
    expect(submitted()).toBe(1);
    expect((await stage.record(doubtful)).status).toBe('inDoubt');
    await pass(25);
    expect(probes()).toEqual([doubtful]);
    expect(await stage.record(doubtful)).toMatchObject({ status: 'sent', attempts: 2 });
    expect(await stage.accountPauses.current(MAILBOX)).toBeUndefined();
  });

  test('asks another mail if the first probe was cancelled or its instance died', async () => {
    const ids = await paused(2);
    await pass(9);
    expect(await stage.accountPauses.probe(MAILBOX, 'gone')).toBe(false);
    stage.clock.advance(MINUTE);
    expect(await stage.accountPauses.probe(MAILBOX, 'gone')).toBe(true);
    await pass(19);
    expect(submitted()).toBe(1);
    await pass(8);
    expect(submitted()).toBe(2);
    expect(ids).toContain(probes()[0]);
  });

  test('is not probed by a draft that is only made', async () => {
    await paused(0);
    const id = await stage.post({ operation: 'createDraft' });
    await pass(30);
    expect(probes()).toEqual([]);
    expect((await stage.record(id)).status).toBe('queued');
  });

  test('is not lifted while nobody can read the reports', async () => {
    await paused(2);
    await pass(9);
    for (let n = 0; n < 15; n++) stage.graph.answerNext('listReports', answered(403, 'ErrorAccessDenied'));
    await pass(15);
    expect(submitted()).toBe(2);
    expect(await stage.accountPauses.current(MAILBOX)).toBeDefined();
    await pass(2);
    expect(await stage.accountPauses.current(MAILBOX)).toBeUndefined();
  });

  test('whose probe went out as another mailbox waits for the reports of that one', async () => {
    const FROM = 'newsdesk@contoso.com';
    await paused(0);
    const probe = await stage.post({ from: FROM });
    await pass(12);
    expect(probes()).toEqual([probe]);
    await blockedBy(probe, FROM);
    await pass(10);
    expect(await stage.accountPauses.current(MAILBOX)).toMatchObject({ closings: 2 });
    const next = await stage.post({ from: FROM });
    await pass(40);
    expect(probes()).toEqual([probe, next]);
    expect(await stage.accountPauses.current(MAILBOX)).toBeUndefined();
  });

  test('ends by itself if no mail probes', async () => {
    await paused(0);
    await pass(61);
    expect(await stage.accountPauses.current(MAILBOX)).toBeUndefined();
  });

  test('stays paused, and the run of the reconciler ends well, while the table is out of reach', async () => {
    await paused(1);
    stage.accountPauses.down = true;
    await pass(12);
    expect(submitted()).toBe(1);
    expect(stage.telemetry.named('visitFailed').at(-1)).toMatchObject({ reason: expect.stringContaining('pauses of accounts') });
    expect(stage.telemetry.named('reconciled').length).toBeGreaterThan(10);
    stage.accountPauses.down = false;
    await pass(HOUR / MINUTE);
    expect(submitted()).toBe(2);
  });
});
