// Which CloudEvent tells of what: a row for each state that a request comes into, and for each event of the life cycle, with the reason.
import type { EventType, State } from './lifecycle.ts';

/** Without a type nothing is told. */
export interface EventTypeRow {
  type?: string;
  reason: string;
}

export const CLOUD_EVENT_PREFIX = 'GraphMailQueue.SendRequest.';

/** Told when a request comes into the state from another one, whatever event of the life cycle has led there. */
export const STATE_CLOUD_EVENTS = {
  queued: { reason: 'every request begins so, and `Enqueued` says when the queue has it' },
  submitting: { reason: 'a step of the work; what came of it is told' },
  deferred: { type: 'Deferred', reason: 'nothing was sent, and a later attempt may succeed' },
  inDoubt: { type: 'InDoubt', reason: 'Exchange may have the mail: the queue looks for it before it submits it again' },
  accepted: { type: 'Accepted', reason: 'Exchange has the mail: Graph answered 202, or the mail was found' },
  sent: { type: 'Sent', reason: 'the copy was seen in Sent Items' },
  closed: { type: 'Closed', reason: 'the report window is over, or the answer of Graph is all that can be known' },
  failed: { type: 'Failed', reason: 'reports say that every recipient failed' },
  rejected: { type: 'Rejected', reason: 'the same request can never succeed' },
  expired: { type: 'Expired', reason: 'the mail was not submitted within its lifetime' },
  cancelled: { type: 'Cancelled', reason: 'nothing is submitted any more' },
  unaccounted: { type: 'Unaccounted', reason: 'nobody knows whether the mail went out' },
  deadLettered: { type: 'DeadLettered', reason: 'an operator must look at it' },
  created: { type: 'DraftCreated', reason: 'the work ends with the draft' },
} as const satisfies Record<State, EventTypeRow>;

const BY_STATE: EventTypeRow = { reason: 'the state that it leads to is told' };
const NOT_ABOUT_THE_MAIL: EventTypeRow = { reason: 'says nothing to an application: the state stays, and the mail goes on as before' };

/** Told of the event itself, beside what its state tells. */
export const LIFECYCLE_CLOUD_EVENTS: Readonly<Record<EventType, EventTypeRow>> = {
  enqueued: { type: 'Enqueued', reason: 'the queue has the mail: the caller got 202, or could have got it' },
  notAccepted: BY_STATE,
  repeatAnswered: NOT_ABOUT_THE_MAIL,
  submissionHeld: NOT_ABOUT_THE_MAIL,
  submissionStarted: NOT_ABOUT_THE_MAIL,
  draftPrepared: NOT_ABOUT_THE_MAIL,
  submissionAccepted: BY_STATE,
  draftCreated: BY_STATE,
  submissionThrottled: BY_STATE,
  submissionFailedTransiently: BY_STATE,
  submissionRefused: BY_STATE,
  outcomeUnknown: BY_STATE,
  foundInMailbox: BY_STATE,
  foundInSentItems: BY_STATE,
  notFoundAfterGrace: BY_STATE,
  reportReceived: BY_STATE,
  recipientFailed: { type: 'RecipientFailed', reason: 'the application may have to act' },
  recipientDelayed: { type: 'RecipientDelayed', reason: 'the recipient gets the mail late, or not at all' },
  recipientDelivered: { type: 'RecipientDelivered', reason: 'the application may have asked for it' },
  recipientRelayed: { type: 'RecipientRelayed', reason: 'no further report can be expected' },
  recipientExpanded: { type: 'RecipientExpanded', reason: 'the mail went to the members of a group' },
  recipientRead: { type: 'RecipientRead', reason: 'the application may have asked for it' },
  recipientNotRead: { type: 'RecipientNotRead', reason: 'the recipient deleted the mail unread' },
  recipientQuarantined: { type: 'RecipientQuarantined', reason: 'the recipient does not see the mail' },
  recipientFilteredAsSpam: { type: 'RecipientFilteredAsSpam', reason: 'the recipient may not see the mail' },
  copyRemoved: NOT_ABOUT_THE_MAIL,
  copyKept: NOT_ABOUT_THE_MAIL,
  reportWindowClosed: BY_STATE,
  reportWindowUnread: BY_STATE,
  lifetimeExpired: BY_STATE,
  cancelled: BY_STATE,
  deadLettered: BY_STATE,
  resent: { type: 'Resent', reason: 'another send request sends the mail again; `resentAs` names it' },
};

/** All types in full, in the order of the tables. */
export const CLOUD_EVENT_TYPES: readonly string[] = [
  ...Object.values(LIFECYCLE_CLOUD_EVENTS),
  ...Object.values<EventTypeRow>(STATE_CLOUD_EVENTS),
].flatMap(({ type }) => (type === undefined ? [] : [`${CLOUD_EVENT_PREFIX}${type}`]));
