// How a delivery of a queue message ends: a pure value of one of five kinds. `finish` carries it out, and nothing else does.
import type { LifecycleEvent } from '../log/apply-event.ts';
import type { SendRequestRecord } from '../log/send-request.ts';
import type { QueueMessage } from './queue-message.ts';
import type { Carried } from './successor.ts';

/** What an ending is decided on. */
export interface Situation {
  message: QueueMessage;
  record: SendRequestRecord;
  /** RFC 3339 in UTC with milliseconds. */
  now: string;
}

/**
 * Whether an event may still be written if the record has changed since the decision. `unchanged`: no, the decision holds for that
 * record only. `ownClaim`: yes, as long as the claim is the same, since only its worker knows the outcome. `always`: it is a fact.
 */
export type Condition = 'unchanged' | 'ownClaim' | 'always';

/** An event for the log. */
export interface Entry {
  event: LifecycleEvent;
  onlyIf: Condition;
}

export function mayWrite(condition: Condition, decidedOn: SendRequestRecord, current: SendRequestRecord): boolean {
  if (condition === 'always') return true;
  return condition === 'unchanged' ? current === decidedOn : current.claim?.nonce === decidedOn.claim?.nonce;
}

/** The request goes on at a time: a successor is scheduled, then the log learns of it. */
export interface ComeAgain {
  kind: 'comeAgain';
  /** RFC 3339. */
  at: string;
  carries: Carried;
  entry?: Entry;
  /** Changes the record without a line in its timeline. Only without an entry. */
  patch?: Partial<SendRequestRecord>;
  /** A store is out of reach, in these words. */
  postponed?: string;
}

/** The request ends with an event. */
export interface EndWithEvent {
  kind: 'endWithEvent';
  entry: Entry;
  /** The content is copied to where `resend` finds it, before the event: a terminal request has its content. */
  keepForResend: boolean;
  /** The content in Blob Storage goes after the event. */
  releaseContent: boolean;
  /** Drafts that the request has left in the mailbox go, if the event was written. */
  discardDrafts: boolean;
  /** Poison: the queue message is kept aside with this reason, before the event. */
  setAside?: string;
}

/** The record is not what the decision was made on, or the entry changes it: the same delivery decides again on the newest record. */
export interface DecideAgain {
  kind: 'decideAgain';
  entry?: Entry;
}

/** Exchange has the mail, or the draft is made. */
export interface Accepted {
  kind: 'accepted';
  /** Absent if a look has written already what it found. */
  entry?: Entry;
  /** If the log is out of reach. Absent: as for any store that is out of reach. */
  ifUnwritten?: ComeAgain;
}

/** The queue message is no longer needed. */
export interface Drop {
  kind: 'drop';
  reason: string;
  /** The queue message is kept aside: a future version may know what to do with it. */
  setAside?: boolean;
}

export type Ending = ComeAgain | EndWithEvent | DecideAgain | Accepted | Drop;
