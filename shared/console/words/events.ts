// What each event of a timeline means, in words.
import type { EventType } from '../../domain/log/lifecycle.ts';
import type { Tone } from './states.ts';

export interface EventWords {
  name: string;
  tone: Tone;
}

const EVENT_WORDS: Readonly<Record<EventType, EventWords>> = {
  enqueued: { name: 'Accepted from the application, and put on the queue', tone: 'open' },
  notAccepted: { name: 'Withdrawn: the application was told that it was not accepted', tone: 'quiet' },
  repeatAnswered: { name: 'The application repeated the request, and got this id again', tone: 'quiet' },
  submissionHeld: { name: 'Held', tone: 'open' },
  submissionStarted: { name: 'Attempt began', tone: 'open' },
  draftPrepared: { name: 'Draft made in the mailbox', tone: 'open' },
  submissionAccepted: { name: 'Graph has accepted it', tone: 'good' },
  draftCreated: { name: 'The draft is there', tone: 'good' },
  submissionThrottled: { name: 'Graph asks to come later', tone: 'open' },
  submissionFailedTransiently: { name: 'The attempt failed, and certainly sent nothing', tone: 'open' },
  submissionRefused: { name: 'Graph refuses it for good', tone: 'bad' },
  outcomeUnknown: { name: 'The outcome of the attempt is unknown', tone: 'doubt' },
  foundInMailbox: { name: 'Found in the mailbox: it was sent', tone: 'good' },
  foundInSentItems: { name: 'Its copy is in Sent Items', tone: 'good' },
  notFoundAfterGrace: { name: 'Not found in the mailbox: it was not sent', tone: 'open' },
  reportReceived: { name: 'A report came in', tone: 'open' },
  recipientFailed: { name: 'Not delivered', tone: 'bad' },
  recipientDelayed: { name: 'Delivery is delayed', tone: 'open' },
  recipientDelivered: { name: 'Delivered', tone: 'good' },
  recipientRelayed: { name: 'Handed to another server', tone: 'good' },
  recipientExpanded: { name: 'Delivered to a distribution list', tone: 'good' },
  recipientRead: { name: 'Read', tone: 'good' },
  recipientNotRead: { name: 'Deleted without being read', tone: 'quiet' },
  recipientQuarantined: { name: 'In quarantine', tone: 'bad' },
  recipientFilteredAsSpam: { name: 'Filtered as spam', tone: 'bad' },
  copyRemoved: { name: 'The copy was removed from Sent Items, as was asked', tone: 'quiet' },
  copyKept: { name: 'The copy in Sent Items could not be removed', tone: 'quiet' },
  reportWindowClosed: { name: 'The time for reports is over', tone: 'quiet' },
  reportWindowUnread: { name: 'The time for reports is over. The queue may not read this mailbox, so it has seen none', tone: 'quiet' },
  lifetimeExpired: { name: 'Its lifetime is over', tone: 'bad' },
  cancelled: { name: 'Cancelled', tone: 'quiet' },
  deadLettered: { name: 'Given up by the queue', tone: 'bad' },
  resent: { name: 'Sent again as a new send request', tone: 'quiet' },
};

/** An event that this page does not know is shown as it is. */
export const wordsOfEvent = (type: string): EventWords =>
  Object.hasOwn(EVENT_WORDS, type) ? EVENT_WORDS[type as EventType] : { name: type, tone: 'quiet' };
