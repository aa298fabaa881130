// The endings that end a request, and those after which the same delivery decides again.
import { after } from '../duration.ts';
import type { LifecycleEvent } from '../log/apply-event.ts';
import type { SendError } from '../log/send-request.ts';
import type { Accepted, DecideAgain, EndWithEvent, Situation } from './ending.ts';
import { whyMissing } from './mailbox-missing.ts';
import type { Known } from './queue-message.ts';

/** What a record loses when Exchange has the mail. */
export const CLEARED_BY_ACCEPTANCE = ['nextAttemptDateTime', 'doubt', 'mayHaveGone', 'error', 'content'] as const;

const expiry = (now: string, detail: string): LifecycleEvent => ({
  type: 'lifetimeExpired',
  dateTime: now,
  fact: 'lifetime',
  detail,
  clears: ['nextAttemptDateTime', 'content'],
});

/** Not submitted within its lifetime; or not known to be, if it may have gone. */
export const expire = ({ record, now }: Situation, mayHaveGone = record.mayHaveGone === true): EndWithEvent => ({
  kind: 'endWithEvent',
  entry: {
    event: {
      ...expiry(now, `${mayHaveGone ? 'not known to be' : 'not'} submitted by ${record.sendBefore}`),
      ...(mayHaveGone && { patch: { mayHaveGone } }),
    },
    onlyIf: 'unchanged',
  },
  keepForResend: true,
  releaseContent: true,
  discardDrafts: true,
});

/** Still in doubt at its end. A draft of it may be the mail itself, so it stays. */
export const giveUp = ({ now }: Situation, detail: string): EndWithEvent => ({
  kind: 'endWithEvent',
  entry: { event: expiry(now, detail), onlyIf: 'unchanged' },
  keepForResend: true,
  releaseContent: true,
  discardDrafts: false,
});

/** The mailbox is missing, so no look is possible, and every attempt has got this answer for long. `said`: Graph's status and code. */
export const rejectAsMissing = ({ record, now }: Situation, said: string, { code, message }: SendError): EndWithEvent => ({
  kind: 'endWithEvent',
  entry: {
    event: {
      type: 'submissionRefused',
      dateTime: now,
      fact: 'mailbox-missing',
      detail: `${said} to a look [mailbox-missing]`,
      patch: { error: { code, message: `${message} ${whyMissing(record.mailbox, said)}` } },
      clears: ['nextAttemptDateTime', 'content'],
    },
    onlyIf: 'unchanged',
  },
  keepForResend: true,
  releaseContent: true,
  discardDrafts: false,
});

/** Nobody can handle the queue message. */
export const poison = ({ now }: Situation, reason: string): EndWithEvent => ({
  kind: 'endWithEvent',
  entry: {
    event: {
      type: 'deadLettered',
      dateTime: now,
      fact: 'poison',
      detail: reason,
      patch: { error: { code: 'Poison', message: reason } },
      clears: ['nextAttemptDateTime', 'content'],
    },
    onlyIf: 'always',
  },
  keepForResend: false,
  releaseContent: false,
  discardDrafts: false,
  setAside: reason,
});

/** Service Bus has dead-lettered the queue message. The content stays as it is, and is kept for a resend too. */
export const deadLetter = ({ message, now }: Situation, reason: string): EndWithEvent => ({
  kind: 'endWithEvent',
  entry: {
    event: {
      type: 'deadLettered',
      dateTime: now,
      fact: `step-${message.step}`,
      detail: reason,
      patch: { error: { code: 'DeadLettered', message: reason } },
      clears: ['nextAttemptDateTime'],
    },
    onlyIf: 'always',
  },
  keepForResend: true,
  releaseContent: false,
  discardDrafts: false,
});

/** An earlier delivery got 202. That stays true even if the record has changed since. */
export const acceptLate = ({ dateTime, nonce }: Extract<Known, { outcome: 'accepted' }>, reportWindowMs: number): Accepted => ({
  kind: 'accepted',
  entry: {
    event: {
      type: 'submissionAccepted',
      dateTime,
      fact: nonce,
      patch: { acceptedDateTime: dateTime, reportWindowEnds: after(dateTime, reportWindowMs) },
      clears: CLEARED_BY_ACCEPTANCE,
    },
    onlyIf: 'always',
  },
});

/** An attempt ended without a submission, and the log does not have its end. The log gets what the message knows of it. */
export function deferLate({ message, record }: Situation, dateTime: string, detail: string): DecideAgain {
  const nonce = record.claim?.nonce ?? 'none';
  const known = message.known?.outcome === 'deferred' && message.known.nonce === nonce ? message.known : undefined;
  const patch = {
    ...(known?.error && { error: known.error }),
    ...(known && message.attempts !== undefined && { attempts: message.attempts }),
  };
  const event: LifecycleEvent = {
    type: 'submissionFailedTransiently',
    dateTime,
    fact: nonce,
    detail,
    patch,
    clears: ['nextAttemptDateTime'],
  };
  return { kind: 'decideAgain', entry: { event, onlyIf: 'unchanged' } };
}
