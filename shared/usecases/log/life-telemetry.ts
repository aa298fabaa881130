// What telemetry says of an event of a request's life.
import type { EventType } from '../../domain/log/lifecycle.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { TelemetryProperties } from '../../domain/log/telemetry-events.ts';
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

/** So is Graph's answer to an attempt: `202 [accepted]; 0.4 s; request-id 5f3c8a30-…`. */
function callOf(detail = ''): TelemetryProperties<'submissionAccepted'> {
  const [, time, graphRequestId] = /\[[\w-]+\]; ([\d.]+) s(?:; request-id (\S+))?$/.exec(detail) ?? [];
  return time === undefined ? {} : { callSeconds: Number(time), graphRequestId };
}

/** `before`: the record that the event was applied to, for what it was waiting for. */
export function lifeProperties(
  record: SendRequestRecord,
  event: Told,
  now: string,
  before?: SendRequestRecord,
): TelemetryProperties<EventType> {
  const due = before && (before.nextAttemptDateTime ?? before.createdDateTime);
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
    ...(event.type === 'submissionStarted' && due !== undefined && { waitSeconds: seconds(due, now) }),
    ...callOf(event.detail),
    ...(event.type === 'recipientFailed' && failureOf(event.detail)),
  };
}
