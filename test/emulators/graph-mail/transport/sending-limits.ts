// Exchange Online's sending limits: mails a minute and recipients a day of a mailbox, external recipients a day of the tenant.
// https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits#sending-limits-1
import type { Switches } from '../options.ts';
import { dailyRecipients, submissionQuota, tenantExternalRecipients, trialTenantExternalRecipients } from '../reports/limit-reports.ts';
import type { ReportPlan } from '../reports/plan.ts';
import { SlidingWindow } from '../sliding-window.ts';
import { isTenantDomain } from '../store/directory.ts';
import type { Mailbox } from '../store/mailbox.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export interface LimitUsage {
  readonly mailboxes: Readonly<Record<string, { mailsThisMinute: number; recipientsToday: number }>>;
  readonly externalRecipientsToday: number;
}

export interface SendingLimits {
  /** Takes the mailbox's next place under the message rate limit; returns the milliseconds until it. */
  takePlace(mailbox: Mailbox, now: number): number;
  /** Counts the recipients of a mail. Returns the report for each that a limit refuses, in their order. */
  count(mailbox: Mailbox, addresses: readonly string[], now: number): (ReportPlan | undefined)[];
  /** What has been sent in the windows that end now. */
  usage(now: number): LimitUsage;
  reset(): void;
}

export function createSendingLimits(switches: () => Switches): SendingLimits {
  /** When each of the last mails goes out; also times to come. */
  const places = new Map<string, number[]>();
  const recipients = new Map<string, SlidingWindow>();
  let external = new SlidingWindow();

  /** Whether so many more fit into the window of a day; then they count. A mail that does not fit as a whole leaves room for smaller ones. */
  function fits(window: SlidingWindow, amount: number, limit: number | null, now: number): boolean {
    window.dropBefore(now - DAY);
    if (limit !== null && window.amount + amount > limit) return false;
    window.add({ at: now, amount });
    return true;
  }

  function windowOf({ address }: Mailbox): SlidingWindow {
    const window = recipients.get(address) ?? new SlidingWindow();
    recipients.set(address, window);
    return window;
  }

  return {
    takePlace({ address }, now) {
      const taken = (places.get(address) ?? []).filter((at) => at > now - MINUTE);
      const limit = switches().messageRateLimit;
      const before = limit === null ? undefined : taken[taken.length - limit];
      const place = before === undefined ? now : Math.max(now, before + MINUTE);
      places.set(address, [...taken, place]);
      return place - now;
    },
    count(mailbox, addresses, now) {
      const { recipientRateLimit, recipientRateStatus, externalRecipientRateLimit, trialTenant } = switches();
      if (!fits(windowOf(mailbox), addresses.length, recipientRateLimit, now)) {
        const report = recipientRateStatus === '5.2.2' ? submissionQuota : dailyRecipients;
        return addresses.map(() => report);
      }
      const outside = addresses.filter((address) => !isTenantDomain(address)).length;
      if (outside === 0 || fits(external, outside, externalRecipientRateLimit, now)) return addresses.map(() => undefined);
      const report = trialTenant ? trialTenantExternalRecipients : tenantExternalRecipients;
      return addresses.map((address) => (isTenantDomain(address) ? undefined : report));
    },
    usage(now) {
      const mailboxes: Record<string, { mailsThisMinute: number; recipientsToday: number }> = {};
      for (const address of new Set([...places.keys(), ...recipients.keys()])) {
        const window = recipients.get(address);
        window?.dropBefore(now - DAY);
        const mailsThisMinute = (places.get(address) ?? []).filter((at) => at > now - MINUTE && at <= now).length;
        mailboxes[address] = { mailsThisMinute, recipientsToday: window?.amount ?? 0 };
      }
      external.dropBefore(now - DAY);
      return { mailboxes, externalRecipientsToday: external.amount };
    },
    reset() {
      places.clear();
      recipients.clear();
      external = new SlidingWindow();
    },
  };
}
