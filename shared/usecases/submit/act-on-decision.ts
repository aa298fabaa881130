// Does what was decided, and says how the delivery ends.
import { draftIsOfSubmission } from '../../domain/doubt/copies.ts';
import { after } from '../../domain/duration.ts';
import { LOOKS_ON_MS } from '../../domain/reconcile/due.ts';
import { lookAgain, startDoubt, waitFor, waitUntil } from '../../domain/submit/come-again.ts';
import type { Decision } from '../../domain/submit/delivery-decision.ts';
import type { Ending } from '../../domain/submit/ending.ts';
import { acceptLate, deferLate, expire, rejectAsMissing } from '../../domain/submit/final-endings.ts';
import { answerInWords, isMissingForLong } from '../../domain/submit/mailbox-missing.ts';
import { errorOf } from '../../domain/submit/outcome-ending.ts';
import { resolveDoubt } from '../doubt/resolve-in-doubt.ts';
import { settleDoubt } from '../doubt/settle-doubt.ts';
import { attemptSubmission } from './attempt-submission.ts';
import type { Delivery } from './delivery.ts';
import { ifMailboxMustWait, ifPaused, ifSuppressed } from './hold-mail.ts';

/** A refusal may have come after Exchange took the mail, so an attempted mail is looked for once more before the log says that it did not go out. */
async function lookBeforeExpiry(delivery: Delivery): Promise<Ending> {
  const { context, record, stored } = delivery;
  if (record.firstAttemptDateTime === undefined || context.rules.graphRights === 'send') return expire(delivery.situation);
  const settled = await settleDoubt(context, stored, true);
  if (settled.kind === 'changed') return { kind: 'decideAgain' };
  if (settled.kind === 'settled') return { kind: 'accepted' };
  const { situation } = delivery;
  const looksOn = settled.kind === 'cannotLook' && situation.now < after(record.sendBefore, LOOKS_ON_MS);
  if (looksOn) return lookAgain(situation, context.rules.retry);
  return settled.kind === 'unsentDraft' && draftIsOfSubmission(record) ? expire(situation, true) : expire(situation);
}

/** From the second attempt on, a look comes first: Exchange may have taken the mail, whatever Graph answered. */
async function lookAndAttempt(delivery: Delivery): Promise<Ending> {
  const { context, stored } = delivery;
  if (context.rules.graphRights === 'send') return attemptSubmission(delivery);
  const settled = await settleDoubt(context, stored, true);
  switch (settled.kind) {
    case 'cannotLook':
      if (settled.missing && isMissingForLong(delivery.record, delivery.now, context.rules.mailboxMissingAfterMs)) {
        return rejectAsMissing(delivery.situation, answerInWords(settled.missing), errorOf(settled.missing));
      }
      return waitFor(delivery.situation, context.rules.retry, `could not look before the next attempt: ${settled.reason}`);
    case 'settled':
      return { kind: 'accepted' };
    case 'changed':
      return { kind: 'decideAgain' };
    case 'unsentDraft':
      return attemptSubmission(delivery, settled);
    case 'absent':
      return attemptSubmission(delivery);
  }
}

async function attempt(delivery: Delivery, lookFirst: boolean): Promise<Ending> {
  const held = (await ifPaused(delivery)) ?? (await ifSuppressed(delivery)) ?? (await ifMailboxMustWait(delivery));
  if (held) return held;
  return lookFirst ? lookAndAttempt(delivery) : attemptSubmission(delivery);
}

/** A look may lead to another attempt, so a pause holds it too. After its lifetime there is no attempt any more. */
async function resolve(delivery: Delivery): Promise<Ending> {
  const held = delivery.now < delivery.record.sendBefore ? await ifPaused(delivery) : undefined;
  return held ?? resolveDoubt(delivery);
}

/** Throws StoreUnavailable. */
export async function actOnDecision(delivery: Delivery, decision: Decision): Promise<Ending> {
  const { situation } = delivery;
  switch (decision.do) {
    case 'drop':
      return { kind: 'drop', reason: decision.reason };
    case 'recordAcceptance':
      return acceptLate(decision.known, delivery.context.rules.reportWindowMs);
    case 'recordDeferral':
      return deferLate(situation, decision.dateTime, decision.detail);
    case 'startDoubt':
      return startDoubt(situation, decision.doubt, decision.claim, decision.detail);
    case 'resolveDoubt':
      return resolve(delivery);
    case 'expire':
      return lookBeforeExpiry(delivery);
    case 'wait':
      return waitUntil(situation, decision.until);
    case 'attempt':
      return attempt(delivery, decision.lookFirst);
  }
}
