// The vocabulary of telemetry: every event that operators, queries and alerts may count, with its properties. The compiler refuses an event or property that is not listed.
import type { EventType } from './lifecycle.ts';
import type { TELEMETRY_PROPERTIES, TelemetryProperty } from './telemetry-properties.ts';

interface Definition {
  meaning: string;
  properties: readonly TelemetryProperty[];
}

/** What every event of a send request says. */
const REQUEST = [
  'sendRequestId',
  'mailbox',
  'application',
  'operation',
  'status',
  'attempt',
  'step',
  'lane',
  'nextAttemptDateTime',
  'ageSeconds',
  'errorCode',
  'traceparent',
] as const;

const ofRequest = (meaning: string) => ({ meaning, properties: REQUEST });
const attempted = (meaning: string) => ({ meaning, properties: [...REQUEST, 'waitSeconds', 'callSeconds', 'graphRequestId'] as const });
const failed = (meaning: string) => ({ meaning, properties: [...REQUEST, 'statusCode', 'failureClass'] as const });

/** Steps on the way to an attempt's outcome. The timeline has them; telemetry tells of an attempt once, with its outcome, since each line is billed. */
const TIMELINE_ONLY = ['submissionStarted', 'draftPrepared'] as const satisfies readonly EventType[];

export type TelemetryStatusEvent = Exclude<EventType, (typeof TIMELINE_ONLY)[number]>;

export const isInTelemetry = (event: EventType): event is TelemetryStatusEvent => !(TIMELINE_ONLY as readonly EventType[]).includes(event);

/** One per event of the life cycle, which has the same name in a request's timeline. */
const STATUS_EVENTS = {
  enqueued: ofRequest('it was accepted from the caller and is on the queue'),
  notAccepted: ofRequest('Service Bus did not confirm that the queue has it; the caller was answered that it was not accepted'),
  repeatAnswered: ofRequest("a client's own repeat (`Retry-Attempt`) was answered with this request, because it looks like the same mail"),
  submissionHeld: ofRequest(
    'postponed without an attempt: it is paused, its mailbox is throttled or could not be searched, or what it needs is not there yet',
  ),
  submissionAccepted: attempted('Graph answered 202'),
  draftCreated: attempted('Graph answered 201 to an operation whose work ends with the draft'),
  submissionThrottled: attempted('429, or 503 with Retry-After'),
  submissionFailedTransiently: attempted('nothing was sent; a later attempt may succeed, by itself or after an operator has acted'),
  submissionRefused: attempted('the same request can never succeed'),
  outcomeUnknown: attempted('Exchange may have sent it: the worker looks for it before it submits again'),
  foundInMailbox: ofRequest('found in Drafts or Outbox: Exchange has it'),
  foundInSentItems: ofRequest('its copy was seen in Sent Items'),
  notFoundAfterGrace: ofRequest('it was not found until the grace was over: it is submitted again'),
  reportReceived: ofRequest("a report or trace of Exchange's own proves that it was submitted"),
  recipientFailed: failed('a report says that it failed for a recipient'),
  recipientDelayed: ofRequest('a report says that it is delayed for a recipient'),
  recipientDelivered: ofRequest('a report says that it was delivered to a recipient'),
  recipientRelayed: ofRequest('a report says that it was relayed to a system that gives no reports'),
  recipientExpanded: ofRequest('a report says that it went to the members of a group'),
  recipientRead: ofRequest('a recipient has read it'),
  recipientNotRead: ofRequest('a recipient deleted it unread'),
  recipientQuarantined: ofRequest('message trace: held in quarantine for a recipient'),
  recipientFilteredAsSpam: ofRequest("message trace: went to a recipient's junk mail"),
  copyRemoved: ofRequest('saveToSentItems was false, and its copy was removed'),
  copyKept: ofRequest('saveToSentItems was false, and its copy could not be removed'),
  reportWindowClosed: ofRequest('the report window is over: the reconciler looks for no more reports'),
  reportWindowUnread: ofRequest(
    'Graph had accepted it; no report was looked for, because GRAPH_RIGHTS does not include reading the mailbox',
  ),
  lifetimeExpired: ofRequest('it was not submitted within its lifetime'),
  cancelled: ofRequest('the caller cancelled it in time'),
  deadLettered: ofRequest('Service Bus or the worker gave up its queue message'),
  resent: ofRequest('it was sent again, as a send request of its own'),
} as const satisfies Record<TelemetryStatusEvent, Definition>;

export const TELEMETRY_EVENTS = {
  ...STATUS_EVENTS,
  poisonSetAside: {
    meaning: 'the worker cannot handle a queue message, and has put it into the container `poison`',
    properties: ['sendRequestId', 'mailbox', 'reason'],
  },
  submissionPostponed: {
    meaning: 'the table or the blobs are out of reach, so nothing is submitted',
    properties: ['sendRequestId', 'mailbox', 'reason', 'waits', 'traceparent'],
  },
  queueMessageDropped: {
    meaning: 'a queue message was dropped, because its request is settled or has a newer queue message',
    properties: ['sendRequestId', 'step', 'reason', 'traceparent'],
  },
  logUnavailable: {
    meaning: 'the table is out of reach; the next queue message carries what could not be written',
    properties: ['sendRequestId', 'during', 'traceparent'],
  },
  sessionNotReleased: {
    meaning:
      'the Functions host did not release a session at once: it ends only after `sessionIdleTimeout`. Logged at most every ten minutes',
    properties: ['reason'],
  },
  operatorAlert: { meaning: 'an outcome on which an operator must act', properties: ['sendRequestId', 'mailbox', 'rule', 'errorCode'] },
  draftLeft: {
    meaning: 'a mail is not sent any more, and its draft could not be removed from the mailbox',
    properties: ['sendRequestId', 'mailbox'],
  },
  ownAccountFailure: {
    meaning: 'a report says that a mail failed because of our own account or tenant',
    properties: ['sendRequestId', 'mailbox', 'scope', 'statusCode', 'reason'],
  },
  accountProbed: {
    meaning: 'the account or the tenant is paused, and this mail goes out to test whether Exchange accepts mail from it again',
    properties: ['sendRequestId', 'mailbox', 'scope', 'traceparent'],
  },
  accountPauseLifted: {
    meaning: 'this mail went through, and no report said that the account or the tenant is still blocked: its pause is over',
    properties: ['sendRequestId', 'mailbox', 'scope', 'reason'],
  },
  tenantPaused: {
    meaning:
      'mail of the whole tenant is held, because a report says that the tenant is over a limit. Logged in every run of the reconciler',
    properties: ['reason', 'since', 'until'],
  },
  addressSuppressed: {
    meaning: 'a report says that the address of a recipient does not exist: mail to it is refused or held from now on',
    properties: ['sendRequestId', 'mailbox', 'reason'],
  },
  recipientSuppressed: {
    meaning: 'a mail was refused or is held, because a recipient is suppressed',
    properties: ['application', 'mailbox', 'action', 'reason'],
  },
  suppressionsUnreadable: {
    meaning: 'the list of suppressed addresses is out of reach, so a mail was accepted without it',
    properties: ['mailbox', 'reason'],
  },
  limitNear: {
    meaning: 'four fifths of a limit of Exchange are used. Logged once a day for each limit, and once an hour for that of a minute',
    properties: ['mailbox', 'application', 'limit', 'used', 'allowed'],
  },
  nextAttemptOverdue: {
    meaning: 'its next attempt is ten minutes overdue: its queue message has not arrived',
    properties: ['sendRequestId', 'mailbox', 'nextAttemptDateTime', 'status', 'ageSeconds'],
  },
  reportOfNobody: { meaning: 'a report that belongs to no send request', properties: ['mailbox', 'kind', 'evidence'] },
  fromUnreadable: {
    meaning: 'reports on mail with this From cannot be read: it is not a mailbox, or Graph refuses access to it',
    properties: ['mailbox', 'reason'],
  },
  mailboxUnreadable: { meaning: 'Graph refuses to let the reconciler read the mailbox', properties: ['mailbox', 'reason'] },
  messageTraceUnreadable: {
    meaning: 'Graph refuses to show the message trace; the reconciler goes on without it',
    properties: ['mailbox', 'reason'],
  },
  visitFailed: {
    meaning: 'the visit of the reconciler to this mailbox failed; it goes on with the other mailboxes',
    properties: ['mailbox', 'reason'],
  },
  reconciled: { meaning: 'a run of the reconciler has ended', properties: ['visited', 'watched', 'left'] },
  logPurged: { meaning: 'rows older than `LOG_RETENTION` were deleted', properties: ['mailboxes', 'records', 'rows', 'left'] },
  eventsWaiting: { meaning: 'events in the outbox that Event Grid does not take', properties: ['left', 'ageSeconds', 'reason'] },
  eventReduced: { meaning: 'Event Grid took an event only without its details', properties: ['sendRequestId', 'mailbox', 'reason'] },
  eventSetAside: { meaning: 'Event Grid refused an event for a week: it is not told', properties: ['sendRequestId', 'mailbox', 'reason'] },
  operatorAction: {
    meaning: 'an operator has cancelled or resent send requests of others, or has paused or resumed',
    properties: ['application', 'user', 'mailbox', 'sendRequestId', 'action', 'paused', 'reason', 'dryRun', 'matched', 'done'],
  },
  callerUnknown: { meaning: 'the access token is missing or not valid (401)', properties: ['reason'] },
  callerRefused: {
    meaning: 'a known caller was refused (403, 404, 429)',
    properties: ['application', 'mailbox', 'reason', 'rule', 'delegated', 'errorCode'],
  },
  senderPolicyRead: { meaning: 'a sender policy is in force', properties: ['version', 'mailboxes', 'applications'] },
  senderPolicyBroken: { meaning: 'the sender policy is missing or has mistakes', properties: ['reason', 'lastGood'] },
  unexpectedError: { meaning: 'a bug: the caller got 500', properties: ['requestId', 'error'] },
} as const satisfies Record<string, Definition>;

export type TelemetryEvent = keyof typeof TELEMETRY_EVENTS;

type Values = { text: string; number: number; boolean: boolean };

/** The properties that an event may have. A value that isn't known is left out of the line. */
export type TelemetryProperties<Name extends TelemetryEvent> = {
  [Property in (typeof TELEMETRY_EVENTS)[Name]['properties'][number]]?: Values[(typeof TELEMETRY_PROPERTIES)[Property]['kind']] | undefined;
};
