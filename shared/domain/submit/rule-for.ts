// Finds the outcome rule that an answer of Graph meets.
import type { Answer, Call, OutcomeRule } from './outcome-rule.ts';
import { OUTCOME_RULES } from './outcome-rules.ts';

export interface AnsweredCall {
  call: Call;
  /** Whether every answer so far has said for long that the mailbox is not there. */
  missingForLong?: boolean;
  /** Whether the operation names a message of the mailbox. */
  namesItem?: boolean;
  /** Whether a message that is missing may only not be visible yet. */
  itemIsNew?: boolean;
  /** Whether a `/send` of the same draft had been issued before this call. */
  sendIssued?: boolean;
}

const statusFits = (rule: OutcomeRule, status: number): boolean =>
  rule.status === undefined ||
  ('from' in rule.status ? status >= rule.status.from && status <= rule.status.to : rule.status.includes(status));

function fits(rule: OutcomeRule, answer: Answer, at: AnsweredCall): boolean {
  if (rule.calls && !rule.calls.includes(at.call)) return false;
  if (rule.kind && rule.kind !== answer.kind) return false;
  if (rule.missingForLong && !at.missingForLong) return false;
  if (rule.namesItem && !at.namesItem) return false;
  if (rule.itemIsNew && !at.itemIsNew) return false;
  if (rule.sendIssued && !at.sendIssued) return false;
  if (answer.kind !== 'answered') return rule.kind !== undefined;
  if (rule.retryAfter && answer.retryAfterMs === undefined) return false;
  if (rule.codes && !rule.codes.includes(answer.code ?? '')) return false;
  return statusFits(rule, answer.status);
}

/** The rule that an answer meets. There is always one: the last row takes everything that was answered. */
export const ruleFor = (answer: Answer, at: AnsweredCall): OutcomeRule =>
  OUTCOME_RULES.find((rule) => fits(rule, answer, at)) as OutcomeRule;
