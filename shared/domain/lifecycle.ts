// The life of a send request: states, events and the transition table. Everything else only produces events.

/** States in which something is still to happen. */
export const OPEN_STATES = ['queued', 'submitting', 'deferred', 'inDoubt', 'accepted', 'sent'] as const;
export const TERMINAL_STATES = [
  'closed',
  'failed',
  'rejected',
  'expired',
  'cancelled',
  'unaccounted',
  'deadLettered',
  'created',
] as const;
export const STATES = [...OPEN_STATES, ...TERMINAL_STATES] as const;
export type State = (typeof STATES)[number];

export const isTerminal = (state: State): boolean => (TERMINAL_STATES as readonly State[]).includes(state);

/** Events that say something about one recipient; their names are in the past tense of RFC 3464's actions and RFC 8098's dispositions. */
export const RECIPIENT_EVENTS = [
  'recipientFailed',
  'recipientDelayed',
  'recipientDelivered',
  'recipientRelayed',
  'recipientExpanded',
  'recipientRead',
  'recipientNotRead',
] as const;
export type RecipientEvent = (typeof RECIPIENT_EVENTS)[number];

export const EVENTS = [
  'enqueued',
  'notAccepted',
  'submissionHeld',
  'submissionStarted',
  'draftPrepared',
  'submissionAccepted',
  'draftCreated',
  'submissionThrottled',
  'submissionFailedTransiently',
  'submissionRefused',
  'outcomeUnknown',
  'foundInMailbox',
  'foundInSentItems',
  'notFoundAfterGrace',
  'reportReceived',
  ...RECIPIENT_EVENTS,
  'copyRemoved',
  'copyKept',
  'reportWindowClosed',
  'lifetimeExpired',
  'cancelled',
  'deadLettered',
] as const;
export type EventType = (typeof EVENTS)[number];

/** `same`: recorded, the state stays. `ignored`: late or repeated, nothing is written. `impossible`: a bug, nothing is written and it is reported. */
export type Verdict = State | 'same' | 'ignored' | 'impossible';

/** A cell of the table; `allFailed` is where the request goes instead once every recipient has failed. */
export interface Cell {
  to: Verdict;
  allFailed?: State;
}

type Row = { [from in State]?: Verdict | Cell } & { otherwise: 'ignored' | 'impossible' };

const waiting = <T extends Verdict>(to: T) => ({ queued: to, deferred: to });
const recorded = { queued: 'same', deferred: 'same', submitting: 'same', inDoubt: 'same' } as const;
const refusedForGood = { rejected: 'same', expired: 'same', cancelled: 'same', deadLettered: 'same' } as const;

/** What is reported as failed can end the request; every other report only stays on record. */
const failure: Row = {
  ...recorded,
  ...refusedForGood,
  accepted: { to: 'same', allFailed: 'failed' },
  sent: { to: 'same', allFailed: 'failed' },
  closed: { to: 'same', allFailed: 'failed' },
  unaccounted: { to: 'closed', allFailed: 'failed' },
  failed: 'same',
  otherwise: 'ignored',
};
const otherReport: Row = {
  ...recorded,
  ...refusedForGood,
  accepted: 'same',
  sent: 'same',
  closed: 'same',
  unaccounted: 'same',
  failed: 'same',
  otherwise: 'ignored',
};

/**
 * The transition table: per event the state that it leads to from each state, and a verdict for all others.
 * `submissionStarted` is the claim: cancel and expiry compete with it for the record's ETag.
 */
export const TRANSITIONS: Record<EventType, Row> = {
  enqueued: { queued: 'same', otherwise: 'ignored' },
  notAccepted: { queued: 'cancelled', otherwise: 'ignored' },
  submissionHeld: { ...waiting('same'), otherwise: 'ignored' },
  submissionStarted: { ...waiting('submitting'), otherwise: 'impossible' },
  draftPrepared: { submitting: 'same', inDoubt: 'same', otherwise: 'ignored' },
  submissionAccepted: { submitting: 'accepted', inDoubt: 'accepted', ...waiting('accepted'), unaccounted: 'accepted', otherwise: 'ignored' },
  draftCreated: { submitting: 'created', inDoubt: 'created', ...waiting('created'), otherwise: 'ignored' },
  submissionThrottled: { submitting: 'deferred', otherwise: 'ignored' },
  submissionFailedTransiently: { submitting: 'deferred', otherwise: 'ignored' },
  submissionRefused: { submitting: 'rejected', otherwise: 'ignored' },
  outcomeUnknown: { submitting: 'inDoubt', ...waiting('inDoubt'), inDoubt: 'same', otherwise: 'ignored' },
  foundInMailbox: { submitting: 'accepted', inDoubt: 'accepted', ...waiting('accepted'), unaccounted: 'accepted', otherwise: 'ignored' },
  foundInSentItems: {
    submitting: 'sent',
    inDoubt: 'sent',
    ...waiting('sent'),
    accepted: 'sent',
    unaccounted: 'sent',
    otherwise: 'ignored',
  },
  notFoundAfterGrace: { inDoubt: 'deferred', otherwise: 'ignored' },
  reportReceived: {
    submitting: 'accepted',
    inDoubt: 'accepted',
    ...waiting('accepted'),
    accepted: 'same',
    sent: 'same',
    closed: 'same',
    unaccounted: 'closed',
    failed: 'same',
    otherwise: 'ignored',
  },
  recipientFailed: failure,
  recipientDelayed: otherReport,
  recipientDelivered: otherReport,
  recipientRelayed: otherReport,
  recipientExpanded: otherReport,
  recipientRead: otherReport,
  recipientNotRead: otherReport,
  copyRemoved: { sent: 'same', closed: 'same', failed: 'same', otherwise: 'ignored' },
  copyKept: { sent: 'same', closed: 'same', failed: 'same', otherwise: 'ignored' },
  reportWindowClosed: { sent: 'closed', accepted: { to: 'unaccounted', allFailed: 'failed' }, otherwise: 'ignored' },
  lifetimeExpired: { ...waiting('expired'), inDoubt: 'unaccounted', otherwise: 'ignored' },
  cancelled: { ...waiting('cancelled'), otherwise: 'ignored' },
  deadLettered: { ...waiting('deadLettered'), submitting: 'unaccounted', inDoubt: 'unaccounted', otherwise: 'ignored' },
};

/** The cell for a state and an event. Every cell is decided. */
export function cellOf(from: State, event: EventType): Cell {
  const row = TRANSITIONS[event];
  const cell = row[from] ?? row.otherwise;
  return typeof cell === 'string' ? { to: cell } : cell;
}

export type Transition = { kind: 'applied'; state: State } | { kind: 'ignored' } | { kind: 'impossible' };

/** Where an event leads from a state. `everyRecipientFailed` is asked after the event has been folded into the recipients. */
export function transition(from: State, event: EventType, everyRecipientFailed = false): Transition {
  const { to, allFailed } = cellOf(from, event);
  if (to === 'ignored' || to === 'impossible') return { kind: to };
  if (everyRecipientFailed && allFailed) return { kind: 'applied', state: allFailed };
  return { kind: 'applied', state: to === 'same' ? from : to };
}
