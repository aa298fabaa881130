// Judges Graph's answer by the outcome rules: what it asks for at once, and how the delivery ends.
import type { Ending } from '../../domain/submit/ending.ts';
import { mayStillAppear } from '../../domain/submit/item-missing.ts';
import { isMissingForLong } from '../../domain/submit/mailbox-missing.ts';
import { errorOf, outcomeEnding, retryAfterOf } from '../../domain/submit/outcome-ending.ts';
import { ALERT_AFTER_MS, type Answer, type OutcomeRule } from '../../domain/submit/outcome-rule.ts';
import { intervalMs } from '../../domain/submit/retry-schedule.ts';
import { ruleFor } from '../../domain/submit/rule-for.ts';
import type { Delivery } from './delivery.ts';
import type { CallResult } from './submission-calls.ts';

/** An operator can correct it now, or it has lasted so long that an operator should look at it. */
function mustAlert({ context, record }: Delivery, { effects = [] }: OutcomeRule): boolean {
  if (effects.includes('alertOperator')) return true;
  const first = Date.parse(record.firstAttemptDateTime ?? record.createdDateTime);
  return effects.includes('alertAfterAnHour') && context.clock.now() - first >= ALERT_AFTER_MS;
}

function actAtOnce(delivery: Delivery, rule: OutcomeRule, answer: Answer): void {
  const { context, record } = delivery;
  const { id: sendRequestId, mailbox } = record;
  if (rule.effects?.includes('throttleMailbox')) {
    const waitMs = Math.max(retryAfterOf(answer), intervalMs(context.rules.retry, 1));
    context.throttles.throttle(mailbox, context.clock.now() + waitMs);
  }
  if (mustAlert(delivery, rule)) {
    context.telemetry.event('operatorAlert', { sendRequestId, mailbox, rule: rule.id, errorCode: errorOf(answer).code });
  }
}

/** The delivery's record has the claim of this attempt. */
export function judgeAnswer(delivery: Delivery, { call, answer, sendIssuedBefore, decidedHere, draft }: CallResult): Ending {
  const { context, record, situation } = delivery;
  const { claim } = record;
  if (!claim) throw new Error(`${record.id}: an attempt without a claim`);
  const missingForLong = isMissingForLong(record, situation.now, context.rules.mailboxMissingAfterMs);
  const namesItem = record.targetMessageId !== undefined;
  const itemIsNew = !decidedHere && mayStillAppear(record, situation.now, context.rules.inDoubtGraceMs);
  const rule = ruleFor(answer, { call, missingForLong, namesItem, itemIsNew, sendIssued: sendIssuedBefore === true });
  actAtOnce(delivery, rule, answer);
  const times = { ...context.rules, random: context.chance.number() };
  return outcomeEnding(situation, { call, answer, rule, ...(draft && { draft }) }, claim, times);
}
