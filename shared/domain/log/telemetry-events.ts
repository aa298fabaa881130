// The vocabulary of telemetry: every event that operators, queries and alerts may count, with its properties. What isn't here doesn't compile.
import type { EventType } from './lifecycle.ts';

type Kind = 'text' | 'number' | 'boolean';

export const TELEMETRY_PROPERTIES = {
  sendRequestId: { kind: 'text', meaning: 'the send request' },
  mailbox: { kind: 'text', meaning: "the sender's mailbox, as it is or as a keyed hash (`TELEMETRY_MAILBOX`)" },
  application: { kind: 'text', meaning: 'application id of the caller' },
  operation: { kind: 'text', meaning: 'sendMail, createDraft, reply …' },
  status: { kind: 'text', meaning: 'the state after the event' },
  attempt: { kind: 'number', meaning: 'submission attempts so far' },
  step: { kind: 'number', meaning: 'queue message of the request' },
  lane: { kind: 'text', meaning: 'lane of the mailbox: 0, 1 …, urgent' },
  nextAttemptDateTime: { kind: 'text', meaning: 'when the next attempt is due' },
  ageSeconds: { kind: 'number', meaning: 'time since the request was accepted from the caller' },
  waitSeconds: { kind: 'number', meaning: 'how long after it was due an attempt began: the wait for its lane' },
  callSeconds: { kind: 'number', meaning: "how long the attempt's last call to Graph took" },
  graphRequestId: { kind: 'text', meaning: "Graph's request-id of that call: what Microsoft's support asks for" },
  errorCode: { kind: 'text', meaning: "Graph's code of the last attempt, or of the refusal" },
  statusCode: { kind: 'text', meaning: 'enhanced status code of a report' },
  failureClass: { kind: 'text', meaning: 'address, own-account or recipient-policy' },
  traceparent: { kind: 'text', meaning: 'W3C trace context of the POST, on a line of another operation: one mail is one operation' },
  reason: { kind: 'text', meaning: 'why, in words; addresses are left out' },
  rule: {
    kind: 'text',
    meaning:
      'the outcome rule, or the place in the sender policy, that decided; `copy-in-drafts`: an accepted mail lies in Drafts for an hour',
  },
  during: { kind: 'text', meaning: 'what was being written' },
  waits: { kind: 'number', meaning: 'how often in a row it was put off' },
  kind: { kind: 'text', meaning: 'ndr, delay, delivered, relayed, expanded, mdn' },
  evidence: { kind: 'text', meaning: 'exchangeReport, messageTrace, mail or inferred' },
  visited: { kind: 'number', meaning: 'mailboxes visited in this run' },
  watched: { kind: 'number', meaning: 'mailboxes in the registry' },
  left: { kind: 'number', meaning: 'left for the next run' },
  mailboxes: { kind: 'number', meaning: 'how many mailboxes' },
  applications: { kind: 'number', meaning: 'how many applications' },
  records: { kind: 'number', meaning: 'send requests whose rows were deleted' },
  rows: { kind: 'number', meaning: 'rows deleted' },
  version: { kind: 'text', meaning: 'ETag or time of what was read' },
  delegated: { kind: 'boolean', meaning: "whether the token was a person's" },
  lastGood: { kind: 'boolean', meaning: 'whether an older sender policy stays in force' },
  action: { kind: 'text', meaning: 'cancel, resend, pause, resume' },
  paused: { kind: 'text', meaning: 'what was paused or resumed: everything, mailbox, account, or application and its id' },
  dryRun: { kind: 'boolean', meaning: 'whether nothing was done but counting' },
  matched: { kind: 'number', meaning: 'send requests that the filter means' },
  done: { kind: 'number', meaning: 'send requests that it was done to' },
  requestId: { kind: 'text', meaning: 'request-id of the answer to the caller' },
  error: { kind: 'text', meaning: 'the exception with its stack; addresses are left out' },
} as const satisfies Record<string, { kind: Kind; meaning: string }>;

export type TelemetryProperty = keyof typeof TELEMETRY_PROPERTIES;

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
const UNTOLD = ['submissionStarted', 'draftPrepared'] as const satisfies readonly EventType[];

export type ToldEvent = Exclude<EventType, (typeof UNTOLD)[number]>;

export const isTold = (event: EventType): event is ToldEvent => !(UNTOLD as readonly EventType[]).includes(event);

/** One per event of the life cycle, which has the same name in a request's timeline. */
const STATUS_EVENTS = {
  enqueued: ofRequest('the queue has it: accepted from the caller'),
  notAccepted: ofRequest('whether the queue has it stayed unknown; the caller was told that it was not accepted'),
  repeatAnswered: ofRequest(
    "a client's own repeat (`Retry-Attempt`) was answered with this request: the same mail, as far as anybody can tell",
  ),
  submissionHeld: ofRequest('put off without an attempt: its mailbox is held back, or could not be searched'),
  submissionAccepted: attempted('Graph answered 202'),
  draftCreated: attempted('Graph answered 201 to an operation whose work ends with the draft'),
  submissionThrottled: attempted('429, or 503 with Retry-After'),
  submissionFailedTransiently: attempted('nothing was sent, and time or an operator heals it'),
  submissionRefused: attempted('the same request can never succeed'),
  outcomeUnknown: attempted('it may have gone out: it is looked for before anything else'),
  foundInMailbox: ofRequest('found in Drafts or Outbox: Exchange carries it'),
  foundInSentItems: ofRequest('its copy was seen in Sent Items'),
  notFoundAfterGrace: ofRequest('it was looked for through the grace and is not there: it is submitted again'),
  reportReceived: ofRequest("Exchange's own report proves that it was submitted"),
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
  reportWindowClosed: ofRequest('no more reports are looked for'),
  reportWindowUnread: ofRequest(
    'no report was looked for, since the right to read the mailbox is missing by choice; Graph had accepted it',
  ),
  lifetimeExpired: ofRequest('it was not submitted within its lifetime'),
  cancelled: ofRequest('the caller cancelled it in time'),
  deadLettered: ofRequest('the broker, or the worker, gave its queue message up'),
  resent: ofRequest('it was sent again, as a send request of its own'),
} as const satisfies Record<ToldEvent, Definition>;

export const TELEMETRY_EVENTS = {
  ...STATUS_EVENTS,
  poisonSetAside: {
    meaning: 'a queue message that nobody can handle went to the container `poison`',
    properties: ['sendRequestId', 'mailbox', 'reason'],
  },
  submissionPostponed: {
    meaning: 'table or blobs are out of reach: nothing is submitted',
    properties: ['sendRequestId', 'mailbox', 'reason', 'waits', 'traceparent'],
  },
  queueMessageDropped: {
    meaning: 'a queue message that has been overtaken',
    properties: ['sendRequestId', 'step', 'reason', 'traceparent'],
  },
  logUnavailable: {
    meaning: 'the table is out of reach; the queue message carries on what it should say',
    properties: ['sendRequestId', 'during', 'traceparent'],
  },
  sessionNotReleased: {
    meaning:
      'the Functions host did not let a session go at once: its slot is free only after `sessionIdleTimeout`; told at most every ten minutes',
    properties: ['reason'],
  },
  operatorAlert: { meaning: 'an outcome that an operator has to heal', properties: ['sendRequestId', 'mailbox', 'rule', 'errorCode'] },
  draftLeft: {
    meaning: 'a draft of a mail that is not sent any more could not be removed from the mailbox',
    properties: ['sendRequestId', 'mailbox'],
  },
  ownAccountFailure: {
    meaning: 'a report says that our own account or tenant is the matter',
    properties: ['sendRequestId', 'mailbox', 'statusCode', 'reason'],
  },
  accountProbed: {
    meaning: 'the account is paused, and this mail goes out to see whether Exchange takes mail from it again',
    properties: ['sendRequestId', 'mailbox', 'traceparent'],
  },
  accountPauseLifted: {
    meaning: 'this mail went through, and no report said that the account is still blocked: its pause is over',
    properties: ['sendRequestId', 'mailbox', 'reason'],
  },
  nextAttemptOverdue: {
    meaning: 'ten minutes past its next attempt: its queue message has not come',
    properties: ['sendRequestId', 'mailbox', 'nextAttemptDateTime', 'status', 'ageSeconds'],
  },
  reportOfNobody: { meaning: 'a report that belongs to no send request', properties: ['mailbox', 'kind', 'evidence'] },
  fromUnreadable: {
    meaning: 'mail was sent with this From, and reports on it cannot be read there: it is no mailbox, or one that Graph refuses',
    properties: ['mailbox', 'reason'],
  },
  mailboxUnreadable: { meaning: 'Graph refuses to let the reconciler read the mailbox', properties: ['mailbox', 'reason'] },
  messageTraceUnreadable: {
    meaning: 'Graph refuses to show the message trace; everything else goes on',
    properties: ['mailbox', 'reason'],
  },
  visitFailed: { meaning: 'a visit of the reconciler threw; the other mailboxes go on', properties: ['mailbox', 'reason'] },
  reconciled: { meaning: 'a run of the reconciler has ended', properties: ['visited', 'watched', 'left'] },
  logPurged: { meaning: 'rows older than `LOG_RETENTION` were deleted', properties: ['mailboxes', 'records', 'rows', 'left'] },
  operatorAction: {
    meaning: 'an operator has acted on send requests of others, or has paused or resumed',
    properties: ['application', 'mailbox', 'sendRequestId', 'action', 'paused', 'reason', 'dryRun', 'matched', 'done'],
  },
  callerUnknown: { meaning: 'no token, or one that does not hold (401)', properties: ['reason'] },
  callerRefused: {
    meaning: 'a known caller who may not do this (403, 404, 429)',
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
