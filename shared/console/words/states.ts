// What each state of a send request means, in words. The sign beside it says the same to those who do not see colours.
import type { State } from '../../domain/log/lifecycle.ts';

export type Tone = 'open' | 'good' | 'bad' | 'doubt' | 'quiet';

export interface StateWords {
  name: string;
  meaning: string;
  tone: Tone;
}

const STATE_WORDS: Readonly<Record<State, StateWords>> = {
  queued: { name: 'Queued', meaning: 'It is on the queue, and waits for its first attempt.', tone: 'open' },
  submitting: { name: 'Submitting', meaning: 'A worker is giving it to Graph now.', tone: 'open' },
  deferred: { name: 'Deferred', meaning: 'It waits for its next attempt. Nothing has been sent.', tone: 'open' },
  inDoubt: {
    name: 'In doubt',
    meaning: 'Nobody knows yet whether the last attempt sent it. The queue looks for it in the mailbox, and does not send it meanwhile.',
    tone: 'doubt',
  },
  accepted: { name: 'Accepted', meaning: 'Graph has taken it. The copy in Sent Items has not been seen yet.', tone: 'good' },
  sent: { name: 'Sent', meaning: 'Its copy is in Sent Items. The queue still reads reports about it.', tone: 'good' },
  closed: { name: 'Closed', meaning: 'It was sent, and the time for reports is over.', tone: 'good' },
  failed: { name: 'Failed', meaning: 'It was sent, and every recipient has failed.', tone: 'bad' },
  rejected: { name: 'Rejected', meaning: 'Graph refuses it for good. Nothing was sent.', tone: 'bad' },
  expired: { name: 'Expired', meaning: 'It could not be sent within its lifetime. Nothing was sent.', tone: 'bad' },
  cancelled: { name: 'Cancelled', meaning: 'Somebody has cancelled it. Nothing was sent.', tone: 'quiet' },
  unaccounted: {
    name: 'Unaccounted',
    meaning: 'It may have been sent, and nothing proves it. Look in Sent Items and in the message trace before you send it again.',
    tone: 'doubt',
  },
  deadLettered: { name: 'Dead-lettered', meaning: 'The queue has given it up. Nothing was sent.', tone: 'bad' },
  created: { name: 'Draft created', meaning: 'It made a draft, as was asked. Nothing was to be sent.', tone: 'quiet' },
};

/** A state that this page does not know is shown as it is. */
export const wordsOfState = (status: string): StateWords =>
  Object.hasOwn(STATE_WORDS, status)
    ? STATE_WORDS[status as State]
    : { name: status, meaning: 'This page does not know this state. A newer version wrote it.', tone: 'quiet' };

export const SIGNS: Readonly<Record<Tone, string>> = { open: '◔', good: '✓', bad: '✕', doubt: '?', quiet: '–' };
