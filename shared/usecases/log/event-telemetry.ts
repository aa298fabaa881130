// What telemetry says of an event of a send request.
import type { AttemptCall } from '../../domain/log/apply-event.ts';
import { OUTCOMES } from '../../domain/log/lifecycle.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { TelemetryProperties, TelemetryStatusEvent } from '../../domain/log/telemetry-events.ts';
import type { RecipientReport } from '../../domain/reconcile/recipients.ts';
import { classifyFailure } from '../../domain/reports/failure-class.ts';

export interface LoggedEvent {
  type: string;
  dateTime?: string;
  report?: RecipientReport;
  call?: AttemptCall;
}

const seconds = (from: string, to: string): number => Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 100) / 10);

/** RFC 3463 section 2. A report may have anything there. */
const ENHANCED_STATUS_CODE = /^\d\.\d{1,3}\.\d{1,3}$/;

/** The fields of the report as they are: the words of a remote server are not read again. */
function failureOf(report: RecipientReport | undefined): TelemetryProperties<'recipientFailed'> {
  const { status, diagnosticCode, remoteMta } = report ?? {};
  const statusCode = status !== undefined && ENHANCED_STATUS_CODE.test(status) ? status : undefined;
  return { statusCode, failureClass: classifyFailure(status, diagnosticCode, remoteMta).class };
}

const callOf = (call: AttemptCall | undefined): TelemetryProperties<'submissionAccepted'> =>
  call ? { callSeconds: call.ms / 1000, ...(call.requestId !== undefined && { graphRequestId: call.requestId }) } : {};

/** How long after it was due the attempt began. `before`: the record that its outcome was applied to. */
function waitOf({ type }: LoggedEvent, before: SendRequestRecord | undefined): TelemetryProperties<'submissionAccepted'> {
  const { dueDateTime, startedDateTime } = before?.claim ?? {};
  const isOutcome = before?.status === 'submitting' && (OUTCOMES as readonly string[]).includes(type);
  return isOutcome && dueDateTime !== undefined && startedDateTime !== undefined
    ? { waitSeconds: seconds(dueDateTime, startedDateTime) }
    : {};
}

/** `before`: the record that the event was applied to. */
export function statusEventProperties(
  record: SendRequestRecord,
  event: LoggedEvent,
  now: string,
  before?: SendRequestRecord,
): TelemetryProperties<TelemetryStatusEvent> {
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
    ...callOf(event.call),
    ...(event.type === 'recipientFailed' && failureOf(event.report)),
  };
}
