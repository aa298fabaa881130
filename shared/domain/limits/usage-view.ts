// What is left of each limit and when it returns, for people; and which limits are near.

import { type Account, accountOf, applicationAccount, type LimitName, type MailboxUsage } from './account.ts';
import { bucketOf, type DayCounts, firstFit, HORIZON_MS, roomFrom, startOf, usedIn } from './day-counts.ts';
import type { Cap, MailboxLimits } from './limit-rules.ts';
import { nextTime, sentLately } from './minute-times.ts';

/** One limit. Times are RFC 3339. */
export interface LimitView {
  limit: number;
  used: number;
  /** For mail that is not urgent. */
  left: number;
  /** If nothing is left: when something is. */
  returnsDateTime?: string;
}

export interface UsageView {
  messagesPerMinute: LimitView;
  recipientsPerDay: LimitView;
  /** If the sender policy limits the application in this mailbox. */
  application?: Partial<Pick<UsageView, 'messagesPerMinute' | 'recipientsPerDay'>>;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const view = (limit: number, used: number, left: number, returns: number): LimitView => ({
  limit,
  used,
  left,
  ...(left === 0 && { returnsDateTime: new Date(returns).toISOString() }),
});

function minuteView(account: Account, limit: number, of: { limit: number; used: number }, now: number): LimitView {
  const at = nextTime(account, limit, now);
  return view(of.limit, of.used, at > now ? 0 : limit - sentLately(account, now), at);
}

/** Of days that are counted in `each`; nothing is left if one of them is full. */
function dayView(each: readonly DayCounts[], limit: number, of: { limit: number; used: number }, now: number): LimitView {
  const bucket = bucketOf(now);
  const left = Math.min(...each.map((counts) => roomFrom(counts, limit, bucket)));
  const fit = firstFit(each, limit, 1, bucket);
  return view(of.limit, of.used, left, fit === undefined ? now + HORIZON_MS : startOf(fit));
}

const accountsOf = (usage: MailboxUsage, { bulk, urgent }: MailboxLimits): readonly [Account, Account] => [
  accountOf(usage, 'bulk', bulk),
  accountOf(usage, 'urgent', urgent),
];

const usedOf = (accounts: readonly Account[], now: number): Required<Cap> => ({
  messagesPerMinute: accounts.reduce((sum, account) => sum + sentLately(account, now), 0),
  recipientsPerDay: accounts.reduce((sum, { sentDays }) => sum + usedIn(sentDays, bucketOf(now)), 0),
});

function applicationView(
  account: Account,
  { messagesPerMinute: perMinute, recipientsPerDay: perDay }: Cap,
  now: number,
): NonNullable<UsageView['application']> {
  const used = usedOf([account], now);
  const days = [account.plannedDays, account.sentDays];
  return {
    ...(perMinute !== undefined && {
      messagesPerMinute: minuteView(account, perMinute, { limit: perMinute, used: used.messagesPerMinute }, now),
    }),
    ...(perDay !== undefined && { recipientsPerDay: dayView(days, perDay, { limit: perDay, used: used.recipientsPerDay }, now) }),
  };
}

/** `application`: whose own limits are shown too, if `limits` has them. `clock`: milliseconds since 1970. */
export function usageView(usage: MailboxUsage, limits: MailboxLimits, clock: number, application = ''): UsageView {
  const now = Math.max(clock, usage.latest);
  const accounts = accountsOf(usage, limits);
  const [bulk] = accounts;
  const used = usedOf(accounts, now);
  const of = (name: keyof Cap) => ({ limit: limits.total[name], used: used[name] });
  return {
    messagesPerMinute: minuteView(bulk, limits.bulk.messagesPerMinute, of('messagesPerMinute'), now),
    recipientsPerDay: dayView([bulk.plannedDays, bulk.sentDays], limits.bulk.recipientsPerDay, of('recipientsPerDay'), now),
    ...(limits.application && {
      application: applicationView(accountOf(usage, applicationAccount(application), limits.application), limits.application, now),
    }),
  };
}

export const tenantView = (days: DayCounts, limit: number, now: number): LimitView =>
  dayView([days], limit, { limit, used: usedIn(days, bucketOf(now)) }, now);

/** A limit of which the greater part is used. */
export interface NearLimit {
  name: LimitName;
  limit: number;
  used: number;
}

/** Operators are told when this part of a limit is used. */
export const NEAR = 0.8;

/** Once for each limit and window; for a minute once in an hour, since mail above it is only delayed. */
export const TELL_AGAIN_MS = { minute: 60 * MINUTE_MS, day: DAY_MS } as const;

const isNear = (used: number, limit: number | undefined): limit is number => limit !== undefined && used >= limit * NEAR;

/** Limits that are near and that operators have not been told of; and the usage that remembers that they are told. `now`: what was counted last. */
export function nearLimits(usage: MailboxUsage, limits: MailboxLimits, application: string): { near: NearLimit[]; usage: MailboxUsage } {
  const now = usage.latest;
  const { messagesPerMinute, recipientsPerDay } = usedOf(accountsOf(usage, limits), now);
  const own = limits.application && usedOf([accountOf(usage, applicationAccount(application), limits.application)], now);
  const all: readonly [LimitName, number | undefined, number | undefined, number][] = [
    ['messagesPerMinute', messagesPerMinute, limits.total.messagesPerMinute, TELL_AGAIN_MS.minute],
    ['recipientsPerDay', recipientsPerDay, limits.total.recipientsPerDay, TELL_AGAIN_MS.day],
    ['applicationRecipientsPerDay', own?.recipientsPerDay, limits.application?.recipientsPerDay, TELL_AGAIN_MS.day],
  ];
  const told = { ...usage.told };
  const near = all.flatMap(([name, used = 0, limit, againMs]) => {
    if (!isNear(used, limit) || (told[name] ?? 0) > now) return [];
    told[name] = now + againMs;
    return [{ name, limit, used }];
  });
  return { near, usage: near.length > 0 ? { ...usage, told } : usage };
}
