// A throttled mailbox: its mails wait, and then go one after the other, so that they do not all come back when the throttling ends.

export interface Throttle {
  /** Milliseconds since 1970. */
  until: number;
  /** How many mails have a time after `until` already. */
  turns: number;
}

/** Time between two mails of one mailbox after it was throttled: Exchange Online takes 30 messages a minute from a mailbox. */
export const SPACING_MS = 2_000;

/** A mail waits at most twice because other mails were throttled. Then it is submitted, and Graph's own answer decides. */
export const MAXIMUM_HOLDS = 2;

/** The pause of an account may be lifted before its time: a longer pause is asked about again this often. */
export const ASK_AGAIN_MS = 900_000;

/** When the next mail may go, and the throttle with that turn taken. */
export function takeTurn(throttle: Throttle): { at: number; throttle: Throttle } {
  return { at: throttle.until + throttle.turns * SPACING_MS, throttle: { ...throttle, turns: throttle.turns + 1 } };
}

/** The throttle after one more refusal: the later end counts. An earlier end changes nothing, and turns that were given remain. */
export function extend(throttle: Throttle | undefined, until: number): Throttle {
  if (!throttle || throttle.until < until) return { until, turns: 0 };
  return throttle;
}
