// Whether a mail must wait without an attempt: an operator has paused it, its account is paused, or Graph throttles its mailbox.
import { pauseFor, pauseWaitMs } from '../../domain/act/pauses.ts';
import { holdForPause, holdUntil } from '../../domain/submit/come-again.ts';
import type { ComeAgain } from '../../domain/submit/ending.ts';
import { ASK_AGAIN_MS, MAXIMUM_HOLDS } from '../../domain/submit/throttle.ts';
import type { Delivery } from './delivery.ts';

/** Paused by an operator. Undefined if nothing that this mail is under is paused. Throws StoreUnavailable. */
export async function ifPaused({ context, message, stored, situation }: Delivery): Promise<ComeAgain | undefined> {
  const pause = pauseFor(await context.pauses.current(), message);
  if (!pause) return undefined;
  const waitMs = (waits: number) => pauseWaitMs(waits, context.askTurns.take(context.clock.now()), context.chance.number());
  return holdForPause(situation, pause, waitMs, stored.unwritten === undefined);
}

/** No mail runs into a paused account, however often it was held. The pause may be lifted before its time, so mails ask again. */
function turnAfterPause({ context, message: { mailbox } }: Delivery, until: number): number | undefined {
  const now = context.clock.now();
  if (until > now + ASK_AGAIN_MS) return now + ASK_AGAIN_MS;
  context.throttles.throttle(mailbox, until);
  return context.throttles.turn(mailbox, now);
}

/** Throttling may be over by now: after some holds the mail is submitted, and Graph's own answer decides. */
const turnAfterThrottling = ({ context, message: { mailbox, holds = 0 } }: Delivery): number | undefined =>
  holds < MAXIMUM_HOLDS ? context.throttles.turn(mailbox, context.clock.now()) : undefined;

/** A mail that Graph would throttle, or that its blocked account cannot send, waits. Throws StoreUnavailable. */
export async function ifMailboxMustWait(delivery: Delivery): Promise<ComeAgain | undefined> {
  const paused = await delivery.context.accountPauses.current(delivery.message.mailbox);
  const turn = paused ? turnAfterPause(delivery, Date.parse(paused.until)) : turnAfterThrottling(delivery);
  if (turn === undefined) return undefined;
  const detail = paused ? `the mailbox is paused until ${paused.until}: ${paused.reason}` : 'the mailbox is being throttled';
  return holdUntil(delivery.situation, turn, detail);
}
