// The timeline of a send request as lines: what has happened, and what comes next.
import type { SendRequestView } from '../api/send-request.ts';
import { type EventWords, wordsOfEvent } from './events.ts';

export interface TimelineLine extends EventWords {
  at?: string | undefined;
  attempt?: number | undefined;
  recipient?: string | undefined;
  /** Graph's answer, a report's words, or who has acted and why. */
  detail?: string | undefined;
  /** It has not happened yet. */
  isNext?: true;
}

/** States that wait for another attempt. */
const WAITING = ['queued', 'deferred', 'inDoubt'];

function comingOf({ status, nextAttemptDateTime, sendBefore, reportWindowEnds }: SendRequestView): TimelineLine[] {
  const lines: TimelineLine[] = [];
  const isWaiting = WAITING.includes(status);
  if (isWaiting && nextAttemptDateTime !== undefined) {
    const name = status === 'inDoubt' ? 'The mailbox is searched for it, and it is tried again if it is not there' : 'Next attempt';
    lines.push({ name, tone: 'open', at: nextAttemptDateTime, isNext: true });
  }
  if (isWaiting && sendBefore !== undefined)
    lines.push({ name: 'If it is not sent by then, it is given up', tone: 'quiet', at: sendBefore, isNext: true });
  if ((status === 'accepted' || status === 'sent') && reportWindowEnds !== undefined)
    lines.push({ name: 'Until then reports about it are read', tone: 'quiet', at: reportWindowEnds, isNext: true });
  return lines;
}

export function timelineOf(request: SendRequestView): TimelineLine[] {
  const past = request.events.map(({ type, dateTime, attempt, recipient, detail }) => ({
    ...wordsOfEvent(type),
    at: dateTime,
    attempt,
    recipient,
    detail,
  }));
  return [...past, ...comingOf(request)];
}
