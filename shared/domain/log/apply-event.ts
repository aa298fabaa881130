// Applies one event to a record: the next record and the line of its timeline. Pure; the transition table decides.

import { addressKey } from '../address/address.ts';
import { countRecipients, everyRecipientFailed, foldReport, isOfExchange, type RecipientReport } from '../reconcile/recipients.ts';
import { type EventType, type RecipientEvent, type State, transition } from './lifecycle.ts';
import type { Recipient, SendRequestRecord, StatusEvent } from './send-request.ts';
import { fnv1a } from './send-request-id.ts';

export interface LifecycleEvent {
  type: EventType;
  dateTime: string;
  /** Makes the timeline key unique for this fact, such as a claim's nonce or a report's id; the same fact has the same one. */
  fact: string;
  detail?: string;
  call?: AttemptCall;
  /** What else changes in the record. */
  patch?: Partial<SendRequestRecord>;
  /** What the record loses. */
  clears?: readonly (keyof SendRequestRecord)[];
}

/** How long the call took, and Graph's request-id, under which Microsoft's support finds it. */
export interface AttemptCall {
  ms: number;
  requestId?: string;
}

export interface TimelineEvent extends StatusEvent {
  key: string;
  /** The state after it. What the change tells depends on it; it is not stored. */
  status?: State;
  /** What a recipient's event was made from, field by field. Telemetry reads it; it is not stored. */
  report?: RecipientReport;
  /** The call to Graph that ended the attempt; likewise. */
  call?: AttemptCall;
}

export type Applied =
  | { kind: 'applied'; record: SendRequestRecord; event: TimelineEvent }
  | { kind: 'ignored' }
  | { kind: 'impossible'; problem: string };

/** Diagnostics in the log are cut at this length. */
export const MAXIMUM_DETAIL = 2048;

export const cutDetail = (text: string): string => (text.length > MAXIMUM_DETAIL ? `${text.slice(0, MAXIMUM_DETAIL - 1)}…` : text);

const pad = (step: number): string => String(step).padStart(4, '0');

function timelineEvent(record: SendRequestRecord, event: LifecycleEvent, attempt: number, recipient?: string): TimelineEvent {
  return {
    key: `${pad(record.step)}-${event.type}-${event.fact}`,
    type: event.type,
    dateTime: event.dateTime,
    status: record.status,
    ...(attempt > 0 && { attempt }),
    ...(recipient !== undefined && { recipient }),
    ...(event.detail !== undefined && { detail: cutDetail(event.detail) }),
    ...(event.call && { call: event.call }),
  };
}

/** Never earlier than before: what is learned late, such as a report, has the time at which it happened. Retention counts from here. */
const changedAt = ({ lastModifiedDateTime }: SendRequestRecord, { dateTime }: { dateTime: string }): string =>
  Date.parse(dateTime) > Date.parse(lastModifiedDateTime) ? dateTime : lastModifiedDateTime;

/** The record after the event, or why there is none. */
export function applyEvent(before: SendRequestRecord, event: LifecycleEvent): Applied {
  const next = transition(before.status, event.type, {
    everyRecipientFailed: everyRecipientFailed(before.recipientCounts),
    proven: before.proof !== undefined,
    mayHaveGone: before.mayHaveGone === true || event.patch?.mayHaveGone === true,
  });
  if (next.kind === 'ignored') return next;
  if (next.kind === 'impossible') return { kind: 'impossible', problem: `${event.type} in state ${before.status} of ${before.id}` };
  // The step never falls: a slow worker's outcome may come after others have gone on.
  const step = Math.max(before.step, event.patch?.step ?? 0);
  const record = { ...before, ...event.patch, step, status: next.state, lastModifiedDateTime: changedAt(before, event) };
  for (const name of event.clears ?? []) delete record[name];
  return { kind: 'applied', record, event: timelineEvent(record, event, Math.max(before.attempts, record.attempts)) };
}

export type AppliedReport =
  | { kind: 'applied'; record: SendRequestRecord; event: TimelineEvent; recipients: Recipient[] }
  | { kind: 'ignored' };

const EVENT_WORDS: Record<RecipientEvent, string> = {
  recipientFailed: 'failed',
  recipientDelayed: 'delayed',
  recipientDelivered: 'delivered',
  recipientRelayed: 'relayed',
  recipientExpanded: 'expanded',
  recipientRead: 'read',
  recipientNotRead: 'not read',
  recipientQuarantined: 'quarantined',
  recipientFilteredAsSpam: 'filtered as spam',
};

const detailOf = (report: RecipientReport): string =>
  [EVENT_WORDS[report.event], report.status, report.diagnosticCode, report.remoteMta && `from ${report.remoteMta}`, report.evidence]
    .filter(Boolean)
    .join('; ');

/** Up to this many are distinguished: more would add nothing, and the size of a record is limited. */
export const MAXIMUM_OTHERS = 100;

/** Names what a report says of an address that the request does not have. */
export const fingerprintOf = ({ address, event }: RecipientReport): string => `${whoOf(address)}-${event}`;

/** Addresses that the request doesn't have need a key each: a report on a group's members names several. */
const whoOf = (address: string): string => fnv1a(addressKey(address)).toString(36);

/** What was reported of others, `said` included; undefined if that is nothing new. */
function othersAfter({ othersReported: known = [] }: SendRequestRecord, said: string | undefined): readonly string[] | undefined {
  if (said === undefined) return known;
  return known.includes(said) || known.length >= MAXIMUM_OTHERS ? undefined : [...known, said];
}

/** How many reports there were about addresses that the request does not have: those that are told apart, and those beyond. */
export const othersCount = ({ othersReported = [], othersBeyond = 0 }: SendRequestRecord): number => othersReported.length + othersBeyond;

/**
 * The record and recipients after what a report says of one address, which is at `places` among the recipients; `fact` names the report.
 * What adds nothing is ignored. An address that the request doesn't have (a forwarding, a group's member) has no place: it is recorded
 * as an event without changing a recipient.
 */
export function applyReport(
  before: SendRequestRecord,
  recipients: readonly Recipient[],
  places: readonly number[],
  report: RecipientReport,
  fact: string,
): AppliedReport {
  const [first] = places;
  const folded = [...recipients];
  for (const place of places) folded[place] = foldReport(recipients[place] as Recipient, report);
  if (first !== undefined && places.every((place) => folded[place] === recipients[place])) return { kind: 'ignored' };
  const others = othersAfter(before, first === undefined ? fingerprintOf(report) : undefined);
  if (others === undefined) return { kind: 'ignored' };
  const known = others.length > 0 ? { ...before, othersReported: others } : before;
  const count = othersCount(known);
  const recipientCounts = { ...countRecipients(folded), ...(count > 0 && { others: count }) };
  const next = transition(before.status, report.event, { everyRecipientFailed: everyRecipientFailed(recipientCounts) });
  if (next.kind !== 'applied') return { kind: 'ignored' };
  // Anybody can send a mail that looks like a report, so it does not prove that an unaccounted mail was submitted.
  const status = before.status === 'unaccounted' && !isOfExchange(report.evidence) ? before.status : next.state;
  const record = { ...known, recipientCounts, status, lastModifiedDateTime: changedAt(before, report) };
  const who = first === undefined ? whoOf(report.address) : String(first);
  const event: LifecycleEvent = { type: report.event, dateTime: report.dateTime, fact: `${fact}-${who}`, detail: detailOf(report) };
  return {
    kind: 'applied',
    record,
    recipients: folded,
    event: { ...timelineEvent(record, event, record.attempts, report.address), report },
  };
}
