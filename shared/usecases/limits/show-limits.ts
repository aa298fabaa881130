// What is left of Exchange's limits and when it returns: of one mailbox, and for operators of all mailboxes that send.
import pLimit from 'p-limit';
import { EMPTY_USAGE } from '../../domain/limits/account.ts';
import { tenantLimitOf } from '../../domain/limits/limit-rules.ts';
import { type LimitView, tenantView, type UsageView, usageView } from '../../domain/limits/usage-view.ts';
import type { SendRequestList } from '../../ports/send-request-list.ts';
import type { Context } from '../context.ts';
import { limitsFor } from './limits-for.ts';

/** Mailboxes that are read at the same time. */
const CONCURRENCY = 8;

export interface MailboxLimitsView extends UsageView {
  mailbox: string;
}

export interface LimitsPage {
  /** False: nothing is counted. */
  counted: boolean;
  /** If external recipients are counted. */
  tenant?: { externalRecipientsPerDay: LimitView };
  mailboxes: MailboxLimitsView[];
  /** The last mailbox that was looked at, if there are more. */
  next?: string;
}

export interface LimitsQuery {
  top: number;
  /** The last mailbox of the page before. */
  after?: string;
}

export async function tenantLimit({ rules, tenantCounter, clock }: Context): Promise<LimitView | undefined> {
  const limit = rules.limits && tenantLimitOf(rules.limits);
  if (limit === undefined) return undefined;
  const usage = await tenantCounter.read();
  return tenantView(usage?.value.days ?? [], limit, Math.max(clock.now(), usage?.value.latest ?? 0));
}

/** Of one application in one mailbox. Undefined if nothing is counted. Throws StoreUnavailable. */
export async function mailboxLimits(context: Context, mailbox: string, application: string): Promise<UsageView | undefined> {
  const { limits: rules } = context.rules;
  if (!rules) return undefined;
  const [limits, usage] = await Promise.all([limitsFor(context, rules, mailbox, application), context.log.usage(mailbox)]);
  return usageView(usage?.value ?? EMPTY_USAGE, limits, context.clock.now(), application);
}

const isUsed = ({ messagesPerMinute, recipientsPerDay }: UsageView): boolean =>
  messagesPerMinute.used + recipientsPerDay.used > 0 || messagesPerMinute.left === 0 || recipientsPerDay.left === 0;

/** A page of mailboxes in the order of their names: those that have used something lately. Throws StoreUnavailable. */
export async function listLimits(
  context: Context,
  list: Pick<SendRequestList, 'mailboxes'>,
  { top, after = '' }: LimitsQuery,
): Promise<LimitsPage> {
  if (!context.rules.limits) return { counted: false, mailboxes: [] };
  const [known, tenant] = await Promise.all([list.mailboxes(), tenantLimit(context)]);
  const names = known
    .map(({ mailbox }) => mailbox)
    .filter((mailbox) => mailbox > after)
    .sort();
  const page = names.slice(0, top);
  const views = await pLimit(CONCURRENCY).map(page, async (mailbox) => ({ mailbox, view: await mailboxLimits(context, mailbox, '') }));
  const last = page.at(-1);
  return {
    counted: true,
    ...(tenant && { tenant: { externalRecipientsPerDay: tenant } }),
    mailboxes: views.flatMap(({ mailbox, view }) => (view && isUsed(view) ? [{ mailbox, ...view }] : [])),
    ...(last !== undefined && names.length > top && { next: last }),
  };
}
