// Pauses: what an operator has paused, which pause holds for a mail, how long a paused mail waits before it is checked again, and how a list names the pauses of accounts.
import { type AccountPause, nextProbe, TENANT } from './account-pause.ts';
import type { TenantReach } from './tenant-reach.ts';

export const PAUSE_SCOPES = ['everything', 'mailbox', 'application'] as const;
export type PauseScope = (typeof PAUSE_SCOPES)[number];

export interface Pause {
  /** `everything`, or scope and name. */
  id: string;
  scope: PauseScope;
  /** Canonical mailbox, or application id. */
  name?: string;
  reason: string;
  /** Object id of the person who set it, or the id of the application. */
  setBy: string;
  setDateTime: string;
}

export const pauseIdOf = (scope: PauseScope, name?: string): string => (name === undefined ? scope : `${scope}:${name}`);

/** What can be listed and lifted: `account` is the pause of a mailbox, `tenant` that of the tenant by a report of Exchange, which nobody can order. */
export const LISTED_SCOPES = [...PAUSE_SCOPES, 'account', 'tenant'] as const;
export type ListedScope = (typeof LISTED_SCOPES)[number];

export interface ListedAccountPause {
  /** `account:` and the mailbox, or `tenant`. */
  id: string;
  scope: 'account' | 'tenant';
  name?: string;
  reason: string;
  setBy: 'report';
  /** When the report came in. */
  setDateTime: string;
  /** An account's pause ends then by itself, if it is not lifted before. For the tenant: the end of the limit's window. */
  until: string;
  /** Of the tenant: which of its mail is held. */
  reach?: TenantReach;
  /** When the next mail may probe. */
  nextProbeDateTime: string;
  /** The send request that probes now. */
  probe?: string;
}

/** Whose pause a row is: `TENANT` stands for the tenant. */
export const pauseScopeOf = (mailbox: string): 'account' | 'tenant' => (mailbox === TENANT ? 'tenant' : 'account');

export const listedAccountPause = (mailbox: string, pause: AccountPause): ListedAccountPause => ({
  ...(mailbox === TENANT ? { id: 'tenant', scope: 'tenant' } : { id: `account:${mailbox}`, scope: 'account', name: mailbox }),
  reason: pause.reason,
  setBy: 'report',
  setDateTime: pause.since,
  until: pause.until,
  ...(pause.reach && { reach: pause.reach }),
  nextProbeDateTime: nextProbe(pause),
  ...(pause.probe && { probe: pause.probe.sendRequestId }),
});

/** The widest pause that holds for a mail. */
export function pauseFor(pauses: readonly Pause[], { mailbox, application }: { mailbox: string; application: string }): Pause | undefined {
  const ids = [pauseIdOf('everything'), pauseIdOf('mailbox', mailbox), pauseIdOf('application', application)];
  return ids.map((id) => pauses.find((pause) => pause.id === id)).find((pause) => pause !== undefined);
}

const FIRST_WAIT_MS = 5_000;
/** The longest wait if few mails are paused: they go on within a minute or so after the pause was lifted. */
const WAIT_OF_FEW_MS = 60_000;
/** The longest wait if many mails are paused. */
const LONGEST_WAIT_MS = 900_000;

/**
 * Of one process. An ask costs a receive and a send, and Service Bus Standard has 1,000 credits a second for the namespace: 40 instances
 * (`maximumInstanceCount`) then take less than all.
 */
export const ASKS_PER_SECOND = 10;

/** Until when turns to ask are taken, in milliseconds since 1970, with one more than until `taken`. */
export const nextAsk = (taken: number, now: number): number =>
  Math.min(Math.max(taken, now) + 1_000 / ASKS_PER_SECOND, now + LONGEST_WAIT_MS);

/**
 * How long a held mail waits before it asks again: longer each time, up to a minute; with many held mails as long as the turns of
 * the others take (`othersMs`), up to a quarter of an hour. Some wait less, so that not all ask at once.
 */
export function pauseWaitMs(waits: number, othersMs: number, chance: number): number {
  const grown = Math.min(FIRST_WAIT_MS * 2 ** Math.min(waits - 1, 10), WAIT_OF_FEW_MS);
  return Math.round(Math.max(grown, Math.min(othersMs, LONGEST_WAIT_MS)) * (1 - chance / 4));
}
