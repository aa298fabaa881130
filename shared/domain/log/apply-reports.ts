// Applies all that one report says: what it may write is bounded, by the request's recipients and by how far it is trusted.
import { addressKey } from '../address/address.ts';
import { isOfExchange, type RecipientReport } from '../reconcile/recipients.ts';
import { failureClassOf } from '../reconcile/request-failure.ts';
import { applyReport, fingerprintOf, MAXIMUM_OTHERS, othersCount, type TimelineEvent } from './apply-event.ts';
import type { Recipient, SendRequestRecord } from './send-request.ts';

export interface ReportsApplied {
  record: SendRequestRecord;
  recipients: readonly Recipient[];
  events: TimelineEvent[];
}

/** Of the addresses in one report that the request does not have, so many are an event each. The others are counted. */
const MAXIMUM_OTHERS_TOLD = 10;

/**
 * How many events reports may write into a request's timeline, all of them together. A recipient can be delayed, delivered, failed and
 * read. Mails that anybody can send get fewer events, so that a flood of them leaves room for Exchange's own reports.
 */
const EVENTS = {
  claims: { perRecipient: 4, more: 20 },
  ofExchange: { perRecipient: 16, more: 200 },
} as const;

function maximumEvents({ evidence }: RecipientReport, recipients: number): number {
  const { perRecipient, more } = isOfExchange(evidence) ? EVENTS.ofExchange : EVENTS.claims;
  return perRecipient * recipients + more;
}

function placesByKey(recipients: readonly Recipient[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [place, { address }] of recipients.entries()) {
    const key = addressKey(address);
    places.set(key, [...(places.get(key) ?? []), place]);
  }
  return places;
}

/** Counts what is not told: as far as they are told apart once each, and of the rest the most that one report has named. */
function withCounted(record: SendRequestRecord, untold: ReadonlySet<string>): SendRequestRecord {
  const known = record.othersReported ?? [];
  const news = [...untold].filter((said) => !known.includes(said));
  const room = MAXIMUM_OTHERS - known.length;
  const beyond = Math.max(record.othersBeyond ?? 0, news.length - room);
  const counted = {
    ...record,
    ...(news.length > 0 && { othersReported: [...known, ...news.slice(0, room)] }),
    ...(beyond > 0 && { othersBeyond: beyond }),
  };
  const others = othersCount(counted);
  return others === othersCount(record) ? record : { ...counted, recipientCounts: { ...counted.recipientCounts, others } };
}

/** Classified once per report: it may have hundreds of lines. */
function withFailure(record: SendRequestRecord, recipients: readonly Recipient[], reportEvents: number): SendRequestRecord {
  const { failureClass: _before, ...rest } = record;
  const failureClass = failureClassOf(recipients);
  return { ...rest, reportEvents, ...(failureClass && { failureClass }) };
}

const IGNORED = { kind: 'ignored' } as const;

/** The record and recipients after all lines of a report; `fact` names it. The same record comes back if it adds nothing. */
export function applyReports(
  before: SendRequestRecord,
  recipients: readonly Recipient[],
  reports: readonly RecipientReport[],
  fact: string,
): ReportsApplied {
  const places = placesByKey(recipients);
  const untold = new Set<string>();
  const end: ReportsApplied = { record: before, recipients, events: [] };
  let othersTold = 0;
  for (const report of reports) {
    const own = places.get(addressKey(report.address)) ?? [];
    const isOther = own.length === 0;
    const isOver = (before.reportEvents ?? 0) + end.events.length >= maximumEvents(report, recipients.length);
    const isTold = !isOver && !(isOther && othersTold >= MAXIMUM_OTHERS_TOLD);
    const applied = isTold ? applyReport(end.record, end.recipients, own, report, fact) : IGNORED;
    if (applied.kind === 'ignored') {
      if (isOther) untold.add(fingerprintOf(report));
      continue;
    }
    if (isOther) othersTold++;
    end.record = applied.record;
    end.recipients = applied.recipients;
    end.events.push(applied.event);
  }
  if (end.events.length > 0) end.record = withFailure(end.record, end.recipients, (before.reportEvents ?? 0) + end.events.length);
  return { ...end, record: withCounted(end.record, untold) };
}
