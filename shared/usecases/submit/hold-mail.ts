// Whether a mail must wait without an attempt: an operator has paused it, its account is paused, or Graph throttles its mailbox.
import { type AccountPause, mayProbe, nextProbe } from '../../domain/act/account-pause.ts';
import { pauseFor, pauseWaitMs } from '../../domain/act/pauses.ts';
import { isDraftOnly } from '../../domain/operations.ts';
import { holdForPause, holdUntil } from '../../domain/submit/come-again.ts';
import type { ComeAgain } from '../../domain/submit/ending.ts';
import { ASK_AGAIN_MS, MAXIMUM_HOLDS } from '../../domain/submit/throttle.ts';
import type { Delivery } from './delivery.ts';

/** Paused by an operator. Undefined if no pause holds for this mail. Throws StoreUnavailable. */
export async function ifPaused({ context, message, stored, situation }: Delivery): Promise<ComeAgain | undefined> {
  const pause = pauseFor(await context.pauses.current(), message);
  if (!pause) return undefined;
  const waitMs = (waits: number) => pauseWaitMs(waits, context.askTurns.take(context.clock.now()), context.chance.number());
  return holdForPause(situation, pause, waitMs, stored.unwritten === undefined);
}

/** A draft that is only made shows nothing: Exchange is not asked to send it. */
const canProbe = ({ record }: Delivery): boolean => !isDraftOnly(record.operation);

/** Whether this mail is the one that goes out while the account is paused: of all instances one makes it so. Throws StoreUnavailable. */
async function isProbe(delivery: Delivery, pause: AccountPause): Promise<boolean> {
  const { context, message } = delivery;
  if (!canProbe(delivery) || !mayProbe(pause, message.id, delivery.now)) return false;
  if (!(await context.accountPauses.probe(message.mailbox, message.id))) return false;
  context.telemetry.event('accountProbed', { sendRequestId: message.id, mailbox: message.mailbox, traceparent: message.traceparent });
  return true;
}

/**
 * No mail goes to a paused account, even if it was held often. The pause may be lifted early, so mails ask again, each in
 * its turn: then they do not all go out at once when it ends. The first that asks comes back when it is time for a probe.
 */
function whenToAsk(delivery: Delivery, pause: AccountPause): number {
  const { context, message } = delivery;
  const [now, until, probeAt] = [context.clock.now(), Date.parse(pause.until), Date.parse(nextProbe(pause))];
  const earliest = Math.min(until, now + ASK_AGAIN_MS);
  const isSoon = probeAt > now && probeAt < earliest;
  if (isSoon && canProbe(delivery) && context.throttles.comesForProbe(message.mailbox, probeAt)) return probeAt;
  return context.throttles.slot(message.mailbox, earliest);
}

/** The probe goes though Graph throttles the mailbox: Graph's own answer decides. */
async function underPause(delivery: Delivery): Promise<ComeAgain | 'notPaused' | 'isProbe'> {
  const paused = await delivery.context.accountPauses.current(delivery.message.mailbox);
  if (!paused) return 'notPaused';
  if (await isProbe(delivery, paused)) return 'isProbe';
  const detail = `the mailbox is paused until ${paused.until}: ${paused.reason}`;
  return holdUntil(delivery.situation, whenToAsk(delivery, paused), detail);
}

/** A mail that its blocked account cannot send waits. Throws StoreUnavailable. */
export async function ifAccountPaused(delivery: Delivery): Promise<ComeAgain | undefined> {
  const held = await underPause(delivery);
  return typeof held === 'string' ? undefined : held;
}

/** A mail that Graph would throttle, or that its blocked account cannot send, waits. Throws StoreUnavailable. */
export async function ifMailboxMustWait(delivery: Delivery): Promise<ComeAgain | undefined> {
  const held = await underPause(delivery);
  if (held !== 'notPaused') return held === 'isProbe' ? undefined : held;
  const { context, message } = delivery;
  // Throttling may be over by now: after some holds the mail is submitted, and Graph's own answer decides.
  const turn = (message.holds ?? 0) < MAXIMUM_HOLDS ? context.throttles.turn(message.mailbox, context.clock.now()) : undefined;
  return turn === undefined ? undefined : holdUntil(delivery.situation, turn, 'the mailbox is being throttled');
}
