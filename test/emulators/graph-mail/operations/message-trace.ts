// The tenant's message trace: one row per mail and recipient, made of the journal.
// https://learn.microsoft.com/graph/api/exchangemessagetrace-list
import type { Answer } from '../http/answer.ts';
import { errors } from '../http/errors.ts';
import type { GraphRequest } from '../http/request.ts';
import { buildTest } from '../odata/evaluate.ts';
import { type Expression, type Literal, parseFilter } from '../odata/parser.ts';
import type { EmulatorState } from '../state.ts';
import type { RecipientRecord, TransportRecord } from '../transport/journal.ts';

interface TraceRow {
  readonly record: TransportRecord;
  readonly recipient: RecipientRecord;
}

type TraceOperation = (state: EmulatorState, request: GraphRequest) => Answer;

const day = 24 * 3600 * 1000;
export const traceLimit = { count: 100, perMilliseconds: 300_000 };

const statusOf = ({ trace, outcome }: RecipientRecord) => trace ?? outcome;

const readers: Readonly<Record<string, (row: TraceRow) => Literal>> = {
  id: ({ record }) => record.id,
  senderAddress: ({ record }) => record.from,
  recipientAddress: ({ recipient }) => recipient.address,
  messageId: ({ record }) => record.internetMessageId,
  subject: ({ record }) => record.subject,
  status: ({ recipient }) => statusOf(recipient),
  receivedDateTime: ({ record }) => ({ date: record.handedOnDateTime }),
  fromIP: () => '192.0.2.1',
  toIP: () => '192.0.2.2',
};

function show(row: TraceRow): Record<string, unknown> {
  const values = Object.entries(readers).map(([name, read]) => {
    const value = read(row);
    return [name, typeof value === 'object' && value !== null ? new Date(value.date).toISOString() : value];
  });
  return { ...Object.fromEntries(values), size: row.record.mime.length };
}

/** The bounds that a filter sets to receivedDateTime. */
function boundsOf(expression: Expression | null): { from: number | null; to: number | null } {
  const bounds: { from: number | null; to: number | null } = { from: null, to: null };
  const visit = (one: Expression): void => {
    if (one.kind === 'and') {
      visit(one.left);
      visit(one.right);
    } else if (one.kind === 'compare' && one.path === 'receivedDateTime' && typeof one.value === 'object' && one.value !== null) {
      if (one.operator === 'ge' || one.operator === 'gt') bounds.from = one.value.date;
      if (one.operator === 'le' || one.operator === 'lt') bounds.to = one.value.date;
    }
  };
  if (expression !== null) visit(expression);
  return bounds;
}

/** At most ten days within the last ninety; without bounds the last 48 hours. */
function checkWindow(expression: Expression | null, now: number): { from: number; to: number } {
  const { from, to } = boundsOf(expression);
  if (from === null && to === null) return { from: now - 2 * day, to: now + day };
  if (from === null || to === null) throw errors.invalidQuery('The filter needs receivedDateTime ge and receivedDateTime le.');
  if (to - from > 10 * day || from < now - 90 * day)
    throw errors.invalidQuery('The time range is longer than 10 days, or begins more than 90 days ago.');
  return { from, to };
}

const list: TraceOperation = (state, request) => {
  const text = request.query.get('$filter');
  const filter = text === undefined ? null : parseFilter(text);
  const now = state.clock.now();
  const { from, to } = checkWindow(filter, now);
  const any = () => {
    throw errors.invalidFilter('any() is not supported.');
  };
  const test =
    filter === null
      ? () => true
      : buildTest<TraceRow>(filter, { read: (path) => readers[path], any, type: 'microsoft.graph.exchangeMessageTrace' });
  const visible = now - state.switches.messageTraceDelay;
  const rows = state.journal
    .list()
    .filter(({ handedOnDateTime: at }) => at >= from && at <= to && at <= visible)
    .flatMap((record) => record.recipients.map((recipient) => ({ record, recipient })))
    .filter(test)
    .reverse();
  const top = Number(request.query.get('$top') ?? 1000);
  if (!(top >= 1 && top <= 5000)) throw errors.invalidQuery('$top is between 1 and 5000.');
  const skip = Number(request.query.get('$skiptoken') ?? 0);
  const query = new URLSearchParams([...request.query].filter(([name]) => name !== '$skiptoken'));
  const next = `${request.baseUrl}/v1.0/admin/exchange/tracing/messageTraces?${query}${query.size > 0 ? '&' : ''}$skiptoken=${skip + top}`;
  return {
    status: 200,
    json: {
      '@odata.context': `${request.baseUrl}/v1.0/$metadata#admin/exchange/tracing/messageTraces`,
      ...(skip + top < rows.length ? { '@odata.nextLink': next.replaceAll('%24', '$') } : {}),
      value: rows.slice(skip, skip + top).map(show),
    },
  };
};

const events: Record<string, [string, string]> = {
  delivered: ['Deliver', 'The message was successfully delivered.'],
  failed: ['Fail', 'The message could not be delivered.'],
  expanded: ['Expand', 'The message was sent to the members of a group.'],
  quarantined: ['Quarantine', 'The message was quarantined.'],
  filteredAsSpam: ['Deliver', 'The message was delivered to the Junk Email folder.'],
};

function details(id: string, address: string): TraceOperation {
  return (state, request) => {
    const record = state.journal.get(id);
    const recipient = record?.recipients.find((one) => one.address.toLowerCase() === address.toLowerCase());
    if (record === undefined || recipient === undefined) throw errors.itemNotFound();
    const at = new Date(record.handedOnDateTime).toISOString();
    const row = (event: string, description: string, data: string | null) => ({
      id: record.id,
      messageId: record.internetMessageId,
      dateTime: at,
      event,
      action: null,
      description,
      data,
    });
    const last = events[statusOf(recipient)];
    const value = [
      row('Receive', 'The message was received by the service.', null),
      ...(last === undefined ? [] : [row(last[0], last[1], recipient.status)]),
    ];
    return {
      status: 200,
      json: { '@odata.context': `${request.baseUrl}/v1.0/$metadata#Collection(microsoft.graph.exchangeMessageTraceDetail)`, value },
    };
  };
}

/** The operation of a path below /v1.0, if it is the trace's. */
export function findTraceOperation(segments: readonly string[]): TraceOperation | undefined {
  const [admin, exchange, tracing, traces, id, call, ...more] = segments.map((segment, index) =>
    index < 4 ? segment.toLowerCase() : segment,
  );
  if (admin !== 'admin' || exchange !== 'exchange' || tracing !== 'tracing' || traces !== 'messagetraces' || more.length > 0)
    return undefined;
  if (id === undefined) return list;
  const address = /^getDetailsByRecipient\(recipientAddress='(.+)'\)$/i.exec(call ?? '')?.[1];
  return address === undefined ? undefined : details(id, address.replaceAll("''", "'"));
}
