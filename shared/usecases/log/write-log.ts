// Writes what happened to a send request into the status log: reads, applies the event, writes under ETag, and starts again on a conflict.
import { applyEvent, type LifecycleEvent, type TimelineEvent } from '../../domain/log/apply-event.ts';
import type { EventType } from '../../domain/log/lifecycle.ts';
import { isOfFuture, type Recipient, type SendRequestRecord } from '../../domain/log/send-request.ts';
import { isInTelemetry } from '../../domain/log/telemetry-events.ts';
import { awaitsMore, dueOf } from '../../domain/reconcile/due.ts';
import type { Change, UsageChange, Versioned, WriteResult } from '../../ports/status-log.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { type LoggedEvent, statusEventProperties } from './event-telemetry.ts';
import { enqueuedEvent } from './new-record.ts';

/** A record changes between read and write only while a few workers and the reconciler compete for it. */
const MAXIMUM_CONFLICTS = 8;

/** A record as the log has it; with `unwritten` it isn't there yet, and the first event creates it with these recipients. */
export interface Stored extends Versioned<SendRequestRecord> {
  unwritten?: readonly Recipient[];
}

export type Written =
  | { kind: 'written'; stored: Stored; usageEtag?: string }
  | { kind: 'usageChanged' }
  | { kind: 'ignored'; stored: Stored }
  | { kind: 'copyClaimed' }
  | { kind: 'missing' };

type Build = (record: SendRequestRecord) => LifecycleEvent | undefined;

interface Extras {
  claimCopy?: string;
  indexMessageId?: string;
  /** All of them, where they changed. */
  recipients?: readonly Recipient[];
  usage?: UsageChange;
}

export function changeOf(record: SendRequestRecord, events: readonly TimelineEvent[], recipients?: readonly Recipient[]): Change {
  const due = dueOf(record);
  return { record, events, ...(recipients && { recipients }), ...(due !== undefined && { due, awaitsMore: awaitsMore(record) }) };
}

/** Sends telemetry of what the log has just stored. The name of an event in a timeline is one of the life cycle's. */
export function emitEvent(context: Context, record: SendRequestRecord, event: LoggedEvent, before?: SendRequestRecord): void {
  const type = event.type as EventType;
  if (isInTelemetry(type)) context.telemetry.event(type, statusEventProperties(record, event, nowOf(context), before));
}

async function put(
  context: Context,
  before: Stored,
  record: SendRequestRecord,
  event: TimelineEvent,
  extras: Extras,
): Promise<WriteResult> {
  if (!before.unwritten) return context.log.write({ ...changeOf(record, [event]), before: before.value, ...extras }, before.etag);
  const first = changeOf(record, [enqueuedEvent(record), event], before.unwritten);
  return context.log.create({ ...first, ...(record.callerSetMessageId && { indexMessageId: record.internetMessageId }), ...extras });
}

/**
 * Applies `build`'s event to the newest record: to `stored`, and if that has changed meanwhile to what the log has then. Throws
 * StoreUnavailable, also if others keep changing the record, and an Error if the event is impossible in that state: that is a bug.
 */
export async function writeEvent(context: Context, stored: Stored, build: Build, extras: Extras = {}): Promise<Written> {
  const { mailbox, id } = stored.value;
  let current: Stored | undefined = stored;
  for (let conflicts = 0; current && conflicts < MAXIMUM_CONFLICTS; conflicts++) {
    const event = isOfFuture(current.value) ? undefined : build(current.value);
    const applied = event && applyEvent(current.value, event);
    if (!applied || applied.kind === 'ignored') return { kind: 'ignored', stored: current };
    if (applied.kind === 'impossible') throw new Error(applied.problem);
    const result = await put(context, current, applied.record, applied.event, extras);
    if (result.kind === 'written') {
      emitEvent(context, applied.record, applied.event, current.value);
      const { etag, usageEtag } = result;
      return { kind: 'written', stored: { value: applied.record, etag }, ...(usageEtag !== undefined && { usageEtag }) };
    }
    if (result.kind === 'copyClaimed' || result.kind === 'usageChanged') return result;
    current = await context.log.read(mailbox, id);
  }
  if (current) throw new StoreUnavailable(`${id} changed ${MAXIMUM_CONFLICTS} times while one event was being written`);
  return { kind: 'missing' };
}

/**
 * For an event that was decided upon this very record: where it has changed meanwhile nothing is written, and the caller decides
 * again. Without it a slow worker could end another worker's doubt, or submit over its Retry-After.
 */
export const writeIfUnchanged = (context: Context, stored: Stored, event: LifecycleEvent, extras: Extras = {}): Promise<Written> =>
  writeEvent(context, stored, (record) => (record === stored.value ? event : undefined), extras);
