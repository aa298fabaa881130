// One queue delivery: at most one submission attempt. Decides, carries out, and leaves a successor for what must go on later.

import { after } from '../../domain/duration.ts';
import type { LifeEvent } from '../../domain/log/apply-event.ts';
import { isOfFuture } from '../../domain/log/send-request.ts';
import { LOOKS_ON_MS } from '../../domain/reconcile/due.ts';
import { type Decision, decideDelivery } from '../../domain/submit/delivery-decision.ts';
import { type QueueMessage, visibleFrom } from '../../domain/submit/queue-message.ts';
import { intervalMs } from '../../domain/submit/retry-schedule.ts';
import { StoreUnavailable } from '../../ports/content-store.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { resolveDoubt } from '../doubt/resolve-in-doubt.ts';
import { settleDoubt } from '../doubt/settle-doubt.ts';
import { newRecord } from '../log/new-record.ts';
import { ifUnchanged, type Stored, type Written, writeEvent } from '../log/write-log.ts';
import { attemptSubmission } from './attempt-submission.ts';
import { discardDrafts } from './discard-drafts.ts';
import { holdBack } from './hold-back.ts';
import { holdWhileStopped } from './hold-while-stopped.ts';
import type { Progress } from './progress.ts';
import { setAsideUnknown } from './set-aside-poison.ts';
import { keepForResend, releaseContent } from './settle-content.ts';
import { SuccessorNotEnqueued, scheduleSuccessor, successorOf } from './successor.ts';

/** A delivery ends after a few decisions: deferral recorded, doubt resolved, attempt. */
const MAXIMUM_DECISIONS = 6;

/** Which delivery of the queue message it is, from 1, and how it waits. */
export interface Delivery {
  count: number;
  sleep: (ms: number) => Promise<unknown>;
}

/**
 * How long a delivery that could enqueue nothing lasts. A lost connection is over at once; a queue that gives but takes nothing (full, or a
 * right is missing) must not burn all deliveries of its messages (`maxDeliveryCount`, infra/modules/service-bus.bicep) in a second.
 */
const nothingEnqueuedMs = (count: number): number => Math.min(1_000 * 4 ** (count - 1), 60_000);

async function openRecord(context: Context, message: QueueMessage): Promise<Stored> {
  const stored = await context.log.read(message.mailbox, message.id);
  return stored ?? { value: newRecord(message), etag: '', unwritten: message.recipients };
}

/** Where the log or the content store is out of reach nothing is submitted: no table, no POST. */
export async function postpone(context: Context, message: QueueMessage, stored: Stored | undefined, reason: string): Promise<void> {
  const waits = (message.waits ?? 0) + 1;
  const at = after(nowOf(context), Math.min(intervalMs(context.rules.retry, waits), 300_000));
  const successor = successorOf(message, stored?.value, {
    waits,
    ...(message.known && { known: message.known }),
    holds: message.holds ?? 0,
  });
  await scheduleSuccessor(context, successor, at);
  const { id: sendRequestId, mailbox, traceparent } = message;
  context.telemetry.event('submissionPostponed', { sendRequestId, mailbox, reason, waits, traceparent });
}

/** A clock ahead of the broker's must not make a hot loop: each wait in a row adds a second. A far time is waited for in several steps. */
async function wait(context: Context, message: QueueMessage, stored: Stored, until: string): Promise<Progress> {
  const waits = (message.waits ?? 0) + 1;
  const at = visibleFrom(after(until, (waits - 1) * 1000), nowOf(context));
  await scheduleSuccessor(context, successorOf(message, stored.value, { waits, ...(message.known && { known: message.known }) }), at);
  return 'done';
}

/** Every decision was made on `stored`, and is written only where the record is still the same. */
const record = (context: Context, message: QueueMessage, stored: Stored, build: () => LifeEvent): Promise<Written> =>
  writeEvent(context, message.mailbox, message.id, ifUnchanged(stored, build), stored);

const next = (written: Written, fallback: Stored): Stored =>
  written.kind === 'written' || written.kind === 'ignored' ? written.stored : fallback;

async function startDoubt(
  context: Context,
  message: QueueMessage,
  stored: Stored,
  decision: Extract<Decision, { do: 'startDoubt' }>,
): Promise<Progress> {
  const { doubt, claim } = decision;
  const nonce = claim?.nonce ?? 'none';
  const successor = successorOf(message, stored.value, claim ? { known: { outcome: 'unknown', nonce, doubt, claim } } : {});
  await scheduleSuccessor(context, successor, doubt.graceUntil);
  await record(context, message, stored, () => ({
    type: 'outcomeUnknown',
    dateTime: nowOf(context),
    fact: nonce,
    detail: decision.detail,
    patch: { doubt, step: successor.step, nextAttemptDateTime: doubt.graceUntil, ...(claim && { claim }) },
  }));
  return 'done';
}

/** A refusal can hide that the mail was taken: what was attempted is looked for once more before the log says that it didn't go out. */
async function lookBeforeExpiry(context: Context, message: QueueMessage, stored: Stored): Promise<Progress | undefined> {
  if (stored.value.firstAttemptDateTime === undefined || context.rules.graphRights === 'send') return undefined;
  const settled = await settleDoubt(context, stored, true);
  if (settled.kind === 'changed') return settled.stored;
  if (settled.kind === 'cannotLook' && nowOf(context) < after(stored.value.sendBefore, LOOKS_ON_MS)) {
    const later = after(nowOf(context), intervalMs(context.rules.retry, (message.waits ?? 0) + 1));
    return wait(context, message, stored, later);
  }
  if (settled.kind !== 'settled') return undefined;
  await releaseContent(context, message);
  return 'done';
}

async function expire(context: Context, message: QueueMessage, stored: Stored): Promise<Progress> {
  const found = await lookBeforeExpiry(context, message, stored);
  if (found) return found;
  await keepForResend(context, message);
  const written = await record(context, message, stored, () => ({
    type: 'lifetimeExpired',
    dateTime: nowOf(context),
    fact: 'lifetime',
    detail: `not submitted by ${stored.value.sendBefore}`,
    clears: ['nextAttemptDateTime', 'content'],
  }));
  if (written.kind !== 'written') return next(written, stored);
  await discardDrafts(context, written.stored.value);
  await releaseContent(context, message);
  return 'done';
}

/** An acceptance is true whatever the record has come to since. */
async function recordAcceptance(
  context: Context,
  message: QueueMessage,
  stored: Stored,
  { dateTime, nonce }: Extract<Decision, { do: 'recordAcceptance' }>['known'],
): Promise<Progress> {
  const patch = { acceptedDateTime: dateTime, reportWindowEnds: after(dateTime, context.rules.reportWindowMs) };
  const clears = ['nextAttemptDateTime', 'doubt', 'error', 'content'] as const;
  const build = () => ({ type: 'submissionAccepted', dateTime, fact: nonce, patch, clears }) as const;
  await writeEvent(context, message.mailbox, message.id, build, stored);
  await releaseContent(context, message);
  return 'done';
}

async function recordDeferral(
  context: Context,
  message: QueueMessage,
  stored: Stored,
  { dateTime, detail }: Extract<Decision, { do: 'recordDeferral' }>,
): Promise<Progress> {
  const nonce = stored.value.claim?.nonce ?? 'none';
  const known = message.known?.outcome === 'deferred' && message.known.nonce === nonce ? message.known : undefined;
  const patch = {
    ...(known?.error && { error: known.error }),
    ...(known && message.attempts !== undefined && { attempts: message.attempts }),
  };
  const type = 'submissionFailedTransiently';
  const build = (): LifeEvent => ({ type, dateTime, fact: nonce, detail, patch, clears: ['nextAttemptDateTime'] });
  return next(await record(context, message, stored, build), stored);
}

async function carryOut(context: Context, message: QueueMessage, stored: Stored, decision: Decision): Promise<Progress> {
  switch (decision.do) {
    case 'drop':
      context.telemetry.event('queueMessageDropped', {
        sendRequestId: message.id,
        step: message.step,
        reason: decision.reason,
        traceparent: message.traceparent,
      });
      // Cancelled between two attempts: a draft of the first may be left, and the content is needed no more.
      if (stored.value.status === 'cancelled') {
        await discardDrafts(context, stored.value);
        await releaseContent(context, message);
      }
      return 'done';
    case 'recordAcceptance':
      return recordAcceptance(context, message, stored, decision.known);
    case 'recordDeferral':
      return recordDeferral(context, message, stored, decision);
    case 'startDoubt':
      return startDoubt(context, message, stored, decision);
    case 'resolveDoubt':
      // A look may end in another attempt; at the end of its lifetime it may not.
      if (nowOf(context) < stored.value.sendBefore && (await holdWhileStopped(context, message, stored))) return 'done';
      return resolveDoubt(context, message, stored);
    case 'expire':
      return expire(context, message, stored);
    case 'wait':
      return wait(context, message, stored, decision.until);
    case 'attempt':
      if (await holdWhileStopped(context, message, stored)) return 'done';
      if (await holdBack(context, message, stored)) return 'done';
      return attemptSubmission(context, message, stored, decision.lookFirst);
  }
}

async function handle(context: Context, message: QueueMessage): Promise<void> {
  let stored: Stored | undefined;
  try {
    stored = await openRecord(context, message);
    if (isOfFuture(stored.value)) {
      const reason = `The record of ${message.id} has schemaVersion ${stored.value.schemaVersion}, which this version doesn't know`;
      return await setAsideUnknown(context, `${message.id}-${message.step}`, message, reason);
    }
    for (let decisions = 0; decisions < MAXIMUM_DECISIONS; decisions++) {
      const decision = decideDelivery(stored.value, message, nowOf(context), context.rules.inDoubtGraceMs);
      const progress = await carryOut(context, message, stored, decision);
      if (progress === 'done') return;
      stored = progress;
    }
    throw new Error(`${message.id}: no end after ${MAXIMUM_DECISIONS} decisions`);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    await postpone(context, message, stored, error.message);
  }
}

/**
 * Handles one queue message. Returns when it may be completed; throws only for bugs and where no successor could be enqueued
 * (the queue message then comes again by itself, after a while).
 */
export async function submitSendRequest(context: Context, message: QueueMessage, { count, sleep }: Delivery): Promise<void> {
  try {
    await handle(context, message);
  } catch (error) {
    if (error instanceof SuccessorNotEnqueued) await sleep(nothingEnqueuedMs(count));
    throw error;
  }
}
