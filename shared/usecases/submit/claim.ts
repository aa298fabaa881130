// The claim: the record becomes `submitting` under its ETag with a fresh nonce, before anything goes to Graph.

import { draftIsOfSubmission, type MailboxCopy } from '../../domain/doubt/copies.ts';
import { after } from '../../domain/duration.ts';
import type { Route } from '../../domain/log/send-request.ts';
import { draftCalls, isAssembled, type Plan } from '../../domain/submit/submission-plan.ts';
import { MAXIMUM_CALLS_MS } from '../../domain/time-limits.ts';
import { nonceOf } from '../context.ts';
import { writeIfUnchanged } from '../log/write-log.ts';
import type { Delivery } from './delivery.ts';

/** What an attempt is about to do. */
export interface Intent {
  plan: Plan;
  route: Route;
  /** An unsent draft of this request that will be sent. */
  usable?: MailboxCopy;
}

/** Cancel and expiry compete with it. False if the record has changed: the claim is lost. Throws StoreUnavailable. */
export async function claim(delivery: Delivery, { plan, route, usable }: Intent): Promise<boolean> {
  const { context, message, stored, record, now: startedDateTime } = delivery;
  const nonce = nonceOf(context);
  const calls = route === 'direct' ? 1 : usable ? 3 : draftCalls(plan);
  const callsUntil = after(startedDateTime, Math.min(context.rules.graphTimeoutMs * calls, MAXIMUM_CALLS_MS));
  const assembled = route === 'draft' && isAssembled(plan);
  const mayHaveGone = record.mayHaveGone === true || (usable !== undefined && draftIsOfSubmission(record));
  const wasIssued = mayHaveGone || (record.claim?.draftId === usable?.id && record.claim?.sendIssued === true);
  const sendIssued = usable !== undefined && wasIssued;
  const written = await writeIfUnchanged(context, stored, {
    type: 'submissionStarted',
    dateTime: startedDateTime,
    fact: nonce,
    detail: route === 'draft' ? 'by a draft' : 'in one POST',
    patch: {
      attempts: record.attempts + 1,
      step: Math.max(record.step, message.step),
      firstAttemptDateTime: record.firstAttemptDateTime ?? startedDateTime,
      claim: {
        nonce,
        startedDateTime,
        dueDateTime: record.nextAttemptDateTime ?? record.createdDateTime,
        callsUntil,
        route,
        ...(assembled && { assembled }),
        ...(sendIssued && { sendIssued: true, draftId: usable.id }),
      },
      ...(mayHaveGone && { mayHaveGone }),
      ...(record.enqueued === false && { enqueued: true }),
    },
    clears: ['nextAttemptDateTime', 'doubt'],
  });
  if (written.kind === 'ignored') delivery.learn(written.stored);
  if (written.kind !== 'written') return false;
  delivery.goOnWith(written.stored);
  return true;
}
