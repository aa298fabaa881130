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

type Applied = Extract<ReturnType<typeof applyEvent>, { kind: 'applied' }>;
type Result<T> = PromiseSettledResult<T>;

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

/** What an event makes of a record: nothing if it is ignored. Throws an Error if it is impossible in that state: that is a bug. */
function applied({ value }: Stored, build: Build): Applied | undefined {
  const event = isOfFuture(value) ? undefined : build(value);
  const result = event && applyEvent(value, event);
  if (result?.kind === 'impossible') throw new Error(result.problem);
  return result?.kind === 'applied' ? result : undefined;
}

const changeFor = (before: Stored, { record, event }: Applied, extras: Extras): Change => ({
  ...changeOf(record, [event]),
  before: before.value,
  ...extras,
});

async function put(context: Context, before: Stored, step: Applied, extras: Extras): Promise<WriteResult> {
  if (!before.unwritten) return context.log.write(changeFor(before, step, extras), before.etag);
  const { record, event } = step;
  const first = changeOf(record, [enqueuedEvent(record), event], before.unwritten);
  return context.log.create({ ...first, ...(record.callerSetMessageId && { indexMessageId: record.internetMessageId }), ...extras });
}

/** Undefined after a conflict: it is decided again. */
function told(context: Context, before: Stored, { record, event }: Applied, result: WriteResult): Written | undefined {
  if (result.kind === 'conflict') return undefined;
  if (result.kind !== 'written') return result;
  emitEvent(context, record, event, before.value);
  const { etag, usageEtag } = result;
  return { kind: 'written', stored: { value: record, etag }, ...(usageEtag !== undefined && { usageEtag }) };
}

/**
 * Applies `build`'s event to the newest record: to `stored`, and if that has changed meanwhile to what the log has then. Throws
 * StoreUnavailable, also if others keep changing the record, and an Error if the event is impossible in that state: that is a bug.
 */
export async function writeEvent(context: Context, stored: Stored, build: Build, extras: Extras = {}): Promise<Written> {
  const { mailbox, id } = stored.value;
  let current: Stored | undefined = stored;
  for (let conflicts = 0; current && conflicts < MAXIMUM_CONFLICTS; conflicts++) {
    const step = applied(current, build);
    if (!step) return { kind: 'ignored', stored: current };
    const written = told(context, current, step, await put(context, current, step, extras));
    if (written) return written;
    current = await context.log.read(mailbox, id);
  }
  if (current) throw new StoreUnavailable(`${id} changed ${MAXIMUM_CONFLICTS} times while one event was being written`);
  return { kind: 'missing' };
}

/** An event for a request that the log has. */
export interface Intent {
  stored: Stored;
  build: Build;
  extras: Extras;
}

async function finished(context: Context, { stored, build, extras }: Intent, step: Applied, result: Result<WriteResult>): Promise<Written> {
  if (result.status === 'rejected') throw result.reason;
  const written = told(context, stored, step, result.value);
  if (written) return written;
  const newest = await context.log.read(stored.value.mailbox, stored.value.id);
  return newest ? writeEvent(context, newest, build, extras) : { kind: 'missing' };
}

/**
 * Events for different requests of one mailbox: each as `writeEvent` writes it, and together in few operations. The results are in the order of
 * the intents. One that fails keeps back none of the others.
 */
export async function writeEvents(context: Context, mailbox: string, intents: readonly Intent[]): Promise<Result<Written>[]> {
  const steps = await Promise.allSettled(intents.map(async ({ stored, build }) => applied(stored, build)));
  const writes = intents.flatMap(({ stored, extras }, n) => {
    const step = steps[n] as Result<Applied | undefined>;
    return step.status === 'fulfilled' && step.value ? [{ change: changeFor(stored, step.value, extras), etag: stored.etag }] : [];
  });
  const results = await context.log.writeAll(mailbox, writes);
  const settled: Result<Written>[] = [];
  for (const [n, intent] of intents.entries()) {
    const step = steps[n] as Result<Applied | undefined>;
    if (step.status === 'rejected') settled.push(step);
    else if (!step.value) settled.push({ status: 'fulfilled', value: { kind: 'ignored', stored: intent.stored } });
    else settled.push(...(await Promise.allSettled([finished(context, intent, step.value, results.shift() as Result<WriteResult>)])));
  }
  return settled;
}

/**
 * For an event that was decided upon this very record: where it has changed meanwhile nothing is written, and the caller decides
 * again. Without it a slow worker could end another worker's doubt, or submit over its Retry-After.
 */
export const writeIfUnchanged = (context: Context, stored: Stored, event: LifecycleEvent, extras: Extras = {}): Promise<Written> =>
  writeEvent(context, stored, (record) => (record === stored.value ? event : undefined), extras);
