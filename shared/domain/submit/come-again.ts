// The endings that come again later, one builder for each cause.
import type { Pause } from '../act/pauses.ts';
import { after } from '../duration.ts';
import type { LimitName } from '../limits/account.ts';
import type { Reservation } from '../limits/mailbox-usage.ts';
import type { Claim, Doubt, SendRequestRecord } from '../log/send-request.ts';
import type { ComeAgain, Entry, Situation } from './ending.ts';
import { visibleFrom } from './queue-message.ts';
import { intervalMs, type RetrySchedule } from './retry-schedule.ts';
import { type Carried, nextStep } from './successor.ts';

/** A store that is out of reach is tried again after at most this time. */
const LONGEST_POSTPONEMENT_MS = 300_000;

const waitsOf = ({ message }: Situation): number => (message.waits ?? 0) + 1;

/** The successor carries what the message knew of an attempt, and the time that it was given. */
const carry = ({ message: { known, reservation } }: Situation, more: Carried): Carried => ({
  ...(reservation && { reservation }),
  ...more,
  ...(known && { known }),
});

const noLater = (at: string, { record: { sendBefore } }: Situation): string => (at < sendBefore ? at : sendBefore);

/** If our clock is ahead of Service Bus's, the message comes too early again and again, so each wait in a row adds a second. A long wait is made in several steps. */
export function waitUntil(situation: Situation, until: string): ComeAgain {
  const waits = waitsOf(situation);
  return {
    kind: 'comeAgain',
    at: visibleFrom(after(until, (waits - 1) * 1000), situation.now),
    carries: carry(situation, { waits }),
  };
}

/** A look was not possible, or its result proves nothing yet. */
export function lookAgain(situation: Situation, retry: RetrySchedule): ComeAgain {
  const waits = waitsOf(situation);
  return { kind: 'comeAgain', at: after(situation.now, intervalMs(retry, waits)), carries: carry(situation, { waits }) };
}

/** The log or the content store is out of reach, so nothing is submitted: no table, no POST. */
export function postpone(situation: Situation, retry: RetrySchedule, reason: string): ComeAgain {
  const waits = waitsOf(situation);
  const at = after(situation.now, Math.min(intervalMs(retry, waits), LONGEST_POSTPONEMENT_MS));
  return { kind: 'comeAgain', at, carries: carry(situation, { waits, holds: situation.message.holds ?? 0 }), postponed: reason };
}

/** The mail may be out: no POST before the grace is over and a look has not found it. */
export function startDoubt({ now }: Situation, doubt: Doubt, claim: Claim | undefined, detail: string): ComeAgain {
  const nonce = claim?.nonce ?? 'none';
  return {
    kind: 'comeAgain',
    at: doubt.graceUntil,
    carries: claim ? { known: { outcome: 'unknown', nonce, doubt, claim } } : {},
    entry: {
      event: { type: 'outcomeUnknown', dateTime: now, fact: nonce, detail, patch: { doubt, ...(claim && { claim }) } },
      onlyIf: 'unchanged',
    },
  };
}

const held = (now: string, fact: string, detail: string, patch: Partial<SendRequestRecord> = {}): Entry => ({
  event: { type: 'submissionHeld', dateTime: now, fact, detail, patch },
  onlyIf: 'unchanged',
});

/** Something that an attempt needs does not exist yet, or cannot be read. */
export function waitFor(situation: Situation, retry: RetrySchedule, detail: string, longestMs = Infinity): ComeAgain {
  const waits = waitsOf(situation);
  const waited = Math.min(intervalMs(retry, waits), longestMs * 2 ** Math.min(waits - 1, 6));
  const fact = String(nextStep(situation.message, situation.record));
  return {
    kind: 'comeAgain',
    at: after(situation.now, waited),
    carries: carry(situation, { waits }),
    entry: held(situation.now, fact, detail),
  };
}

/** Graph throttles the mailbox, or its account is paused, until `end` in milliseconds since 1970. */
export function holdUntil(situation: Situation, end: number, detail: string): ComeAgain {
  const fact = String(nextStep(situation.message, situation.record));
  return {
    kind: 'comeAgain',
    at: noLater(new Date(end).toISOString(), situation),
    carries: carry(situation, { holds: (situation.message.holds ?? 0) + 1 }),
    entry: held(situation.now, fact, detail),
  };
}

/** A limit is reached. The mail has its own time, or asks again at `at`, and its timeline says for which limit it waits. */
export function holdForLimit(situation: Situation, at: number, limit: LimitName, detail: string, reservation?: Reservation): ComeAgain {
  const fact = String(nextStep(situation.message, situation.record));
  const { reservation: _old, ...carried } = carry(situation, { holds: situation.message.holds ?? 0 });
  return {
    kind: 'comeAgain',
    at: noLater(new Date(at).toISOString(), situation),
    carries: { ...carried, ...(reservation && { reservation }) },
    entry: held(situation.now, fact, detail, { heldBy: `limit:${limit}` }),
  };
}

/** An operator has paused the mail, or a recipient is suppressed. It asks again after `waitMs`, and its timeline names each pause once, because it may ask a thousand times. */
export function holdForPause(
  situation: Situation,
  pause: Pick<Pause, 'id' | 'setBy' | 'setDateTime' | 'reason'>,
  waitMs: (waits: number) => number,
  isWritten: boolean,
): ComeAgain {
  const waits = waitsOf(situation);
  const heldBy = `${pause.id} ${pause.setDateTime}`;
  const detail = `paused (${pause.id}) by ${pause.setBy}: ${pause.reason}`;
  return {
    kind: 'comeAgain',
    at: noLater(after(situation.now, waitMs(waits)), situation),
    carries: carry(situation, { waits, holds: situation.message.holds ?? 0 }),
    ...(isWritten && situation.record.heldBy === heldBy
      ? { patch: {} }
      : { entry: held(situation.now, `pause-${pause.setDateTime}`, detail, { heldBy }) }),
  };
}
