// The stop switch: what an operator has paused, which pause a mail is under, and how long it waits before it asks again.

export const STOP_SCOPES = ['everything', 'mailbox', 'application'] as const;
export type StopScope = (typeof STOP_SCOPES)[number];

export interface Stop {
  /** `everything`, or scope and name. */
  id: string;
  scope: StopScope;
  /** Canonical mailbox, or application id. */
  name?: string;
  reason: string;
  /** Application id of the operator. */
  setBy: string;
  setDateTime: string;
}

export const stopIdOf = (scope: StopScope, name?: string): string => (name === undefined ? scope : `${scope}:${name}`);

/** The widest pause that a mail is under. */
export function stopFor(stops: readonly Stop[], { mailbox, application }: { mailbox: string; application: string }): Stop | undefined {
  const ids = [stopIdOf('everything'), stopIdOf('mailbox', mailbox), stopIdOf('application', application)];
  return ids.map((id) => stops.find((stop) => stop.id === id)).find((stop) => stop !== undefined);
}

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;

/** Soon at first, then each minute: a mail goes on within a minute or so after its pause was lifted, and not all of them at once. */
export function stopWaitMs(waits: number, chance: number): number {
  const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.min(waits - 1, 10), LONGEST_WAIT_MS);
  return Math.round(wait * (1 + chance / 4));
}
