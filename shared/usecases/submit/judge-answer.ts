// Judges Graph's answer by the outcome rules: what it asks for at once, and how the delivery ends.
import type { Ending } from '../../domain/submit/ending.ts';
import { errorOf, outcomeEnding, retryAfterOf } from '../../domain/submit/outcome-ending.ts';
import type { Answer, OutcomeRule } from '../../domain/submit/outcome-rules.ts';
import { intervalMs } from '../../domain/submit/retry-schedule.ts';
import { ruleFor } from '../../domain/submit/rule-for.ts';
import type { Delivery } from './delivery.ts';
import type { CallResult } from './submission-calls.ts';

function actAtOnce({ context, record }: Delivery, rule: OutcomeRule, answer: Answer): void {
  const { id: sendRequestId, mailbox } = record;
  if (rule.effects?.includes('freshToken')) context.graph.dropToken();
  if (rule.effects?.includes('throttleMailbox')) {
    const waitMs = Math.max(retryAfterOf(answer), intervalMs(context.rules.retry, 1));
    context.throttles.throttle(mailbox, context.clock.now() + waitMs);
  }
  if (rule.effects?.includes('alertOperator')) {
    context.telemetry.event('operatorAlert', { sendRequestId, mailbox, rule: rule.id, errorCode: errorOf(answer).code });
  }
}

/** The delivery's record has the claim of this attempt. */
export function judgeAnswer(delivery: Delivery, { call, answer, sendIssuedBefore, draft }: CallResult): Ending {
  const { context, record, situation } = delivery;
  const { claim } = record;
  if (!claim) throw new Error(`${record.id}: an attempt without a claim`);
  const ageMs = context.clock.now() - Date.parse(record.createdDateTime);
  const rule = ruleFor(answer, { call, ageMs, ...(sendIssuedBefore && { sendIssued: true }) });
  actAtOnce(delivery, rule, answer);
  const times = { ...context.rules, random: context.chance.number() };
  return outcomeEnding(situation, { call, answer, rule, ...(draft && { draft }) }, claim, times);
}
