// How a delivery ends, for each cause: when it comes again and with what, which event it writes, and what becomes of the content.

import { describe, expect, test } from 'vitest';
import type { Pause } from '../../../shared/domain/act/pauses.ts';
import type { Claim, SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { holdForPause, holdUntil, lookAgain, postpone, startDoubt, waitFor, waitUntil } from '../../../shared/domain/submit/come-again.ts';
import { mayWrite, type Situation } from '../../../shared/domain/submit/ending.ts';
import { acceptLate, deadLetter, deferLate, expire, giveUp, poison, rejectAsMissing } from '../../../shared/domain/submit/final-endings.ts';
import { mayStillAppear } from '../../../shared/domain/submit/item-missing.ts';
import { answerInWords, isMissingForLong } from '../../../shared/domain/submit/mailbox-missing.ts';
import type { Known, QueueMessage } from '../../../shared/domain/submit/queue-message.ts';
import { successorOf } from '../../../shared/domain/submit/successor.ts';
import { queueMessage, record } from '../../support/samples.ts';

const MAILBOX = 'sender@contoso.com';
const NOW = '2026-01-15T09:00:00.000Z';
const RETRY = { initialIntervalMs: 30_000, backoffCoefficient: 2, maximumIntervalMs: 3_600_000 };
const known: Known = { outcome: 'deferred', nonce: 'n1', dateTime: NOW, error: { code: 'c', message: 'throttled' } };
const claim: Claim = { nonce: 'n1', startedDateTime: NOW, callsUntil: NOW, route: 'direct' };

const situation = (message: Partial<QueueMessage> = {}, recordIs: Partial<SendRequestRecord> = {}): Situation => ({
  message: queueMessage(MAILBOX, message),
  record: record(MAILBOX, recordIs),
  now: NOW,
});

describe('whether an event may still be written', () => {
  const decidedOn = record(MAILBOX, { claim });

  test('a decision on the record holds for that record only', () => {
    expect(mayWrite('unchanged', decidedOn, decidedOn)).toBe(true);
    expect(mayWrite('unchanged', decidedOn, { ...decidedOn })).toBe(false);
  });

  test('the outcome of a claim counts as long as the claim is the same', () => {
    expect(mayWrite('ownClaim', decidedOn, { ...decidedOn, attempts: 7 })).toBe(true);
    expect(mayWrite('ownClaim', decidedOn, { ...decidedOn, claim: { ...claim, nonce: 'n2' } })).toBe(false);
    expect(mayWrite('ownClaim', decidedOn, record(MAILBOX))).toBe(false);
  });

  test('a fact is written whatever the record has become', () => {
    expect(mayWrite('always', decidedOn, record(MAILBOX, { status: 'cancelled' }))).toBe(true);
  });
});

describe('a mailbox is missing', () => {
  test('if every answer has said so for long enough, and not by one answer', () => {
    const since = (mailboxMissingSince: string) => record(MAILBOX, { mailboxMissingSince });
    expect(isMissingForLong(record(MAILBOX), NOW, 0)).toBe(false);
    expect(isMissingForLong(since(NOW), NOW, 1)).toBe(false);
    expect(isMissingForLong(since('2026-01-15T08:30:00.001Z'), NOW, 1_800_000)).toBe(false);
    expect(isMissingForLong(since('2026-01-15T08:30:00.000Z'), NOW, 1_800_000)).toBe(true);
    expect(answerInWords({ kind: 'answered', status: 404 })).toBe('404');
  });
});

describe('a message that an operation names, and that Graph does not find', () => {
  const about = (targetMessageId: string, itemMissingSince?: string) =>
    record(MAILBOX, { targetMessageId, ...(itemMissingSince !== undefined && { itemMissingSince }) });
  const own = record(MAILBOX).id;

  test('may still appear if another send request made it, until every answer has denied it for as long as the grace', () => {
    expect(mayStillAppear(about(own), NOW, 300_000)).toBe(true);
    expect(mayStillAppear(about(own, '2026-01-15T08:55:00.001Z'), NOW, 300_000)).toBe(true);
    expect(mayStillAppear(about(own, '2026-01-15T08:55:00.000Z'), NOW, 300_000)).toBe(false);
  });

  test('is not there if the caller gave its id; and an operation that names none misses none', () => {
    expect(mayStillAppear(about('AAMkADAwATM0MDAAMS1i-_='), NOW, 300_000)).toBe(false);
    expect(mayStillAppear(record(MAILBOX), NOW, 300_000)).toBe(false);
  });
});

describe('a successor', () => {
  test('is one step further than message and record, and carries only what it is given', () => {
    const message = queueMessage(MAILBOX, { step: 3, known, holds: 1, waits: 2, attempts: 4 });
    const next = successorOf(message, record(MAILBOX, { step: 5, attempts: 2, internetMessageId: '<rewritten@contoso.com>' }), {});
    expect(next).toMatchObject({ step: 6, attempts: 4, internetMessageId: '<rewritten@contoso.com>', content: message.content });
    const { attempts: _, ...without } = message;
    expect(successorOf(without, record(MAILBOX, { attempts: 2 }), {}).attempts).toBe(2);
    expect(next).not.toHaveProperty('known');
    expect(next).not.toHaveProperty('holds');
    expect(next).not.toHaveProperty('waits');
    expect(successorOf(message, record(MAILBOX), { known, attempts: 1, holds: 2, waits: 3 })).toMatchObject({
      step: 4,
      known,
      attempts: 1,
      holds: 2,
      waits: 3,
    });
  });
});

describe('a delivery comes again', () => {
  test('at its time, a second later for each wait in a row, and keeps what is known', () => {
    expect(waitUntil(situation(), '2026-01-15T10:00:00.000Z')).toEqual({
      kind: 'comeAgain',
      at: '2026-01-15T10:00:00.000Z',
      carries: { waits: 1 },
    });
    const third = waitUntil(situation({ waits: 2, known }), '2026-01-15T10:00:00.000Z');
    expect(third).toMatchObject({ at: '2026-01-15T10:00:02.000Z', carries: { waits: 3, known } });
  });

  test('by the retry schedule if a look was not possible', () => {
    expect(lookAgain(situation({ waits: 1 }), RETRY)).toEqual({
      kind: 'comeAgain',
      at: '2026-01-15T09:01:00.000Z',
      carries: { waits: 2 },
    });
  });

  test('after five minutes at most if a store is out of reach, and says so', () => {
    expect(postpone(situation({ holds: 1 }), RETRY, 'down')).toEqual({
      kind: 'comeAgain',
      at: '2026-01-15T09:00:30.000Z',
      carries: { waits: 1, holds: 1 },
      postponed: 'down',
    });
    expect(postpone(situation({ waits: 20 }), RETRY, 'down')).toMatchObject({ at: '2026-01-15T09:05:00.000Z', carries: { holds: 0 } });
  });

  test('at the end of the grace if the mail may be out, and knows the doubt', () => {
    const doubt = { since: NOW, graceUntil: '2026-01-15T09:05:00.000Z' };
    const ending = startDoubt(situation(), doubt, claim, 'a worker died');
    expect(ending).toMatchObject({ at: doubt.graceUntil, carries: { known: { outcome: 'unknown', nonce: 'n1', doubt, claim } } });
    expect(ending.entry).toMatchObject({ onlyIf: 'unchanged', event: { type: 'outcomeUnknown', fact: 'n1', patch: { doubt, claim } } });
    const without = startDoubt(situation(), doubt, undefined, 'no claim');
    expect(without).toMatchObject({ carries: {}, entry: { event: { fact: 'none', patch: { doubt } } } });
  });

  test('soon if it needs what another request makes, and its timeline says why', () => {
    const first = waitFor(situation({ step: 2 }), RETRY, 'waits for a draft', 1_000);
    expect(first).toMatchObject({ at: '2026-01-15T09:00:01.000Z', carries: { waits: 1 } });
    expect(first.entry?.event).toMatchObject({ type: 'submissionHeld', fact: '3', detail: 'waits for a draft' });
    expect(waitFor(situation({ waits: 30 }), RETRY, 'x', 1_000).at).toBe('2026-01-15T09:01:04.000Z');
    expect(waitFor(situation(), RETRY, 'x').at).toBe('2026-01-15T09:00:30.000Z');
  });

  test('when its mailbox may send again, but not after its lifetime', () => {
    const ending = holdUntil(situation({ holds: 1 }), Date.parse('2026-01-15T09:10:00Z'), 'throttled');
    expect(ending).toMatchObject({ at: '2026-01-15T09:10:00.000Z', carries: { holds: 2 }, entry: { event: { detail: 'throttled' } } });
    expect(holdUntil(situation(), Date.parse('2027-01-01T00:00:00Z'), 'throttled').at).toBe('2026-01-17T08:00:00.000Z');
  });

  test('again and again under a pause, which its timeline names once', () => {
    const pause: Pause = { id: 'everything', scope: 'everything', reason: 'why', setBy: 'operator', setDateTime: NOW };
    const waitMs = (waits: number) => waits * 1_000;
    const first = holdForPause(situation(), pause, waitMs, false);
    const heldBy = `everything ${NOW}`;
    expect(first).toMatchObject({ at: '2026-01-15T09:00:01.000Z', carries: { waits: 1, holds: 0 } });
    expect(first.entry?.event).toMatchObject({ detail: 'paused (everything) by operator: why', patch: { heldBy } });
    const second = holdForPause(situation({ waits: 1, holds: 2 }, { heldBy }), pause, waitMs, true);
    expect(second).toMatchObject({ at: '2026-01-15T09:00:02.000Z', carries: { waits: 2, holds: 2 }, patch: {} });
    expect(second.entry).toBeUndefined();
    expect(holdForPause(situation({}, { heldBy }), pause, waitMs, false).entry).toBeDefined();
    expect(holdForPause(situation({}, { heldBy: 'another' }), pause, waitMs, true).entry).toBeDefined();
  });
});

describe('a request ends', () => {
  const kept = { kind: 'endWithEvent', keepForResend: true, releaseContent: true };

  test('with its lifetime: content is kept for a resend, drafts go', () => {
    expect(expire(situation())).toMatchObject({ ...kept, discardDrafts: true });
    expect(expire(situation()).entry).toMatchObject({ onlyIf: 'unchanged', event: { type: 'lifetimeExpired' } });
  });

  test('with its lifetime, if it may have gone: the event says that, whoever knows it', () => {
    const gone = { type: 'lifetimeExpired', patch: { mayHaveGone: true }, detail: expect.stringContaining('not known to be submitted') };
    expect(expire(situation(), true).entry.event).toMatchObject(gone);
    const before = situation();
    expect(expire({ ...before, record: { ...before.record, mayHaveGone: true } }).entry.event).toMatchObject(gone);
    expect(expire(before).entry.event).not.toHaveProperty('patch');
  });

  test('in doubt: a draft may be the mail itself, and stays', () => {
    expect(giveUp(situation(), 'in doubt')).toMatchObject({ ...kept, discardDrafts: false, entry: { event: { detail: 'in doubt' } } });
  });

  test("because its mailbox is missing for long: in Graph's words, and with what to do", () => {
    const error = { code: 'ErrorInvalidUser', message: 'The requested user is invalid.' };
    const { entry, ...rest } = rejectAsMissing(situation(), '404 ErrorInvalidUser', error);
    expect(rest).toEqual({ ...kept, discardDrafts: false });
    expect(entry).toMatchObject({
      onlyIf: 'unchanged',
      event: { type: 'submissionRefused', patch: { error: { code: 'ErrorInvalidUser' } } },
    });
    expect(entry.event.patch?.error?.message).toMatch(
      /^The requested user is invalid\. Graph finds no mailbox .* \(404 ErrorInvalidUser\)/,
    );
  });

  test('as poison: set aside, and recorded whatever the record has become', () => {
    expect(poison(situation(), 'gone')).toMatchObject({ keepForResend: false, setAside: 'gone', entry: { onlyIf: 'always' } });
    expect(poison(situation(), 'gone').entry.event).toMatchObject({
      type: 'deadLettered',
      fact: 'poison',
      patch: { error: { code: 'Poison' } },
    });
  });

  test('as a dead letter: the content is kept for a resend, and stays', () => {
    expect(deadLetter(situation({ step: 4 }), 'given up')).toMatchObject({
      keepForResend: true,
      releaseContent: false,
      entry: { event: { type: 'deadLettered', fact: 'step-4', detail: 'given up', patch: { error: { code: 'DeadLettered' } } } },
    });
  });
});

describe('what an earlier delivery knew', () => {
  test('an acceptance is written with its own time', () => {
    const { entry } = acceptLate({ outcome: 'accepted', nonce: 'n1', dateTime: NOW }, 60_000);
    expect(entry).toMatchObject({ onlyIf: 'always', event: { type: 'submissionAccepted', dateTime: NOW, fact: 'n1' } });
    expect(entry?.event.patch).toEqual({ acceptedDateTime: NOW, reportWindowEnds: '2026-01-15T09:01:00.000Z' });
  });

  test('a deferral is written with its error and its attempts, if it is of that claim', () => {
    const own = deferLate(situation({ known, attempts: 1 }, { claim }), NOW, 'throttled');
    expect(own.entry?.event).toMatchObject({
      type: 'submissionFailedTransiently',
      fact: 'n1',
      patch: { error: { code: 'c', message: 'throttled' }, attempts: 1 },
    });
    const { error: _, ...bare } = known;
    expect(deferLate(situation({ known: bare }, { claim }), NOW, 'x').entry?.event.patch).toEqual({});
    expect(deferLate(situation({ known, attempts: 1 }, { claim: { ...claim, nonce: 'n2' } }), NOW, 'x').entry?.event.patch).toEqual({});
    expect(deferLate(situation(), NOW, 'x').entry?.event).toMatchObject({ fact: 'none', patch: {} });
  });
});
