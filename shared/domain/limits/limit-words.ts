// What the timeline of a mail says of the limit that holds it.

import type { LimitName } from './account.ts';
import type { MailboxLimits } from './limit-rules.ts';

const WHAT: Record<LimitName, (limit: number) => string> = {
  messagesPerMinute: (limit) => `this mailbox sends at most ${limit} mails a minute`,
  recipientsPerDay: (limit) => `this mailbox has at most ${limit} recipients in 24 hours`,
  applicationMessagesPerMinute: (limit) => `this application sends at most ${limit} mails a minute from this mailbox`,
  applicationRecipientsPerDay: (limit) => `this application has at most ${limit} recipients in 24 hours from this mailbox`,
  tenantExternalRecipientsPerDay: (limit) => `the tenant has at most ${limit} external recipients in 24 hours`,
};

/** The number that a limit has for mail of this urgency. */
export function limitOf(name: LimitName, limits: MailboxLimits, urgent: boolean, tenant: number | undefined): number {
  const mailbox = urgent ? limits.total : limits.bulk;
  const numbers: Record<LimitName, number | undefined> = {
    messagesPerMinute: mailbox.messagesPerMinute,
    recipientsPerDay: mailbox.recipientsPerDay,
    applicationMessagesPerMinute: limits.application?.messagesPerMinute,
    applicationRecipientsPerDay: limits.application?.recipientsPerDay,
    tenantExternalRecipientsPerDay: tenant,
  };
  return numbers[name] ?? 0;
}

/** `until`: RFC 3339. */
export const waitsInWords = (name: LimitName, limit: number, until: string): string =>
  `limit ${name}: ${WHAT[name](limit)}. It waits until ${until}`;

/** It has no time within its lifetime. `fits`: when it would; absent: it is larger than the limit, or nobody knows. `asksAgain`: RFC 3339. */
export function tooLateInWords(name: LimitName, limit: number, fits: string | undefined, sendBefore: string, asksAgain: string): string {
  const when = fits === undefined ? 'It does not fit at any time that can be foreseen' : `It fits only at ${fits}`;
  return `limit ${name}: ${WHAT[name](limit)}. ${when}, and its lifetime ends at ${sendBefore}: if nothing changes, it expires then. It asks again at ${asksAgain}`;
}
