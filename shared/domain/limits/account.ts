// The counters of a mailbox: what it has sent, and what it has given times to. Every count only grows: nothing is given back.
import type { DayCounts } from './day-counts.ts';
import type { Cap } from './limit-rules.ts';
import type { MinuteTimes } from './minute-times.ts';

/** Which limit keeps a mail back. */
export type LimitName =
  | 'messagesPerMinute'
  | 'recipientsPerDay'
  | 'applicationMessagesPerMinute'
  | 'applicationRecipientsPerDay'
  | 'tenantExternalRecipientsPerDay';

/** One counter of a mailbox. `sentDays` is what was submitted and decides; `plannedDays` also has mail that waits for its time. */
export interface Account extends MinuteTimes {
  /** Rises if what was planned no longer holds: the limit has changed, or Exchange has said that it counts more. */
  generation: number;
  /** The limit that it was planned for. */
  plannedUnder: Cap;
  sentDays: DayCounts;
  plannedDays: DayCounts;
}

export interface MailboxUsage {
  /** The latest time that was counted. A clock that jumps back does not lead behind it. Milliseconds since 1970. */
  latest: number;
  /** `bulk`, `urgent`, and one for each application that has limits of its own. */
  accounts: Readonly<Record<string, Account>>;
  /** Mails that were given a time in a bucket: each comes a little after the one before. */
  waiting: DayCounts;
  /** Until when operators need not be told again that a limit is near. */
  told: Readonly<Partial<Record<LimitName, number>>>;
}

export const EMPTY_USAGE: MailboxUsage = { latest: 0, accounts: {}, waiting: [], told: {} };

/** The counter as it is now. What was planned for another limit is forgotten: mail that has a time from then is asked again when it comes. */
export function accountOf({ accounts }: MailboxUsage, name: string, cap: Cap): Account {
  const account = accounts[name];
  if (!account) return { generation: 0, plannedUnder: cap, sent: [], planned: [], sentDays: [], plannedDays: [] };
  const { messagesPerMinute, recipientsPerDay } = account.plannedUnder;
  const isSame = messagesPerMinute === cap.messagesPerMinute && recipientsPerDay === cap.recipientsPerDay;
  return isSame ? account : planAnew({ ...account, plannedUnder: cap });
}

/** What was planned no longer holds. */
export const planAnew = (account: Account): Account => ({
  ...account,
  generation: account.generation + 1,
  planned: account.sent,
  plannedDays: account.sentDays,
});

export const applicationAccount = (application: string): string => `application ${application.toLowerCase()}`;
