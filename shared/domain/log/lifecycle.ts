// The life cycle of a send request: states, events and the transition table. Everything else only produces events.

/** States in which something is still to happen. */
export const OPEN_STATES = ['queued', 'submitting', 'deferred', 'inDoubt', 'accepted', 'sent'] as const;
export const TERMINAL_STATES = ['closed', 'failed', 'rejected', 'expired', 'cancelled', 'unaccounted', 'deadLettered', 'created'] as const;
export const STATES = [...OPEN_STATES, ...TERMINAL_STATES] as const;
export type State = (typeof STATES)[number];

export const isTerminal = (state: State): boolean => (TERMINAL_STATES as readonly State[]).includes(state);

/**
 * Events that say something about one recipient; their names are in the past tense of RFC 3464's actions and RFC 8098's dispositions,
 * and of what only the message trace tells.
 */
export const RECIPIENT_EVENTS = [
  'recipientFailed',
  'recipientDelayed',
  'recipientDelivered',
  'recipientRelayed',
  'recipientExpanded',
  'recipientRead',
  'recipientNotRead',
  'recipientQuarantined',
  'recipientFilteredAsSpam',
] as const;
export type RecipientEvent = (typeof RECIPIENT_EVENTS)[number];

/** Events that say how an attempt has ended. */
export const OUTCOMES = [
  'submissionAccepted',
  'draftCreated',
  'submissionThrottled',
  'submissionFailedTransiently',
  'submissionRefused',
  'outcomeUnknown',
] as const;

export const EVENTS = [
  'enqueued',
  'notAccepted',
  'repeatAnswered',
  'submissionHeld',
  'submissionStarted',
  'draftPrepared',
  ...OUTCOMES,
  'foundInMailbox',
  'foundInSentItems',
  'notFoundAfterGrace',
  'reportReceived',
  ...RECIPIENT_EVENTS,
  'copyRemoved',
  'copyKept',
  'reportWindowClosed',
  'reportWindowUnread',
  'lifetimeExpired',
  'cancelled',
  'deadLettered',
  'resent',
] as const;
export type EventType = (typeof EVENTS)[number];

/** `same`: recorded, the state stays. `ignored`: late or repeated, nothing is written. `impossible`: a bug, nothing is written and it is reported. */
export type NextState = State | 'same' | 'ignored' | 'impossible';

/**
 * A cell of the table. `allFailed` is where the request goes instead once every recipient has failed; `proven`, where Exchange itself
 * has shown that the mail was submitted; `mayHaveGone`, where an attempt may have sent the mail and nothing has shown that it did not.
 */
export interface Cell {
  to: NextState;
  allFailed?: State;
  proven?: State;
  mayHaveGone?: State;
}

type Row = { [from in State]?: NextState | Cell } & { otherwise: 'ignored' | 'impossible' };

const waiting = <T extends NextState>(to: T) => ({ queued: to, deferred: to });
const everyState = <T extends NextState>(to: T) => Object.fromEntries(STATES.map((state) => [state, to])) as Record<State, T>;
const recorded = { queued: 'same', deferred: 'same', submitting: 'same', inDoubt: 'same' } as const;
const refusedForGood = { rejected: 'same', expired: 'same', cancelled: 'same', deadLettered: 'same' } as const;

/** An end that says that the mail did not go out. If it may have gone, nobody can say so. */
const unsent = (to: State): Cell => ({ to, mayHaveGone: 'unaccounted' });

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
  // Another recipient's read receipt changes nothing. A report of Exchange itself outweighs a mail that only looks like a report.
  failed: { to: 'closed', allFailed: 'failed' },
  otherwise: 'ignored',
};

/**
 * The transition table: per event the state that it leads to from each state, and a next state for all others.
 * `submissionStarted` is the claim: cancel and expiry compete with it for the record's ETag.
 */
export const TRANSITIONS: Record<EventType, Row> = {
  enqueued: { queued: 'same', otherwise: 'ignored' },
  notAccepted: { queued: 'cancelled', otherwise: 'ignored' },
  // In every state the client gets the id again.
  repeatAnswered: { ...everyState('same'), otherwise: 'ignored' },
  submissionHeld: { ...waiting('same'), otherwise: 'ignored' },
  submissionStarted: { ...waiting('submitting'), otherwise: 'impossible' },
  draftPrepared: { submitting: 'same', inDoubt: 'same', otherwise: 'ignored' },
  submissionAccepted: {
    submitting: 'accepted',
    inDoubt: 'accepted',
    ...waiting('accepted'),
    unaccounted: 'accepted',
    otherwise: 'ignored',
  },
  draftCreated: { submitting: 'created', inDoubt: 'created', ...waiting('created'), otherwise: 'ignored' },
  submissionThrottled: { submitting: 'deferred', otherwise: 'ignored' },
  submissionFailedTransiently: { submitting: 'deferred', otherwise: 'ignored' },
  // Between two attempts, if the mailbox is missing, so that no look is possible.
  submissionRefused: { submitting: unsent('rejected'), deferred: unsent('rejected'), otherwise: 'ignored' },
  outcomeUnknown: { submitting: 'inDoubt', ...waiting('inDoubt'), inDoubt: 'same', otherwise: 'ignored' },
  foundInMailbox: { submitting: 'accepted', inDoubt: 'accepted', ...waiting('accepted'), unaccounted: 'accepted', otherwise: 'ignored' },
  foundInSentItems: {
    submitting: 'sent',
    inDoubt: 'sent',
    ...waiting('sent'),
    accepted: 'sent',
    unaccounted: 'sent',
    // A report may come before the copy. Then the copy's id, and that it must be removed, is still new.
    sent: 'same',
    closed: 'same',
    failed: 'same',
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
  recipientQuarantined: otherReport,
  recipientFilteredAsSpam: otherReport,
  copyRemoved: { sent: 'same', closed: 'same', failed: 'same', otherwise: 'ignored' },
  copyKept: { sent: 'same', closed: 'same', failed: 'same', otherwise: 'ignored' },
  reportWindowClosed: { sent: 'closed', accepted: { to: 'unaccounted', allFailed: 'failed', proven: 'closed' }, otherwise: 'ignored' },
  // We may not read the mailbox, so Graph's 202 is all that we know: that we saw no copy proves nothing.
  reportWindowUnread: { sent: 'closed', accepted: { to: 'closed', allFailed: 'failed' }, otherwise: 'ignored' },
  lifetimeExpired: { queued: 'expired', deferred: unsent('expired'), inDoubt: 'unaccounted', otherwise: 'ignored' },
  // If the mail may have gone, a cancellation still stops every further attempt.
  cancelled: { queued: 'cancelled', deferred: unsent('cancelled'), otherwise: 'ignored' },
  deadLettered: {
    queued: 'deadLettered',
    deferred: unsent('deadLettered'),
    submitting: 'unaccounted',
    inDoubt: 'unaccounted',
    otherwise: 'ignored',
  },
  resent: {
    rejected: 'same',
    expired: 'same',
    deadLettered: 'same',
    accepted: 'same',
    sent: 'same',
    closed: 'same',
    failed: 'same',
    unaccounted: 'same',
    otherwise: 'ignored',
  },
};

/** Final failures: a send request can be sent again from there, as a new one. */
export const RESENDABLE_STATES = ['failed', 'rejected', 'expired', 'unaccounted', 'deadLettered'] as const satisfies readonly State[];

/** Exchange has the mail: it can be sent again only to recipients that failed. */
export const PARTLY_RESENDABLE_STATES = ['accepted', 'sent', 'closed'] as const satisfies readonly State[];

export const isPartlyResendable = (state: State): boolean => (PARTLY_RESENDABLE_STATES as readonly State[]).includes(state);

/** Final failures after which nobody has got the mail: no attempt has submitted it. */
const UNSENT_STATES: readonly State[] = ['rejected', 'expired', 'deadLettered'];

export const isUnsent = (state: State): boolean => UNSENT_STATES.includes(state);

export const isResendable = (state: State): boolean => (RESENDABLE_STATES as readonly State[]).includes(state);

/** The cell for a state and an event. Every cell is decided. */
export function cellOf(from: State, event: EventType): Cell {
  const row = TRANSITIONS[event];
  const cell = row[from] ?? row.otherwise;
  return typeof cell === 'string' ? { to: cell } : cell;
}

export type Transition = { kind: 'applied'; state: State } | { kind: 'ignored' } | { kind: 'impossible' };

export interface TransitionConditions {
  /** Asked after the event has been folded into the recipients. */
  everyRecipientFailed?: boolean;
  /** Exchange itself has shown that the mail was submitted. */
  proven?: boolean;
  /** An attempt may have sent the mail, and nothing has shown that it did not. */
  mayHaveGone?: boolean;
}

/** Where an event leads from a state. */
export function transition(
  from: State,
  event: EventType,
  { everyRecipientFailed, proven, mayHaveGone }: TransitionConditions = {},
): Transition {
  const { to, allFailed, proven: ifProven, mayHaveGone: ifGone } = cellOf(from, event);
  if (to === 'ignored' || to === 'impossible') return { kind: to };
  if (everyRecipientFailed && allFailed) return { kind: 'applied', state: allFailed };
  if (proven && ifProven) return { kind: 'applied', state: ifProven };
  if (mayHaveGone && ifGone) return { kind: 'applied', state: ifGone };
  return { kind: 'applied', state: to === 'same' ? from : to };
}
