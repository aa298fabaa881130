// The claim: the record becomes `submitting` under its ETag with a fresh nonce, before anything goes to Graph.

import { draftIsOfSubmission, type MailboxCopy } from '../../domain/doubt/copies.ts';
import { after } from '../../domain/duration.ts';
import type { LifecycleEvent } from '../../domain/log/apply-event.ts';
import type { Route } from '../../domain/log/send-request.ts';
import { isDraftOnly } from '../../domain/operations.ts';
import type { ComeAgain } from '../../domain/submit/ending.ts';
import { draftCalls, isAssembled, type Plan } from '../../domain/submit/submission-plan.ts';
import { MAXIMUM_CALLS_MS } from '../../domain/time-limits.ts';
import type { UsageChange } from '../../ports/status-log.ts';
import { nonceOf } from '../context.ts';
import { withinLimits } from '../limits/within-limits.ts';
import { type Written, writeIfUnchanged } from '../log/write-log.ts';
import type { Delivery } from './delivery.ts';

/** What an attempt is about to do. */
export interface Intent {
  plan: Plan;
  route: Route;
  /** An unsent draft of this request that will be sent. */
  usable?: MailboxCopy;
}

function write(delivery: Delivery, { plan, route, usable }: Intent, usage?: UsageChange): Promise<Written> {
  const { context, message, stored, record, now: startedDateTime } = delivery;
  const nonce = nonceOf(context);
  const calls = route === 'direct' ? 1 : usable ? 3 : draftCalls(plan);
  const callsUntil = after(startedDateTime, Math.min(context.rules.graphTimeoutMs * calls, MAXIMUM_CALLS_MS));
  const assembled = route === 'draft' && isAssembled(plan);
  const mayHaveGone = record.mayHaveGone === true || (usable !== undefined && draftIsOfSubmission(record));
  const wasIssued = mayHaveGone || (record.claim?.draftId === usable?.id && record.claim?.sendIssued === true);
  const sendIssued = usable !== undefined && wasIssued;
  const event: LifecycleEvent = {
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
    clears: ['nextAttemptDateTime', 'doubt', 'unconfirmed'],
  };
  return writeIfUnchanged(context, stored, event, usage ? { usage } : {});
}

/** Only mail that is submitted counts against the limits of Exchange. */
const isSubmitted = ({ record }: Delivery, { plan }: Intent): boolean => plan.kind !== 'impossible' && !isDraftOnly(record.operation);

/**
 * Cancel and expiry compete with it. `lost`: the record has changed. Or a limit is reached, and the mail is held. Throws StoreUnavailable.
 * The mail is counted in the transaction of the claim: a crash after it may count a mail that did not go, and none goes uncounted.
 */
export async function claim(delivery: Delivery, intent: Intent): Promise<'claimed' | 'lost' | ComeAgain> {
  const { limits } = delivery.context.rules;
  const isCounted = limits !== undefined && isSubmitted(delivery, intent);
  const written = isCounted
    ? await withinLimits(delivery, limits, (usage) => write(delivery, intent, usage))
    : await write(delivery, intent);
  if (written.kind === 'comeAgain') return written;
  if (written.kind === 'ignored') delivery.learn(written.stored);
  if (written.kind !== 'written') return 'lost';
  delivery.goOnWith(written.stored);
  return 'claimed';
}
