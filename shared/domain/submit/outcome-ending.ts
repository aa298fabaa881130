// What follows from Graph's answer to an attempt: the ending that its outcome rule asks for.
import { after } from '../duration.ts';
import type { AttemptCall, LifecycleEvent } from '../log/apply-event.ts';
import type { Claim, SendError } from '../log/send-request.ts';
import type { Accepted, ComeAgain, Ending, EndWithEvent, Entry, Situation } from './ending.ts';
import { CLEARED_BY_ACCEPTANCE } from './final-endings.ts';
import { answerInWords, whyMissing } from './mailbox-missing.ts';
import { type Answer, type Call, mayHideMail, type OutcomeRule, saysItemGone, saysMailboxMissing } from './outcome-rule.ts';
import { type RetrySchedule, waitMs } from './retry-schedule.ts';

/** The last call of an attempt, and its answer. */
export interface Attempted {
  call: Call;
  answer: Answer;
  rule: OutcomeRule;
  draft?: { id: string; webLink?: string };
}

export interface OutcomeTimes {
  retry: RetrySchedule;
  inDoubtGraceMs: number;
  reportWindowMs: number;
  /** In [0, 1): spreads the next attempts. */
  random: number;
}

/** If an acceptance could not be written, it is written after this time, in milliseconds. */
const WRITE_AGAIN_MS = 10_000;

export function errorOf(answer: Answer): SendError {
  if (answer.kind !== 'answered') return { code: answer.kind, message: answer.reason };
  return { code: answer.code ?? `Http${answer.status}`, message: answer.message ?? `Graph answered ${answer.status}` };
}

/** Milliseconds; 0 if the answer names none. */
export const retryAfterOf = (answer: Answer): number => (answer.kind === 'answered' ? (answer.retryAfterMs ?? 0) : 0);

function whatCame(answer: Answer): string {
  if (answer.kind !== 'answered') return `${answer.kind}: ${answer.reason}`;
  const code = answer.code ? ` ${answer.code}` : '';
  const retryAfter = answer.retryAfterMs === undefined ? '' : ` Retry-After ${answer.retryAfterMs / 1000}`;
  return `${answer.status}${code}${retryAfter}`;
}

/** `202 [accepted]; 0.4 s; request-id 5f3c8a30-…`. */
function detailOf(answer: Answer, rule: OutcomeRule): string {
  const time = answer.callMs === undefined ? '' : `; ${answer.callMs / 1000} s`;
  const requestId = answer.kind === 'answered' && answer.requestId !== undefined ? `; request-id ${answer.requestId}` : '';
  return `${whatCame(answer)} [${rule.id}]${time}${requestId}`;
}

const callOf = (ms: number, answer: Answer): AttemptCall => ({
  ms,
  ...(answer.kind === 'answered' && answer.requestId !== undefined && { requestId: answer.requestId }),
});

/** In the log as this: the rule's outcome is the name of the event. */
const eventOf = ({ now }: Situation, { rule, answer }: Attempted, { nonce }: Claim): LifecycleEvent => ({
  type: rule.outcome,
  dateTime: now,
  fact: nonce,
  detail: detailOf(answer, rule),
  ...(answer.callMs !== undefined && { call: callOf(answer.callMs, answer) }),
});

function doubt(situation: Situation, attempted: Attempted, own: Claim, { inDoubtGraceMs }: OutcomeTimes): WithEntry {
  const { now } = situation;
  // A draft that was asked for is complete, and known by its id.
  const sent = attempted.rule.effects?.includes('sendNotIssued') ? { ...own, sendIssued: false } : own;
  const claim = attempted.draft ? { ...sent, draftId: attempted.draft.id } : sent;
  const graceUntil = after(now, inDoubtGraceMs);
  const since = { since: now, graceUntil };
  const event: LifecycleEvent = {
    ...eventOf(situation, attempted, own),
    type: 'outcomeUnknown',
    patch: { doubt: since, claim, error: errorOf(attempted.answer) },
  };
  const carries = { known: { outcome: 'unknown', nonce: claim.nonce, doubt: since, claim } as const, attempts: situation.record.attempts };
  return { kind: 'comeAgain', at: graceUntil, carries, entry: { event, onlyIf: 'ownClaim' } };
}

function defer(situation: Situation, attempted: Attempted, claim: Claim, times: OutcomeTimes): WithEntry {
  const { record, now } = situation;
  const { answer, call, rule } = attempted;
  const waited = Math.max(
    waitMs(times.retry, record.attempts, times.random, retryAfterOf(answer)),
    mayHideMail(answer, call) ? times.inDoubtGraceMs : 0,
  );
  const at = after(now, waited);
  const error = errorOf(answer);
  // Throttling costs no attempt.
  const attempts = rule.outcome === 'submissionThrottled' ? record.attempts - 1 : record.attempts;
  return {
    kind: 'comeAgain',
    at: at < record.sendBefore ? at : record.sendBefore,
    carries: { known: { outcome: 'deferred', nonce: claim.nonce, dateTime: now, error }, attempts },
    entry: { event: { ...eventOf(situation, attempted, claim), patch: { error, attempts } }, onlyIf: 'ownClaim' },
  };
}

/** An acceptance counts in every state of the record. If it cannot be written, the successor carries it and needs no look. */
function accept(situation: Situation, attempted: Attempted, claim: Claim, { reportWindowMs }: OutcomeTimes): Accepted {
  const { now } = situation;
  const patch = { acceptedDateTime: now, reportWindowEnds: after(now, reportWindowMs) };
  return {
    kind: 'accepted',
    entry: { event: { ...eventOf(situation, attempted, claim), patch, clears: CLEARED_BY_ACCEPTANCE }, onlyIf: 'always' },
    ifUnwritten: {
      kind: 'comeAgain',
      at: after(now, WRITE_AGAIN_MS),
      carries: { known: { outcome: 'accepted', nonce: claim.nonce, dateTime: now } },
    },
  };
}

/** A draft whose creation cannot be written is looked for again. */
function acceptDraft(situation: Situation, attempted: Attempted, claim: Claim, times: OutcomeTimes): Accepted {
  const { id = '', webLink } = attempted.draft ?? {};
  const patch = { draft: { id, ...(webLink !== undefined && { webLink }) } };
  return {
    kind: 'accepted',
    entry: { event: { ...eventOf(situation, attempted, claim), patch, clears: CLEARED_BY_ACCEPTANCE }, onlyIf: 'ownClaim' },
    ifUnwritten: doubt(situation, attempted, claim, times),
  };
}

function refusalOf({ record }: Situation, { answer }: Attempted): SendError {
  const error = errorOf(answer);
  if (answer.kind !== 'answered' || !saysMailboxMissing(answer)) return error;
  return { ...error, message: `${error.message} ${whyMissing(record.mailbox, answerInWords(answer))}` };
}

/** If the request is in doubt by the time of the refusal, the refusal is not written, and the delivery decides again. */
function refuse(situation: Situation, attempted: Attempted, claim: Claim): EndWithEvent {
  const event: LifecycleEvent = {
    ...eventOf(situation, attempted, claim),
    patch: { error: refusalOf(situation, attempted) },
    clears: ['nextAttemptDateTime', 'content'],
  };
  return {
    kind: 'endWithEvent',
    entry: { event, onlyIf: 'ownClaim' },
    keepForResend: true,
    releaseContent: true,
    discardDrafts: true,
  };
}

type WithEntry = ComeAgain & { entry: Entry };

/** What the record knows of how long every answer has said the same. */
const SINCE = [
  ['mailboxMissingSince', saysMailboxMissing],
  ['itemMissingSince', saysItemGone],
] as const;

function noteMissing({ record, now }: Situation, answer: Answer, ending: WithEntry): ComeAgain {
  const { entry } = ending;
  let { patch, clears = [] } = entry.event;
  for (const [field, isSaid] of SINCE) {
    if (isSaid(answer)) patch = { ...patch, [field]: record[field] ?? now };
    else clears = [...clears, field];
  }
  return { ...ending, entry: { ...entry, event: { ...entry.event, ...(patch && { patch }), clears } } };
}

/** `claim`: of the worker that made the attempt. */
export function outcomeEnding(situation: Situation, attempted: Attempted, claim: Claim, times: OutcomeTimes): Ending {
  switch (attempted.rule.outcome) {
    case 'submissionAccepted':
      return accept(situation, attempted, claim, times);
    case 'draftCreated':
      return acceptDraft(situation, attempted, claim, times);
    case 'submissionRefused':
      return refuse(situation, attempted, claim);
    case 'outcomeUnknown':
      return noteMissing(situation, attempted.answer, doubt(situation, attempted, claim, times));
    default:
      return noteMissing(situation, attempted.answer, defer(situation, attempted, claim, times));
  }
}
