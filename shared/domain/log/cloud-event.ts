// What a change of a send request tells applications, as CloudEvents 1.0. https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
import { addressKey } from '../address/address.ts';
import { CLOUD_EVENT_PREFIX, type EventTypeRow, LIFECYCLE_CLOUD_EVENTS, STATE_CLOUD_EVENTS } from './cloud-event-types.ts';
import type { EventType, State } from './lifecycle.ts';
import type { Recipient, SendRequestRecord, StatusEvent } from './send-request.ts';
import { textWithoutAddresses } from './telemetry-line.ts';

/** The attributes and the data of an event. `sequence` orders the events of one request as text: the extension of that name. */
export interface CloudEvent {
  id: string;
  source: string;
  type: string;
  subject: string;
  /** RFC 3339. */
  time: string;
  /** W3C trace context of the POST: the extension "distributed tracing". */
  traceparent?: string;
  sequence: string;
  data: Record<string, unknown>;
}

/** What all events of one change have in common is kept once. */
export interface ToldEvents {
  common: Pick<CloudEvent, 'source' | 'subject' | 'traceparent' | 'data'>;
  /** Place of the first of these among the events of the change. */
  from: number;
  events: readonly (Pick<CloudEvent, 'id' | 'type' | 'time'> & { data: Record<string, unknown> })[];
}

export interface CloudEventForm {
  source: string;
  /** `minimal`: no subject, and no address but the mailbox's and that of the recipient concerned. `full`: as GET returns it. */
  data: 'minimal' | 'full';
  /** The path of a request, and what GET returns of it, without recipients and events. */
  path: (record: SendRequestRecord) => string;
  render: (record: SendRequestRecord) => Record<string, unknown>;
}

/** One line of the timeline; `status`: the state after it. */
export interface ToldLine extends StatusEvent {
  key: string;
  status?: State;
}

/** A change of a request, as far as it is told. */
export interface ToldChange {
  /** Absent: the request is new. */
  before?: SendRequestRecord;
  record: SendRequestRecord;
  events: readonly ToldLine[];
  recipients?: readonly Recipient[];
}

/** Texts are cut, such as the words of servers: the log has them at length. */
const MAXIMUM_WORDS = 500;
/** All recipients are told (`full`) while they are no longer than this as JSON; else only the one concerned. */
const MAXIMUM_RECIPIENTS = 8_000;
/**
 * As JSON. What is longer is told without its optional parts: that something is told must never keep the change itself from being written.
 * All events of one change must fit into one transaction.
 */
const MAXIMUM_COMMON = 10_000;
const MAXIMUM_EVENT = 12_000;
const MAXIMUM_CHANGE = 1_500_000;

type Event = ToldEvents['events'][number];

const words = ({ data }: CloudEventForm, text: string): string =>
  (data === 'full' ? text : textWithoutAddresses(text)).slice(0, MAXIMUM_WORDS);

const lengthOf = (value: unknown): number => JSON.stringify(value).length;

function visibleRecord(form: CloudEventForm, record: SendRequestRecord): SendRequestRecord {
  const { subject: _subject, redirectedTo: _redirectedTo, error, ...rest } = record;
  const shown = form.data === 'full' ? record : rest;
  return { ...shown, ...(error && { error: { code: error.code, message: words(form, error.message) } }) };
}

function commonOf(form: CloudEventForm, record: SendRequestRecord): ToldEvents['common'] {
  const { id, mailbox, operation, application, recipientCounts } = record;
  const data = form.render(visibleRecord(form, record));
  return {
    source: form.source,
    subject: form.path(record),
    ...(record.traceparent !== undefined && { traceparent: record.traceparent }),
    data: lengthOf(data) <= MAXIMUM_COMMON ? data : { id, mailbox, operation, application, recipientCounts },
  };
}

/** The address that it replaces is another recipient's. */
function visibleRecipient(form: CloudEventForm, { replaces, diagnosticCode, ...rest }: Recipient): Recipient {
  return {
    ...rest,
    ...(form.data === 'full' && replaces !== undefined && { replaces }),
    ...(diagnosticCode !== undefined && { diagnosticCode: words(form, diagnosticCode) }),
  };
}

/**
 * Of a line of the timeline: the recipient that it concerns; with `full` all of them, if they are few. An address that the request does not
 * have is told as it is.
 */
function concernedBy(form: CloudEventForm, { recipients = [] }: ToldChange): (line: ToldLine) => readonly Partial<Recipient>[] {
  const all = form.data === 'full' ? recipients.map((one) => visibleRecipient(form, one)) : [];
  if (all.length > 0 && lengthOf(all) <= MAXIMUM_RECIPIENTS) return () => all;
  const byKey = new Map(recipients.map((one) => [addressKey(one.address), one]));
  return ({ recipient }) => {
    if (recipient === undefined) return [];
    const found = byKey.get(addressKey(recipient));
    return [found ? visibleRecipient(form, found) : { address: recipient }];
  };
}

/** Until it is confirmed that the queue has a request, nobody may hear that it does. */
const isOnQueue = (record: SendRequestRecord | undefined): boolean =>
  record !== undefined && record.enqueued !== false && record.unconfirmed !== true;

const ENQUEUED_KEY = '0000-enqueued';

/** The lines with `enqueued` in its right place: in the change by which the queue is known to have the request. */
function linesOf({ before, record, events }: ToldChange): readonly ToldLine[] {
  const others = events.filter(({ type }) => type !== 'enqueued');
  if (isOnQueue(before) || !isOnQueue(record)) return others;
  return [{ key: ENQUEUED_KEY, type: 'enqueued', dateTime: record.createdDateTime, status: before?.status ?? 'queued' }, ...others];
}

function eventsOf(form: CloudEventForm, change: ToldChange): Event[] {
  const { before, record } = change;
  const told: Event[] = [];
  const concerned = concernedBy(form, change);
  let state: State = before?.status ?? 'queued';
  for (const line of linesOf(change)) {
    const { key, type, dateTime: time, status = record.status, attempt, recipient, detail } = line;
    // Nothing else of the line: what it was made from (`report`) has the words of servers as they are.
    const entry: StatusEvent = {
      type,
      dateTime: time,
      ...(attempt !== undefined && { attempt }),
      ...(recipient !== undefined && { recipient }),
      ...(detail !== undefined && { detail: words(form, detail) }),
    };
    const data = { status, recipients: concerned(line), events: [entry] };
    const tell = ({ type: name }: EventTypeRow, id: string) => name !== undefined && told.push({ id, type: name, time, data });
    tell(LIFECYCLE_CLOUD_EVENTS[type as EventType], `${record.id}/${key}`);
    if (status !== state) tell(STATE_CLOUD_EVENTS[status], `${record.id}/${key}/${status}`);
    state = status;
  }
  return told;
}

/** Without the words of servers. */
function slim(event: Event): Event {
  const { recipients, events, ...data } = event.data as { recipients: Partial<Recipient>[]; events: StatusEvent[] };
  const shorter = {
    ...data,
    recipients: recipients.map(({ diagnosticCode: _diagnosticCode, remoteMta: _remoteMta, ...rest }) => rest),
    events: events.map(({ detail: _detail, ...rest }) => rest),
  };
  return { ...event, data: lengthOf(shorter) <= MAXIMUM_EVENT ? shorter : { ...data, recipients: [], events: [] } };
}

/** What a change tells, in pieces whose JSON has at most `maximum` characters each (24,000 or more); empty: nothing. */
export function cloudEventsOf(form: CloudEventForm, change: ToldChange, maximum: number): ToldEvents[] {
  const events = eventsOf(form, change);
  if (events.length === 0) return [];
  const common = commonOf(form, change.record);
  const isLong = lengthOf(events) > MAXIMUM_CHANGE;
  const pieces: { told: Event[]; from: number; length: number }[] = [];
  for (const [place, one] of events.entries()) {
    const event = isLong || lengthOf(one) > MAXIMUM_EVENT ? slim(one) : one;
    const length = lengthOf(event) + 1;
    const last = pieces.at(-1);
    if (last && last.length + length <= maximum) {
      last.told.push(event);
      last.length += length;
    } else pieces.push({ told: [event], from: place, length: lengthOf({ common, from: place, events: [] }) + length });
  }
  return pieces.map(({ told, from }) => ({ common, from, events: told }));
}

const padded = (number: number, digits: number): string => String(number).padStart(digits, '0');

/** The events as they are published. `change`: how many changes of the request were told before this one. */
export const publishedEvents = ({ common, from, events }: ToldEvents, change: number): CloudEvent[] =>
  events.map(({ id, type, time, data }, index) => ({
    id,
    type: `${CLOUD_EVENT_PREFIX}${type}`,
    time,
    ...common,
    sequence: `${padded(change, 6)}.${padded(from + index, 4)}`,
    data: { ...common.data, ...data },
  }));

/** The same event without details: what a topic that refuses the whole event can take. It says what happened to which request. */
export function reducedEvent({ traceparent: _traceparent, data, ...event }: CloudEvent): CloudEvent {
  const { id, status, mailbox } = data;
  return { ...event, data: { id, status, mailbox, recipients: [], events: [] } };
}
