// Holding a mailbox's next mails back: each gets a slot of its own after the pause, so that there is no herd when it ends.

export interface Pause {
  until: number;
  /** Slots given out so far. */
  slots: number;
}

/** Time between two mails of one mailbox after a pause: Exchange Online takes 30 messages a minute from a mailbox. */
export const SLOT_MS = 2_000;

/** A mail is rescheduled at most twice for other mails' throttling; then it finds out for itself. */
export const MAXIMUM_HOLDS = 2;

/** A pause that an operator may lift is asked about again this often, also where it is longer. */
export const ASK_AGAIN_MS = 900_000;

/** The next slot after a pause, and the pause with that slot taken. */
export function takeSlot(pause: Pause): { at: number; pause: Pause } {
  return { at: pause.until + pause.slots * SLOT_MS, pause: { ...pause, slots: pause.slots + 1 } };
}

/** The pause after a new refusal: the later end wins; slots given out stay given out. */
export function extend(pause: Pause | undefined, until: number): Pause {
  if (!pause || pause.until < until) return { until, slots: 0 };
  return pause;
}
