// What to do with a queue message, given the request's record: one pure decision per delivery.

import { after } from '../duration.ts';
import { isTerminal } from '../log/lifecycle.ts';
import type { Claim, Doubt, SendRequestRecord } from '../log/send-request.ts';
import type { Known, QueueMessage } from './queue-message.ts';

export type Decision =
  /** Stale or settled: complete the queue message. */
  | { do: 'drop'; reason: string }
  /** An earlier delivery got 202 and could not write it. */
  | { do: 'recordAcceptance'; known: Extract<Known, { outcome: 'accepted' }> }
  /** The claim of this nonce ended without sending anything, and that could not be written. */
  | { do: 'recordDeferral'; dateTime: string; detail: string }
  /** The mail may be out: no POST before a look. */
  | { do: 'startDoubt'; doubt: Doubt; claim: Claim | undefined; detail: string }
  | { do: 'resolveDoubt' }
  | { do: 'expire' }
  | { do: 'wait'; until: string; detail: string }
  | { do: 'attempt'; lookFirst: boolean };

/** On the draft route a `/send` is issued only after the draft's id is in the log: without it nothing can have left. */
export const nothingLeft = (claim: Claim | undefined): boolean => claim?.route === 'draft' && claim.draftId === undefined;

function decideSubmitting(record: SendRequestRecord, known: Known | undefined, now: string, graceMs: number): Decision {
  const { claim } = record;
  if (known && known.nonce === claim?.nonce) {
    if (known.outcome === 'accepted') return { do: 'recordAcceptance', known };
    if (known.outcome === 'deferred') return { do: 'recordDeferral', dateTime: known.dateTime, detail: known.error?.message ?? 'deferred' };
    return { do: 'startDoubt', doubt: known.doubt, claim: known.claim, detail: 'an earlier delivery ended in doubt' };
  }
  const callsUntil = claim?.callsUntil ?? now;
  if (nothingLeft(claim)) {
    if (now < callsUntil) return { do: 'wait', until: callsUntil, detail: 'another worker may still be preparing the draft' };
    return { do: 'recordDeferral', dateTime: now, detail: 'a worker died before it sent the draft' };
  }
  const graceUntil = after(callsUntil > now ? callsUntil : now, graceMs);
  return {
    do: 'startDoubt',
    doubt: { since: now, graceUntil },
    claim,
    detail: 'found submitting under another claim: a worker died or still runs',
  };
}

/** `now` is RFC 3339 in UTC with milliseconds, so that times compare as text. */
export function decideDelivery(record: SendRequestRecord, message: QueueMessage, now: string, graceMs: number): Decision {
  const { known } = message;
  if (message.step < record.step) return { do: 'drop', reason: `step ${message.step} is stale, the request is at ${record.step}` };
  if (isTerminal(record.status) || record.status === 'accepted' || record.status === 'sent') {
    return { do: 'drop', reason: `the request is ${record.status}` };
  }
  if (record.status === 'submitting') return decideSubmitting(record, known, now, graceMs);
  if (record.status === 'inDoubt') {
    return known?.outcome === 'accepted' ? { do: 'recordAcceptance', known } : { do: 'resolveDoubt' };
  }
  if (known?.outcome === 'accepted') return { do: 'recordAcceptance', known };
  // Only the doubt of a claim that is later than the log's counts: an older one has been resolved, and its queue message is late.
  if (known?.outcome === 'unknown' && known.claim.startedDateTime > (record.claim?.startedDateTime ?? '')) {
    return { do: 'startDoubt', doubt: known.doubt, claim: known.claim, detail: 'an earlier delivery ended in doubt' };
  }
  if (now >= record.sendBefore) return { do: 'expire' };
  const until = record.nextAttemptDateTime ?? message.notBefore;
  if (until !== undefined && now < until) return { do: 'wait', until, detail: 'it is not due yet' };
  return { do: 'attempt', lookFirst: record.firstAttemptDateTime !== undefined };
}
