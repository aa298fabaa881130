// The pause of a mailbox, or of the whole tenant, that Exchange reports as blocked or over a limit, as a circuit breaker: a report opens it, after
// some minutes one mail probes (half-open), and the pause is lifted (closed) if that mail went through and no such report came for a while.
import { after } from '../duration.ts';
import type { SendRequestRecord } from '../log/send-request.ts';
import { type TenantReach, wider } from './tenant-reach.ts';

/** Stands in the place of a mailbox for the whole tenant. No mailbox has this name. */
export const TENANT = '*';

/** The one mail that may go while the pause lasts. */
export interface Probe {
  sendRequestId: string;
  /** Of a tenant's probe: whose mail it is. */
  mailbox?: string;
  startedDateTime: string;
}

/** Times are RFC 3339 in UTC. */
export interface AccountPause {
  /** A mailbox's pause ends then in any case. A tenant's goes on until a probe went through: all mailboxes would find out together. */
  until: string;
  /** What Exchange's report said, in a few words. */
  reason: string;
  /** When the report came in that began it, or made it longer. */
  since: string;
  /** How many reports in a row have opened the breaker: the one that began the pause, and those that answered a probe. */
  closings: number;
  /** Only of the tenant: which of its mail is held. */
  reach?: TenantReach;
  /** No mail probes before this time. */
  probeDateTime: string;
  probe?: Probe;
}

/** A report that our own account, or with `reach` our tenant, has failed. */
export interface AccountReport {
  until: string;
  reason: string;
  reach?: TenantReach;
  /** When it came in. */
  since: string;
  /** The send request that it is about. */
  sendRequestId?: string;
}

/** What is kept of a mailbox. */
export interface AccountState {
  pause?: AccountPause | undefined;
  /** Reports that came in up to this time start no new pause. */
  liftedDateTime?: string | undefined;
}

/** From a report to the first probe. Each probe that fails doubles it: such a probe is a mail that its recipient does not get. */
export const PROBE_AFTER_MS = 10 * 60_000;
/** A limit of a day may be free again much earlier, as Exchange counts in a sliding window. */
const LONGEST_PROBE_WAIT_MS = 2 * 3_600_000;
/** The pause is lifted if no such report comes for this long after the probe was accepted. Exchange returns a mail of a blocked account within a minute or two. */
export const QUIET_MS = 10 * 60_000;
/** A probe is settled within this time, or another mail may probe. It is longer than QUIET_MS and a few runs of the reconciler. */
export const PROBE_MS = 20 * 60_000;
/** Each mail of a blocked account brings a report of its own: a pause is not made longer by less than this. */
const LONGER_BY_MS = 60_000;

const time = (dateTime: string): number => Date.parse(dateTime);

/** The pause that is on. */
export const pauseNow = ({ pause }: AccountState, now: string): AccountPause | undefined =>
  pause && (pause.reach !== undefined || time(pause.until) > time(now)) ? pause : undefined;

/** Whether the time is over in which Exchange is known to refuse. */
export const isWindowOver = ({ until }: AccountPause, now: string): boolean => time(until) <= time(now);

/** Graph gives the time of receipt in whole seconds. The clocks differ, so a report on the probe itself counts in any case. */
const isOnProbe = ({ startedDateTime, sendRequestId }: Probe, report: AccountReport): boolean =>
  report.sendRequestId === sendRequestId || time(report.since) >= Math.floor(time(startedDateTime) / 1_000) * 1_000;

/** A long pause is probed at least once before it ends, and every two hours. */
function closed({ until, reason, since, reach }: AccountReport, closings: number, end: string): AccountPause {
  const half = Math.max(0, time(until) - time(since)) / 2;
  const waitMs = Math.min(PROBE_AFTER_MS * 2 ** Math.min(closings - 1, 10), LONGEST_PROBE_WAIT_MS, half);
  return { until: end, reason, since, closings, ...(reach && { reach }), probeDateTime: after(since, waitMs) };
}

/** A report on a further limit of the tenant: the wider one names the pause. */
function widened(pause: AccountPause, report: AccountReport): AccountReport {
  if (pause.reach === undefined || report.reach === undefined) return report;
  const reach = wider(pause.reach, report.reach);
  return { ...report, reach, reason: reach === report.reach ? report.reason : pause.reason };
}

/**
 * The pause after a report; undefined if the report changes nothing: it was read before, it came in before the pause was lifted, or
 * it makes the pause longer by less than a minute.
 */
export function closedBy(state: AccountState, received: AccountReport, now: string): AccountPause | undefined {
  if (state.liftedDateTime !== undefined && time(state.liftedDateTime) >= time(received.since)) return undefined;
  const pause = pauseNow(state, now);
  if (!pause || (!pause.probe && isWindowOver(pause, now))) return closed(received, 1, received.until);
  const report = widened(pause, received);
  const end = time(report.until) > time(pause.until) ? report.until : pause.until;
  if (pause.probe && isOnProbe(pause.probe, report)) return closed(report, pause.closings + 1, end);
  const isWider = report.reach !== pause.reach;
  if (!isWider && time(report.until) - time(pause.until) < LONGER_BY_MS) return undefined;
  return { ...pause, until: end, reason: report.reason, since: report.since, ...(report.reach && { reach: report.reach }) };
}

/** When the next mail may probe. */
export const nextProbe = ({ probe, probeDateTime }: AccountPause): string =>
  probe ? after(probe.startedDateTime, PROBE_MS) : probeDateTime;

/** Whether this mail may go while the pause lasts: it probes already, or it is time for a probe. */
export const mayProbe = (pause: AccountPause, sendRequestId: string, now: string): boolean =>
  time(nextProbe(pause)) <= time(now) || pause.probe?.sendRequestId === sendRequestId;

/** The pause with this mail as its probe. The same object comes back if it is that already; undefined if it may not be, or if nothing is paused. */
export function probedBy(state: AccountState, sendRequestId: string, now: string, mailbox?: string): AccountPause | undefined {
  const pause = pauseNow(state, now);
  if (!pause || !mayProbe(pause, sendRequestId, now)) return undefined;
  if (time(nextProbe(pause)) > time(now)) return pause;
  const end = after(now, PROBE_MS);
  const probe = { sendRequestId, startedDateTime: now, ...(mailbox !== undefined && { mailbox }) };
  return { ...pause, probe, until: time(pause.until) > time(end) ? pause.until : end };
}

/**
 * Until when reports must have been read for the pause to be lifted; undefined while its probe has not gone through. An attempt
 * from before the probe proves nothing.
 */
export function quietUntil({ probe }: AccountPause, { id, claim, acceptedDateTime }: SendRequestRecord): string | undefined {
  if (!probe || probe.sendRequestId !== id || acceptedDateTime === undefined) return undefined;
  if (!claim || time(claim.startedDateTime) < time(probe.startedDateTime)) return undefined;
  return after(acceptedDateTime, QUIET_MS);
}

/** The state after the pause was lifted for this probe; undefined if another report, mail or person was faster. */
export function liftedAfter(
  { pause }: AccountState,
  { sendRequestId, startedDateTime }: Probe,
  readUntil: string,
): AccountState | undefined {
  const isSame = pause?.probe?.sendRequestId === sendRequestId && pause.probe.startedDateTime === startedDateTime;
  return isSame ? { liftedDateTime: readUntil } : undefined;
}
