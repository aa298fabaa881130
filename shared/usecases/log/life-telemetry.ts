// What telemetry says of an event of a request's life.
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { ATTEMPT_OUTCOMES, type TelemetryProperties, type ToldEvent } from '../../domain/log/telemetry-events.ts';
import { classifyFailure } from '../../domain/reports/failure-class.ts';

interface Told {
  type: string;
  dateTime?: string;
  detail?: string;
}

const seconds = (from: string, to: string): number => Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 100) / 10);

/** A recipient's report is told by its detail: `failed; 5.1.1; 550 5.1.1 …; from mx.example.org; exchangeReport`. */
function failureOf(detail = ''): TelemetryProperties<'recipientFailed'> {
  const statusCode = /^failed; (\d\.\d{1,3}\.\d{1,3})\b/.exec(detail)?.[1];
  const remoteMta = /; from ([^;]+)/.exec(detail)?.[1];
  return { statusCode, failureClass: classifyFailure(statusCode, detail, remoteMta).class };
}

/** How long after it was due the attempt began. `before`: the record that its outcome was applied to. */
function waitOf({ type }: Told, before: SendRequestRecord | undefined): TelemetryProperties<'submissionAccepted'> {
  const { dueDateTime, startedDateTime } = before?.claim ?? {};
  const isOutcome = before?.status === 'submitting' && (ATTEMPT_OUTCOMES as readonly string[]).includes(type);
  return isOutcome && dueDateTime !== undefined && startedDateTime !== undefined
    ? { waitSeconds: seconds(dueDateTime, startedDateTime) }
    : {};
}

/** `before`: the record that the event was applied to. */
export function lifeProperties(
  record: SendRequestRecord,
  event: Told,
  now: string,
  before?: SendRequestRecord,
): TelemetryProperties<ToldEvent> {
  return {
    sendRequestId: record.id,
    mailbox: record.mailbox,
    application: record.application,
    operation: record.operation,
    status: record.status,
    attempt: record.attempts,
    step: record.step,
    lane: record.lane,
    nextAttemptDateTime: record.nextAttemptDateTime,
    ageSeconds: seconds(record.createdDateTime, now),
    errorCode: record.error?.code,
    traceparent: record.traceparent,
    ...waitOf(event, before),
    ...(event.type === 'recipientFailed' && failureOf(event.detail)),
  };
}
