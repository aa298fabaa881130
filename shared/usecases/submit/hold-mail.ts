// Whether a mail must wait without an attempt: an operator has paused it, its account or the tenant is paused, or Graph throttles its mailbox.
import { suppressedInWords } from '../../domain/accept/suppression.ts';
import { type AccountPause, isWindowOver, mayProbe, nextProbe, TENANT } from '../../domain/act/account-pause.ts';
import { pauseFor, pauseScopeOf, pauseWaitMs } from '../../domain/act/pauses.ts';
import { canShow, isWithin, REACH_IN_WORDS } from '../../domain/act/tenant-reach.ts';
import { isDraftOnly } from '../../domain/operations.ts';
import { holdForPause, holdUntil } from '../../domain/submit/come-again.ts';
import type { ComeAgain } from '../../domain/submit/ending.ts';
import { ASK_AGAIN_MS, MAXIMUM_HOLDS } from '../../domain/submit/throttle.ts';
import { suppressedRecipients } from '../accept/suppressed-recipients.ts';
import type { Delivery } from './delivery.ts';

/** Paused by an operator. Undefined if no pause holds for this mail. Throws StoreUnavailable. */
export async function ifPaused({ context, message, stored, situation }: Delivery): Promise<ComeAgain | undefined> {
  const pause = pauseFor(await context.pauses.current(), message);
  if (!pause) return undefined;
  const waitMs = (waits: number) => pauseWaitMs(waits, context.askTurns.take(context.clock.now()), context.chance.number());
  return holdForPause(situation, pause, waitMs, stored.unwritten === undefined);
}

/** A pause of the mailbox, or of the tenant, that holds this mail. */
interface Held {
  /** The mailbox, or `TENANT`. */
  of: string;
  pause: AccountPause;
  /** Whether this mail could show that Exchange takes mail again. */
  canProbe: boolean;
}

/**
 * The sender policy holds mail to an address that does not exist, until the address is lifted or its time is over. The timeline names it
 * once. Throws StoreUnavailable.
 */
export async function ifSuppressed({ context, message, stored, situation }: Delivery): Promise<ComeAgain | undefined> {
  if (!message.suppressionHold) return undefined;
  const found = await suppressedRecipients(context, message);
  const [first] = found;
  if (!first) return undefined;
  const { suppressedDateTime: setDateTime } = first;
  const pause = { id: 'suppression', setBy: 'report', setDateTime, reason: suppressedInWords(found) };
  return holdForPause(situation, pause, () => ASK_AGAIN_MS, stored.unwritten === undefined);
}

/** A draft that is only made shows nothing: Exchange is not asked to send it. */
const isSent = ({ record }: Delivery): boolean => !isDraftOnly(record.operation);

async function mailboxHold(delivery: Delivery): Promise<Held | undefined> {
  const { mailbox } = delivery.message;
  const pause = await delivery.context.accountPauses.current(mailbox);
  return pause && { of: mailbox, pause, canProbe: isSent(delivery) };
}

/** The log keeps what became of the recipients; who they are does not change. */
async function tenantHold(delivery: Delivery): Promise<Held | undefined> {
  const { context, message, now } = delivery;
  const pause = await context.accountPauses.current(TENANT);
  const { acceptedDomains } = context.rules;
  if (!pause?.reach || !isWithin(pause.reach, message, acceptedDomains)) return undefined;
  return { of: TENANT, pause, canProbe: isSent(delivery) && canShow(pause.reach, message, acceptedDomains, isWindowOver(pause, now)) };
}

/**
 * The tenant's pause comes first. A mail of an account that is paused itself cannot show anything of the tenant, and the account is probed
 * when the tenant's pause is over.
 */
async function holdOf(delivery: Delivery): Promise<Held | undefined> {
  const [tenant, mailbox] = [await tenantHold(delivery), await mailboxHold(delivery)];
  return tenant && mailbox ? { ...tenant, canProbe: false } : (tenant ?? mailbox);
}

/** Whether this mail is the one that goes out while the pause lasts: of all instances one makes it so. Throws StoreUnavailable. */
async function isProbe(delivery: Delivery, { of, pause, canProbe }: Held): Promise<boolean> {
  const { context, message } = delivery;
  if (!canProbe || !mayProbe(pause, message.id, delivery.now)) return false;
  if (!(await context.accountPauses.probe(of, message.id, of === TENANT ? message.mailbox : undefined))) return false;
  const { id: sendRequestId, mailbox, traceparent } = message;
  context.telemetry.event('accountProbed', { sendRequestId, mailbox, scope: pauseScopeOf(of), traceparent });
  return true;
}

/**
 * No mail goes to a paused account, even if it was held often. The pause may be lifted early, so mails ask again, each in
 * its turn: then they do not all go out at once when it ends. The first that asks comes back when it is time for a probe.
 */
function whenToAsk(delivery: Delivery, { of, pause, canProbe }: Held): number {
  const { context, message } = delivery;
  const [now, until, probeAt] = [context.clock.now(), Date.parse(pause.until), Date.parse(nextProbe(pause))];
  const askAgain = now + ASK_AGAIN_MS;
  const earliest = until > now ? Math.min(until, askAgain) : askAgain;
  const isSoon = probeAt > now && probeAt < earliest;
  if (isSoon && canProbe && context.throttles.comesForProbe(of, probeAt)) return probeAt;
  return context.throttles.slot(message.mailbox, earliest);
}

const whyHeld = ({ pause: { reach, until, reason, since } }: Held): string =>
  reach === undefined ? `the mailbox is paused until ${until}: ${reason}` : `${REACH_IN_WORDS[reach]} is paused since ${since}: ${reason}`;

/** The probe goes though Graph throttles the mailbox: Graph's own answer decides. */
async function underPause(delivery: Delivery): Promise<ComeAgain | 'notPaused' | 'isProbe'> {
  const held = await holdOf(delivery);
  if (!held) return 'notPaused';
  if (await isProbe(delivery, held)) return 'isProbe';
  return holdUntil(delivery.situation, whenToAsk(delivery, held), whyHeld(held));
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
