// What a mailbox and the tenant may send: Exchange's limits, the share of them that the queue uses, and what the sender policy lowers.

/**
 * Exchange Online's own limits: no setting and no policy goes above them.
 * https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits#sending-limits-1
 */
export const EXCHANGE_MESSAGES_PER_MINUTE = 30;
export const EXCHANGE_RECIPIENTS_PER_DAY = 10_000;
const TRIAL_EXTERNAL_RECIPIENTS_PER_DAY = 5_000;

/** The settings. */
export interface LimitRules {
  messagesPerMinute: number;
  recipientsPerDay: number;
  /** External recipients of the whole tenant in a day. Absent: they are not counted. */
  tenantExternalRecipientsPerDay?: number | undefined;
  /** Domains of the tenant, in lower case as A-labels: recipients there are not external. */
  acceptedDomains: readonly string[];
  /** How much of each limit the queue uses: others send from the same mailboxes. Above 0, at most 1. */
  share: number;
  /** How much of that only urgent mail may use. From 0 to below 1. */
  urgentReserve: number;
}

/** Lower limits of the sender policy. */
export interface LowerLimits {
  messagesPerMinute?: number | undefined;
  recipientsPerDay?: number | undefined;
}

/** What one counter may come to. Absent: it is not limited. */
export interface Cap {
  messagesPerMinute?: number;
  recipientsPerDay?: number;
}

/** The limits of one mailbox for one application: urgent mail has its own part, the rest is for all mail. */
export interface MailboxLimits {
  /** Of all mail together. */
  total: Required<Cap>;
  bulk: Required<Cap>;
  urgent: Required<Cap>;
  /** Of this application in this mailbox. */
  application?: Cap;
}

/**
 * External recipients a day of a tenant with so many licences, rounded as in Microsoft's table.
 * https://techcommunity.microsoft.com/blog/exchange/introducing-exchange-online-tenant-outbound-email-limits/4372797
 */
const tenantAllowance = (licences: number): number => Math.round(500 * licences ** 0.7 + 9_500);

/** At least one, or nothing would ever go out. */
const part = (limit: number, share: number): number => Math.max(1, Math.floor(limit * share));

/** What only urgent mail may use. All other mail has at least one. */
const reserveOf = (limit: number, reserve: number): number => Math.min(limit - 1, Math.ceil(limit * reserve));

function divided(messagesPerMinute: number, recipientsPerDay: number, reserve: number): Omit<MailboxLimits, 'application'> {
  const urgent = { messagesPerMinute: reserveOf(messagesPerMinute, reserve), recipientsPerDay: reserveOf(recipientsPerDay, reserve) };
  return {
    total: { messagesPerMinute, recipientsPerDay },
    urgent,
    bulk: { messagesPerMinute: messagesPerMinute - urgent.messagesPerMinute, recipientsPerDay: recipientsPerDay - urgent.recipientsPerDay },
  };
}

const lower = (limit: number, by: number | undefined): number => Math.min(limit, by ?? limit);

/** Of one application in one mailbox. `shareOfDay`: of the recipients that the mailbox may have. */
export interface ApplicationLimits extends LowerLimits {
  shareOfDay?: number | undefined;
}

function capOf({ messagesPerMinute, recipientsPerDay, shareOfDay }: ApplicationLimits, perDay: number): Cap | undefined {
  const share = shareOfDay === undefined ? undefined : part(perDay, shareOfDay);
  const days = [recipientsPerDay, share].filter((one) => one !== undefined);
  if (messagesPerMinute === undefined && days.length === 0) return undefined;
  return { ...(messagesPerMinute !== undefined && { messagesPerMinute }), ...(days.length > 0 && { recipientsPerDay: Math.min(...days) }) };
}

/** `ofMailbox`, `ofApplication`: the sender policy's. They say what the queue may send, so the share does not lower them further. */
export function limitsOf(rules: LimitRules, ofMailbox: LowerLimits = {}, ofApplication: ApplicationLimits = {}): MailboxLimits {
  const perMinute = lower(part(rules.messagesPerMinute, rules.share), ofMailbox.messagesPerMinute);
  const perDay = lower(part(rules.recipientsPerDay, rules.share), ofMailbox.recipientsPerDay);
  const application = capOf(ofApplication, perDay);
  return { ...divided(perMinute, perDay, rules.urgentReserve), ...(application && { application }) };
}

/** `trial`, or a whole number of licences above 0. Undefined if it is neither. */
export function allowanceOf(licences: string): number | undefined {
  if (licences === 'trial') return TRIAL_EXTERNAL_RECIPIENTS_PER_DAY;
  return /^[1-9]\d{0,8}$/.test(licences) ? tenantAllowance(Number(licences)) : undefined;
}

/** External recipients that the queue may have in a day; undefined if they are not counted. */
export const tenantLimitOf = ({ tenantExternalRecipientsPerDay: limit, share }: LimitRules): number | undefined =>
  limit === undefined ? undefined : part(limit, share);
