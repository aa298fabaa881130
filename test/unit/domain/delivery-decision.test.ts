// What one delivery of a queue message does, for every state of the record and everything that the message knows.

import { describe, expect, test } from 'vitest';
import { STATES } from '../../../shared/domain/log/lifecycle.ts';
import type { Claim, SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { decideDelivery } from '../../../shared/domain/submit/delivery-decision.ts';
import type { Known, QueueMessage } from '../../../shared/domain/submit/queue-message.ts';
import { queueMessage, record } from '../../support/samples.ts';

const MAILBOX = 'sender@contoso.com';
const NOW = '2026-01-15T09:00:00.000Z';
const EARLIER = '2026-01-15T08:59:00.000Z';
const LATER = '2026-01-15T09:01:00.000Z';
const GRACE_MS = 300_000;
const AFTER_GRACE = '2026-01-15T09:05:00.000Z';
const AFTER_CALLS_AND_GRACE = '2026-01-15T09:06:00.000Z';

const claim = (more: Partial<Claim> = {}): Claim => ({
  nonce: 'n1',
  startedDateTime: EARLIER,
  callsUntil: EARLIER,
  route: 'direct',
  ...more,
});
const doubt = { since: EARLIER, graceUntil: LATER };
const accepted: Known = { outcome: 'accepted', nonce: 'n1', dateTime: EARLIER };
const deferred: Known = { outcome: 'deferred', nonce: 'n1', dateTime: EARLIER, error: { code: 'c', message: 'throttled' } };
const unknown: Known = { outcome: 'unknown', nonce: 'n1', doubt, claim: claim() };

const decide = (recordIs: Partial<SendRequestRecord>, messageIs: Partial<QueueMessage> = {}) =>
  decideDelivery(record(MAILBOX, recordIs), queueMessage(MAILBOX, { step: recordIs.step ?? 0, ...messageIs }), NOW, GRACE_MS);

describe('a queue message is dropped', () => {
  test('where a later step is known to be needed, whatever the state', () => {
    for (const status of STATES) {
      expect(decide({ status, step: 3 }, { step: 2 })).toEqual({ do: 'drop', reason: 'step 2 is stale, the request is at 3' });
    }
  });

  test.each([
    'accepted',
    'sent',
    'closed',
    'failed',
    'rejected',
    'expired',
    'cancelled',
    'unaccounted',
    'deadLettered',
    'created',
  ] as const)('where the request is %s, whatever the message knows', (status) => {
    for (const known of [undefined, accepted, deferred, unknown]) {
      expect(decide({ status }, known ? { known } : {})).toEqual({ do: 'drop', reason: `the request is ${status}` });
    }
  });
});

describe('a waiting request', () => {
  test.each(['queued', 'deferred'] as const)('that is %s is attempted when its time has come', (status) => {
    expect(decide({ status })).toEqual({ do: 'attempt', lookFirst: false });
    expect(decide({ status, nextAttemptDateTime: NOW })).toEqual({ do: 'attempt', lookFirst: false });
    expect(decide({ status, nextAttemptDateTime: LATER })).toEqual({ do: 'wait', until: LATER, detail: 'it is not due yet' });
  });

  test('is looked for before every attempt but the first', () => {
    expect(decide({ status: 'deferred', firstAttemptDateTime: EARLIER })).toEqual({ do: 'attempt', lookFirst: true });
  });

  test('waits for the time of its queue message where the record names none', () => {
    expect(decide({ status: 'queued' }, { notBefore: LATER })).toMatchObject({ do: 'wait', until: LATER });
    expect(decide({ status: 'queued' }, { notBefore: EARLIER })).toMatchObject({ do: 'attempt' });
  });

  test('expires at the end of its lifetime, also before its time has come', () => {
    expect(decide({ status: 'queued', sendBefore: NOW })).toEqual({ do: 'expire' });
    expect(decide({ status: 'deferred', sendBefore: EARLIER, nextAttemptDateTime: LATER })).toEqual({ do: 'expire' });
  });

  test('whose message knows of an acceptance is accepted, even after its lifetime', () => {
    expect(decide({ status: 'queued', sendBefore: EARLIER }, { known: accepted })).toEqual({ do: 'recordAcceptance', known: accepted });
  });

  test('whose message knows of a doubt that the record does not have is in doubt, even after its lifetime', () => {
    const detail = 'an earlier delivery ended in doubt';
    expect(decide({ status: 'queued', sendBefore: EARLIER }, { known: unknown })).toEqual({
      do: 'startDoubt',
      doubt,
      claim: unknown.claim,
      detail,
    });
  });

  test('is not thrown back into a doubt that is over: the same claim, or a later one', () => {
    expect(decide({ status: 'deferred', claim: claim() }, { known: unknown })).toMatchObject({ do: 'attempt' });
    const later = claim({ nonce: 'n2', startedDateTime: NOW });
    expect(decide({ status: 'deferred', claim: later }, { known: unknown })).toMatchObject({ do: 'attempt' });
  });

  test('is in doubt where the doubt is of a later claim than the record knows', () => {
    const before = claim({ nonce: 'n0', startedDateTime: '2026-01-15T08:00:00.000Z' });
    expect(decide({ status: 'deferred', claim: before }, { known: unknown })).toMatchObject({ do: 'startDoubt', doubt });
  });

  test('whose message knows of a deferral that is on record is attempted', () => {
    expect(decide({ status: 'deferred', claim: claim() }, { known: deferred })).toMatchObject({ do: 'attempt' });
  });
});

describe('a request found submitting', () => {
  const submitting = { status: 'submitting', claim: claim() } as const;

  test('under the claim that the message ended gets the outcome that it knows', () => {
    expect(decide(submitting, { known: accepted })).toEqual({ do: 'recordAcceptance', known: accepted });
    expect(decide(submitting, { known: deferred })).toEqual({ do: 'recordDeferral', dateTime: EARLIER, detail: 'throttled' });
    expect(decide(submitting, { known: unknown })).toMatchObject({ do: 'startDoubt', doubt, claim: unknown.claim });
  });

  test('with a deferral of unknown reason is deferred all the same', () => {
    const bare: Known = { outcome: 'deferred', nonce: 'n1', dateTime: EARLIER };
    expect(decide(submitting, { known: bare })).toEqual({ do: 'recordDeferral', dateTime: EARLIER, detail: 'deferred' });
  });

  test('under another claim is in doubt, the grace counting from the end of the calls of that claim', () => {
    for (const known of [undefined, { ...accepted, nonce: 'n0' }, { ...deferred, nonce: 'n0' }, { ...unknown, nonce: 'n0' }]) {
      const decision = decide({ status: 'submitting', claim: claim({ callsUntil: LATER }) }, known ? { known } : {});
      expect(decision).toMatchObject({
        do: 'startDoubt',
        doubt: { since: NOW, graceUntil: AFTER_CALLS_AND_GRACE },
        claim: { nonce: 'n1' },
      });
    }
  });

  test('after the calls are over is in doubt from now on', () => {
    expect(decide(submitting)).toMatchObject({ do: 'startDoubt', doubt: { since: NOW, graceUntil: AFTER_GRACE } });
  });

  test('without a claim is in doubt: nothing says that no POST was made', () => {
    const decision = decide({ status: 'submitting' });
    expect(decision).toMatchObject({ do: 'startDoubt', claim: undefined, doubt: { graceUntil: AFTER_GRACE } });
  });

  test('on the draft route before its draft was noted waits for the worker, then goes on: nothing can have left', () => {
    const preparing = (callsUntil: string) => decide({ status: 'submitting', claim: claim({ route: 'draft', callsUntil }) });
    expect(preparing(LATER)).toMatchObject({ do: 'wait', until: LATER });
    expect(preparing(NOW)).toEqual({ do: 'recordDeferral', dateTime: NOW, detail: 'a worker died before it sent the draft' });
  });

  test('on the draft route after its draft was noted is in doubt', () => {
    const noted = claim({ route: 'draft', draftId: 'd1', sendIssued: true });
    expect(decide({ status: 'submitting', claim: noted })).toMatchObject({ do: 'startDoubt', claim: noted });
  });
});

describe('a request in doubt', () => {
  test('is resolved by looking, whatever its message knows but an acceptance', () => {
    for (const known of [undefined, deferred, unknown]) {
      expect(decide({ status: 'inDoubt', doubt, claim: claim() }, known ? { known } : {})).toEqual({ do: 'resolveDoubt' });
    }
    expect(decide({ status: 'inDoubt', doubt }, { known: accepted })).toEqual({ do: 'recordAcceptance', known: accepted });
  });

  test('is resolved, not expired, at the end of its lifetime', () => {
    expect(decide({ status: 'inDoubt', sendBefore: EARLIER })).toEqual({ do: 'resolveDoubt' });
  });
});
