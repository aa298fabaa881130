// Applying events to a record: what changes, what the timeline says, and what is left alone.

import { describe, expect, test } from 'vitest';
import { applyEvent, cutDetail, type LifecycleEvent, MAXIMUM_DETAIL } from '../../../shared/domain/log/apply-event.ts';
import { applyReports } from '../../../shared/domain/log/apply-reports.ts';
import type { Recipient, SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { countRecipients, type RecipientReport } from '../../../shared/domain/reconcile/recipients.ts';
import { recipients, record } from '../../support/samples.ts';

const AT = '2026-01-15T09:00:00.000Z';
const MAILBOX = 'sender@contoso.com';

const life = (more: Partial<LifecycleEvent> = {}): LifecycleEvent => ({ type: 'submissionStarted', dateTime: AT, fact: 'n1', ...more });

function applied(before: SendRequestRecord, event: LifecycleEvent) {
  const result = applyEvent(before, event);
  if (result.kind !== 'applied') throw new Error(result.kind);
  return result;
}

describe('an event of the request', () => {
  test('changes the state, the patched fields and the time of the last change, and nothing else', () => {
    const before = record(MAILBOX);
    const { record: next } = applied(before, life({ patch: { attempts: 1 } }));
    expect(next).toEqual({ ...before, status: 'submitting', attempts: 1, lastModifiedDateTime: AT });
  });

  test('ends it as unaccounted if it may have gone, which the record or the event itself says', () => {
    const deferred = record(MAILBOX, { status: 'deferred' });
    const expired = (mayHaveGone?: true) => life({ type: 'lifetimeExpired', ...(mayHaveGone && { patch: { mayHaveGone } }) });
    expect(applied(deferred, expired()).record.status).toBe('expired');
    expect(applied({ ...deferred, mayHaveGone: true }, expired()).record.status).toBe('unaccounted');
    expect(applied(deferred, expired(true)).record).toMatchObject({ status: 'unaccounted', mayHaveGone: true });
  });

  test('never lowers the step: a slow worker may tell its outcome after others have gone on', () => {
    const inDoubt = record(MAILBOX, { status: 'inDoubt', step: 4 });
    expect(applied(inDoubt, life({ type: 'outcomeUnknown', patch: { step: 1 } })).record.step).toBe(4);
    expect(applied(inDoubt, life({ type: 'outcomeUnknown', patch: { step: 5 } })).record.step).toBe(5);
  });

  test('never turns the time of the last change back: what is learned late happened earlier', () => {
    const before = record(MAILBOX, { status: 'submitting', lastModifiedDateTime: '2026-01-15T09:00:00.500Z' });
    const event = (dateTime: string) => life({ type: 'submissionAccepted', dateTime });
    expect(applied(before, event('2026-01-15T09:00:00Z')).record.lastModifiedDateTime).toBe('2026-01-15T09:00:00.500Z');
    expect(applied(before, event('2026-01-15T09:00:01Z')).record.lastModifiedDateTime).toBe('2026-01-15T09:00:01Z');
  });

  test('never changes the record that it was given', () => {
    const before = record(MAILBOX, { nextAttemptDateTime: AT });
    const copy = structuredClone(before);
    applyEvent(before, life({ patch: { attempts: 3 }, clears: ['nextAttemptDateTime'] }));
    expect(before).toEqual(copy);
  });

  test('clears what it names', () => {
    const before = record(MAILBOX, { nextAttemptDateTime: AT, error: { code: 'c', message: 'm' } });
    const { record: next } = applied(before, life({ clears: ['nextAttemptDateTime', 'error'] }));
    expect('nextAttemptDateTime' in next || 'error' in next).toBe(false);
  });

  test('has a key that is the same whenever the same fact is written again, and sorts by step', () => {
    const { event } = applied(record(MAILBOX, { step: 7 }), life());
    expect(event.key).toBe('0007-submissionStarted-n1');
  });

  test('has the attempt that it belongs to, also where the attempt is taken back', () => {
    const before = record(MAILBOX, { status: 'submitting', attempts: 2 });
    const { event, record: next } = applied(before, life({ type: 'submissionThrottled', patch: { attempts: 1 } }));
    expect(event.attempt).toBe(2);
    expect(next.attempts).toBe(1);
  });

  test('names no attempt before the first one, and no detail where there is none', () => {
    const { event } = applied(record(MAILBOX), life({ type: 'cancelled' }));
    expect(event).toEqual({ key: '0000-cancelled-n1', type: 'cancelled', status: 'cancelled', dateTime: AT });
  });

  test('that comes late or again is ignored, and one that cannot be is a problem that names it', () => {
    expect(applyEvent(record(MAILBOX, { status: 'sent' }), life({ type: 'cancelled' }))).toEqual({ kind: 'ignored' });
    const sent = record(MAILBOX, { status: 'sent' });
    expect(applyEvent(sent, life())).toEqual({ kind: 'impossible', problem: `submissionStarted in state sent of ${sent.id}` });
  });

  test('that closes the report window of an accepted request fails it where every recipient had failed', () => {
    const failed = recipients(1).map((r): Recipient => ({ ...r, action: 'failed' }));
    const before = record(MAILBOX, { status: 'accepted', recipientCounts: countRecipients(failed) });
    expect(applied(before, life({ type: 'reportWindowClosed' })).record.status).toBe('failed');
  });

  test('that closes the report window of an accepted request closes it where Exchange has shown that it was submitted', () => {
    const close = life({ type: 'reportWindowClosed' });
    expect(applied(record(MAILBOX, { status: 'accepted' }), close).record.status).toBe('unaccounted');
    expect(applied(record(MAILBOX, { status: 'accepted', proof: 'messageTrace' }), close).record.status).toBe('closed');
  });

  test('has its detail cut at the limit, with an ellipsis', () => {
    const { event } = applied(record(MAILBOX), life({ detail: 'x'.repeat(5000) }));
    expect(event.detail).toHaveLength(MAXIMUM_DETAIL);
    expect(event.detail?.endsWith('x…')).toBe(true);
    expect(cutDetail('x'.repeat(MAXIMUM_DETAIL))).toBe('x'.repeat(MAXIMUM_DETAIL));
  });
});

/** Applies a report that has one line. */
function applyLine(before: SendRequestRecord, those: readonly Recipient[], line: RecipientReport, fact: string) {
  const { record, recipients, events } = applyReports(before, those, [line], fact);
  const [event] = events;
  return event ? ({ kind: 'applied', record, recipients, event } as const) : ({ kind: 'ignored' } as const);
}

describe("one recipient's report", () => {
  const two = recipients(2);
  const sent = record(MAILBOX, { status: 'sent', attempts: 1, recipientCounts: countRecipients(two) });
  const report = (more: Partial<RecipientReport> = {}): RecipientReport => ({
    address: 'person-1@example.com',
    event: 'recipientFailed',
    status: '5.1.1',
    diagnosticCode: 'smtp; 550 5.1.1 no such user',
    remoteMta: 'mx.example.com',
    dateTime: AT,
    evidence: 'exchangeReport',
    ...more,
  });

  test('changes that recipient and the counts, and leaves the others and the state as they are', () => {
    const result = applyLine(sent, two, report(), 'r1');
    if (result.kind !== 'applied') throw new Error(result.kind);
    expect(result.record).toEqual({
      ...sent,
      failureClass: 'address',
      recipientCounts: { ...sent.recipientCounts, failed: 1 },
      reportEvents: 1,
      lastModifiedDateTime: AT,
    });
    expect(result.recipients[0]).toMatchObject({ action: 'failed', status: '5.1.1', remoteMta: 'mx.example.com' });
    expect(result.recipients[1]).toBe(two[1]);
    expect(result.event).toEqual({
      key: '0000-recipientFailed-r1-0',
      type: 'recipientFailed',
      status: 'sent',
      dateTime: AT,
      attempt: 1,
      recipient: 'person-1@example.com',
      detail: 'failed; 5.1.1; smtp; 550 5.1.1 no such user; from mx.example.com; exchangeReport',
      report: report(),
    });
  });

  test('that says no more than the action is told in as few words', () => {
    const bare: RecipientReport = { address: 'PERSON-2@example.com', event: 'recipientDelayed', dateTime: AT, evidence: 'mail' };
    const result = applyLine(sent, two, bare, 'r2');
    expect(result).toMatchObject({ kind: 'applied', event: { detail: 'delayed; mail', key: '0000-recipientDelayed-r2-1' } });
  });

  test('that fails the last recipient fails the request', () => {
    const first = applyLine(sent, two, report(), 'r1');
    if (first.kind !== 'applied') throw new Error(first.kind);
    const second = applyLine(first.record, first.recipients, report({ address: 'person-2@example.com' }), 'r1');
    expect(second).toMatchObject({ kind: 'applied', record: { status: 'failed', recipientCounts: { failed: 2 } } });
  });

  test('that adds nothing is ignored', () => {
    const first = applyLine(sent, two, report(), 'r1');
    if (first.kind !== 'applied') throw new Error(first.kind);
    const weaker = report({ event: 'recipientDelayed', evidence: 'mail' });
    expect(applyLine(first.record, first.recipients, weaker, 'r2')).toEqual({ kind: 'ignored' });
  });

  test('about an address that the request does not have is on record without changing a recipient', () => {
    const result = applyLine(sent, two, report({ address: 'member@example.org' }), 'r1');
    if (result.kind !== 'applied') throw new Error(result.kind);
    expect(result.recipients).toEqual(two);
    expect(result.record.recipientCounts).toEqual({ ...sent.recipientCounts, others: 1 });
    expect(result.event.recipient).toBe('member@example.org');
    expect(applyLine(result.record, two, report({ address: 'Member@example.org' }), 'r2')).toEqual({ kind: 'ignored' });
  });

  test('about several addresses that the request does not have is an event for each', () => {
    const keys = ['member-1@example.org', 'member-2@example.org', 'MEMBER-1@example.org'].map((address) => {
      const result = applyLine(sent, two, report({ address }), 'r1');
      return result.kind === 'applied' ? result.event.key : result.kind;
    });
    expect(keys[0]).not.toBe(keys[1]);
    expect(keys[0]).toBe(keys[2]);
  });

  test('about an address that is there twice changes both', () => {
    const twice: Recipient[] = [...recipients(1), { address: 'Person-1@example.com', type: 'cc' }];
    const result = applyLine({ ...sent, recipientCounts: countRecipients(twice) }, twice, report(), 'r1');
    expect(result).toMatchObject({ kind: 'applied', record: { status: 'failed', recipientCounts: { failed: 2 } } });
  });

  test("that contradicts a failure with Exchange's own word takes the failure of the request back", () => {
    const [person, other] = two as [Recipient, Recipient];
    const guessed = applyLine({ ...sent, recipientCounts: countRecipients([person]) }, [person], report({ evidence: 'mail' }), 'r1');
    if (guessed.kind !== 'applied') throw new Error(guessed.kind);
    expect(guessed.record.status).toBe('failed');
    const delivered = applyLine(guessed.record, guessed.recipients, report({ event: 'recipientDelivered' }), 'r2');
    expect(delivered).toMatchObject({ kind: 'applied', record: { status: 'closed', recipientCounts: { failed: 0, delivered: 1 } } });
    const strange = applyLine(guessed.record, guessed.recipients, report({ event: 'recipientDelivered', address: other.address }), 'r3');
    expect(strange).toMatchObject({ kind: 'applied', record: { status: 'failed' } });
  });

  test('says that an unaccounted request was submitted only where Exchange itself says it: anybody can write a mail', () => {
    const unaccounted = { ...sent, status: 'unaccounted' } as const;
    const statusBy = (evidence: RecipientReport['evidence']) => {
      const result = applyLine(unaccounted, two, report({ evidence }), 'r1');
      return result.kind === 'applied' ? result.record.status : result.kind;
    };
    expect(statusBy('mail')).toBe('unaccounted');
    expect(statusBy('exchangeReport')).toBe('closed');
    expect(statusBy('messageTrace')).toBe('closed');
  });

  test('for a draft that was only created is ignored', () => {
    expect(applyLine({ ...sent, status: 'created' }, two, report(), 'r1')).toEqual({ kind: 'ignored' });
  });
});
