// Whether the next mail of a mailbox may go, and if not, when.
import { type Account, accountOf, applicationAccount, type LimitName, type MailboxUsage, planAnew } from './account.ts';
import { bucketOf, counted, type DayCounts, usedIn } from './day-counts.ts';
import type { Cap, MailboxLimits } from './limit-rules.ts';
import { plannedFor, submittedAt } from './minute-times.ts';
import { type Line, type Place, placeFor } from './place.ts';

/** The time that a mail was given. It travels with the queue message. */
export interface Reservation {
  /** Milliseconds since 1970. */
  at: number;
  /** Counters whose day has room for it, and their generations. */
  accounts: Readonly<Record<string, number>>;
  /** Of these, the ones whose minute has, too. */
  minutes: readonly string[];
  /** The bucket in which the day of the tenant has room for it. */
  tenantBucket?: number;
}

export interface CountedMail {
  recipients: number;
  urgent: boolean;
  application: string;
  reservation?: Reservation | undefined;
}

export type Turn =
  /** It may go now. Once this usage is written, it has been counted. */
  | { kind: 'go'; usage: MailboxUsage }
  /** It has a time once this usage is written. */
  | { kind: 'wait'; usage: MailboxUsage; reservation: Reservation; limit: LimitName }
  /** It gets no time: it has more recipients than the limit, or fits only at `at`, which is too late. */
  | { kind: 'tooLate'; limit: LimitName; at?: number };

/** The counters that a mail is counted in, one list for each way in which it may go: urgent mail may also go as any other does. */
function waysOf({ urgent, application }: CountedMail, limits: MailboxLimits): (readonly (readonly [string, Cap])[])[] {
  const own: (readonly [string, Cap])[] = limits.application ? [[applicationAccount(application), limits.application]] : [];
  const hasReserve = limits.urgent.messagesPerMinute > 0 && limits.urgent.recipientsPerDay > 0;
  return [...(urgent && hasReserve ? [[['urgent', limits.urgent] as const, ...own]] : []), [['bulk', limits.bulk] as const, ...own]];
}

function lineOf(usage: MailboxUsage, [name, cap]: readonly [string, Cap], reservation: Reservation | undefined): Line {
  const account = accountOf(usage, name, cap);
  const hasDay = reservation?.accounts[name] === account.generation;
  return { name, cap, account, hasDay, hasMinute: hasDay && reservation?.minutes.includes(name) === true };
}

function changed(usage: MailboxUsage, lines: readonly Line[], change: (account: Account, line: Line) => Account): MailboxUsage {
  const accounts = lines.map((line) => [line.name, change(line.account, line)] as const);
  return { ...usage, accounts: { ...usage.accounts, ...Object.fromEntries(accounts) } };
}

function goNow(usage: MailboxUsage, lines: readonly Line[], recipients: number, now: number): MailboxUsage {
  const bucket = bucketOf(now);
  const add = (counts: DayCounts) => counted(counts, bucket, recipients, bucket);
  const count = (account: Account, { hasDay, hasMinute }: Line): Account => ({
    ...account,
    ...submittedAt(hasMinute ? account : plannedFor(account, now), now),
    sentDays: add(account.sentDays),
    plannedDays: hasDay ? account.plannedDays : add(account.plannedDays),
  });
  return { ...changed(usage, lines, count), latest: now };
}

function wait(usage: MailboxUsage, lines: readonly Line[], place: Place, recipients: number, now: number): Turn {
  const plan = (account: Account, { name, hasDay }: Line): Account => ({
    ...account,
    ...(place.newMinutes.includes(name) && plannedFor(account, place.at)),
    plannedDays:
      hasDay && !place.newDay ? account.plannedDays : counted(account.plannedDays, bucketOf(place.at), recipients, bucketOf(now)),
  });
  const accounts = Object.fromEntries(lines.map(({ name, account }) => [name, account.generation]));
  return {
    kind: 'wait',
    usage: {
      ...changed(usage, lines, plan),
      ...(place.newDay && { waiting: counted(usage.waiting, bucketOf(place.at), 1, bucketOf(now)) }),
    },
    reservation: { at: place.at, accounts, minutes: place.minutes },
    limit: place.limit,
  };
}

/**
 * Whether a mail may go now, and if not, when. `clock` and `until`, the end of its lifetime: milliseconds since 1970. A mail whose time has
 * come is asked again, since the limits may have changed and it may be late; then only what was submitted decides.
 */
export function askTurn(usage: MailboxUsage, mail: CountedMail, limits: MailboxLimits, clock: number, until: number): Turn {
  const now = Math.max(clock, usage.latest);
  const ways = waysOf(mail, limits).map((way) => {
    const lines = way.map((one) => lineOf(usage, one, mail.reservation));
    return { lines, place: placeFor(lines, mail.recipients, usage.waiting, now) };
  });
  const timeOf = ({ place }: (typeof ways)[number]): number => place.at ?? Number.MAX_SAFE_INTEGER;
  const { lines, place } = ways.reduce((best, way) => (timeOf(way) < timeOf(best) ? way : best));
  if (place.at === undefined) return { kind: 'tooLate', limit: place.limit };
  if (place.at <= now) return { kind: 'go', usage: goNow(usage, lines, mail.recipients, now) };
  if (place.at >= until) return { kind: 'tooLate', limit: place.limit, at: place.at };
  return wait(usage, lines, place, mail.recipients, now);
}

/** Recipients that were not known at the claim, such as those that a draft shows. They count, whatever the limit is. */
export function countMore(usage: MailboxUsage, mail: CountedMail, limits: MailboxLimits, clock: number): MailboxUsage {
  const now = Math.max(clock, usage.latest);
  const lines = (waysOf(mail, limits)[0] as readonly (readonly [string, Cap])[]).map((one) => lineOf(usage, one, undefined));
  const add = (counts: DayCounts) => counted(counts, bucketOf(now), mail.recipients, bucketOf(now));
  const count = (account: Account): Account => ({ ...account, sentDays: add(account.sentDays), plannedDays: add(account.plannedDays) });
  return { ...changed(usage, lines, count), latest: now };
}

/** Exchange has said that the day of the mailbox is full: what it has counted more than we did is counted at that time. */
export function fullAt(usage: MailboxUsage, { bulk, urgent }: MailboxLimits, time: number): MailboxUsage {
  const bucket = bucketOf(time);
  const fill = (name: string, cap: Required<Cap>): readonly [string, Account] | undefined => {
    const account = accountOf(usage, name, cap);
    const missing = cap.recipientsPerDay - usedIn(account.sentDays, bucket);
    if (missing <= 0) return undefined;
    return [name, planAnew({ ...account, sentDays: counted(account.sentDays, bucket, missing, Math.min(bucket, bucketOf(usage.latest))) })];
  };
  const filled = [fill('bulk', bulk), fill('urgent', urgent)].filter((one) => one !== undefined);
  if (filled.length === 0) return usage;
  const accounts = Object.fromEntries(filled);
  return { ...usage, accounts: { ...usage.accounts, ...accounts } };
}
