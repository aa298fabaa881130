// What follows from Graph's answer: first the successor on the queue if there is one, then the outcome in the log.

import { after } from '../../domain/duration.ts';
import type { LifeEvent } from '../../domain/log/apply-event.ts';
import type { SendError, SendRequestRecord } from '../../domain/log/send-request.ts';
import { type Answer, mayHideMail, type OutcomeRule } from '../../domain/submit/outcome-rules.ts';
import type { Known, QueueMessage } from '../../domain/submit/queue-message.ts';
import { intervalMs, waitMs } from '../../domain/submit/retry-schedule.ts';
import { ruleFor } from '../../domain/submit/rule-for.ts';
import { StoreUnavailable } from '../../ports/content-store.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { type Written, writeEvent } from '../log/write-log.ts';
import { discardDrafts } from './discard-drafts.ts';
import type { Progress } from './progress.ts';
import { keepForResend, releaseContent } from './settle-content.ts';
import type { CallResult } from './submission-calls.ts';
import { scheduleSuccessor, successorOf } from './successor.ts';

/** After which a worker that could not write an acceptance tries to write it again, in milliseconds. */
const WRITE_AGAIN_MS = 10_000;

function errorOf(answer: Answer): SendError {
  if (answer.kind !== 'answered') return { code: answer.kind, message: answer.reason };
  return { code: answer.code ?? `Http${answer.status}`, message: answer.message ?? `Graph answered ${answer.status}` };
}

const detailOf = (answer: Answer, rule: OutcomeRule): string =>
  answer.kind === 'answered'
    ? `${answer.status}${answer.code ? ` ${answer.code}` : ''}${answer.retryAfterMs === undefined ? '' : ` Retry-After ${answer.retryAfterMs / 1000}`} [${rule.id}]`
    : `${answer.kind}: ${answer.reason} [${rule.id}]`;

const retryAfterOf = (answer: Answer): number => (answer.kind === 'answered' ? (answer.retryAfterMs ?? 0) : 0);

interface Ending {
  rule: OutcomeRule;
  event: LifeEvent;
}

/** Only the worker that holds the claim writes its outcome; in doubt, an acceptance still counts. */
async function write(context: Context, message: QueueMessage, result: CallResult, event: LifeEvent): Promise<Written> {
  const nonce = result.stored.value.claim?.nonce;
  const mine = (record: SendRequestRecord) => record.claim?.nonce === nonce || event.type === 'submissionAccepted';
  return writeEvent(context, message.mailbox, message.id, (record) => (mine(record) ? event : undefined), result.stored);
}

async function accept(context: Context, message: QueueMessage, result: CallResult, { rule, event }: Ending): Promise<Progress> {
  try {
    await write(context, message, result, event);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    const { claim } = result.stored.value;
    // A draft that was made is looked for again: only a submission has an acceptance that needs no more than its time.
    if (event.type === 'draftCreated') return doubt(context, message, result, { rule, event: { ...event, type: 'outcomeUnknown' } });
    const known: Known = { outcome: 'accepted', nonce: claim?.nonce ?? '', dateTime: event.dateTime };
    await scheduleSuccessor(context, successorOf(message, result.stored.value, { known }), after(event.dateTime, WRITE_AGAIN_MS));
    return 'done';
  }
  await releaseContent(context, message);
  return 'done';
}

/** A refusal that comes so late that the request is in doubt by now leaves no successor behind: then this worker decides again. */
async function refuse(context: Context, message: QueueMessage, result: CallResult, { event }: Ending): Promise<Progress> {
  await keepForResend(context, message);
  const written = await write(context, message, result, event);
  if (written.kind === 'ignored') return written.stored;
  if (written.kind === 'written') await discardDrafts(context, written.stored.value);
  await releaseContent(context, message);
  return 'done';
}

/** The successor carries what this attempt knew; a log that can't be written now follows with it. */
async function goOnLater(
  context: Context,
  message: QueueMessage,
  result: CallResult,
  event: LifeEvent,
  known: Known,
  at: string,
): Promise<Progress> {
  const attempts = event.patch?.attempts ?? result.stored.value.attempts;
  const successor = successorOf(message, result.stored.value, { known, attempts });
  await scheduleSuccessor(context, successor, at);
  const patch = { ...event.patch, step: successor.step, nextAttemptDateTime: at };
  await write(context, message, result, { ...event, patch }).catch((error: unknown) => {
    if (!(error instanceof StoreUnavailable)) throw error;
    const { traceparent } = message;
    context.telemetry.event('logUnavailable', { sendRequestId: message.id, during: event.type, traceparent });
  });
  return 'done';
}

async function defer(context: Context, message: QueueMessage, result: CallResult, { rule, event }: Ending): Promise<Progress> {
  const { value } = result.stored;
  const nonce = value.claim?.nonce ?? '';
  const retryAfter = retryAfterOf(result.answer);
  const waited = Math.max(
    waitMs(context.rules.retry, value.attempts, context.chance.number(), retryAfter),
    mayHideMail(result.answer, result.call) ? context.rules.inDoubtGraceMs : 0,
  );
  const at = after(event.dateTime, waited);
  if (rule.effects?.includes('holdMailbox')) {
    context.pauses.hold(message.mailbox, context.clock.now() + Math.max(retryAfter, intervalMs(context.rules.retry, 1)));
  }
  const error = errorOf(result.answer);
  // Throttling costs no attempt.
  const attempts = rule.outcome === 'submissionThrottled' ? value.attempts - 1 : value.attempts;
  const known: Known = { outcome: 'deferred', nonce, dateTime: event.dateTime, error };
  const patched = { ...event, patch: { error, attempts } };
  return goOnLater(context, message, result, patched, known, at < value.sendBefore ? at : value.sendBefore);
}

async function doubt(context: Context, message: QueueMessage, result: CallResult, { event }: Ending): Promise<Progress> {
  const { claim: own } = result.stored.value;
  if (!own) throw new Error('an attempt without a claim');
  // A draft that was asked for is complete, and known by its id.
  const claim = result.draft ? { ...own, draftId: result.draft.id } : own;
  const graceUntil = after(event.dateTime, context.rules.inDoubtGraceMs);
  const doubt = { since: event.dateTime, graceUntil };
  const known: Known = { outcome: 'unknown', nonce: claim.nonce, doubt, claim };
  const patched = { ...event, patch: { doubt, claim, error: errorOf(result.answer) } };
  return goOnLater(context, message, result, patched, known, graceUntil);
}

export async function recordOutcome(context: Context, message: QueueMessage, result: CallResult): Promise<Progress> {
  const { value } = result.stored;
  const dateTime = nowOf(context);
  const ageMs = context.clock.now() - Date.parse(value.createdDateTime);
  const rule = ruleFor(result.answer, { call: result.call, ageMs, ...(result.sendIssuedBefore && { sendIssued: true }) });
  const event: LifeEvent = { type: rule.outcome, dateTime, fact: value.claim?.nonce ?? '', detail: detailOf(result.answer, rule) };
  if (rule.effects?.includes('alertOperator')) {
    context.telemetry.event('operatorAlert', {
      sendRequestId: value.id,
      mailbox: value.mailbox,
      rule: rule.id,
      errorCode: errorOf(result.answer).code,
    });
  }
  const clears = ['nextAttemptDateTime', 'doubt', 'error', 'content'] as const;
  switch (rule.outcome) {
    case 'submissionAccepted': {
      const patch = { acceptedDateTime: dateTime, reportWindowEnds: after(dateTime, context.rules.reportWindowMs) };
      return accept(context, message, result, { rule, event: { ...event, patch, clears } });
    }
    case 'draftCreated': {
      const draft = { id: result.draft?.id ?? '', ...(result.draft?.webLink !== undefined && { webLink: result.draft.webLink }) };
      return accept(context, message, result, { rule, event: { ...event, patch: { draft }, clears } });
    }
    case 'submissionRefused': {
      const patch = { error: errorOf(result.answer) };
      return refuse(context, message, result, { rule, event: { ...event, patch, clears: ['nextAttemptDateTime', 'content'] } });
    }
    case 'outcomeUnknown':
      return doubt(context, message, result, { rule, event });
    default:
      return defer(context, message, result, { rule, event });
  }
}
