// Counts a mail in the transaction of its claim, or gives it the time at which it fits.

import { EMPTY_USAGE, type LimitName } from '../../domain/limits/account.ts';
import { bucketOf, HORIZON_MS } from '../../domain/limits/day-counts.ts';
import { externalOf } from '../../domain/limits/external.ts';
import { type LimitRules, type MailboxLimits, tenantLimitOf } from '../../domain/limits/limit-rules.ts';
import { limitOf, tooLateInWords, waitsInWords } from '../../domain/limits/limit-words.ts';
import { askTurn, type CountedMail, type Reservation, type Turn } from '../../domain/limits/mailbox-usage.ts';
import type { Block } from '../../domain/limits/tenant-usage.ts';
import { type NearLimit, nearLimits } from '../../domain/limits/usage-view.ts';
import { holdForLimit } from '../../domain/submit/come-again.ts';
import type { ComeAgain } from '../../domain/submit/ending.ts';
import { URGENT_LANE } from '../../domain/submit/lanes.ts';
import type { UsageChange } from '../../ports/status-log.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import type { Written } from '../log/write-log.ts';
import type { Delivery } from '../submit/delivery.ts';
import { limitsFor } from './limits-for.ts';
import { RACES } from './remembered-row.ts';

/** A write of the record that also writes the counters. */
export type WriteWithUsage = (usage: UsageChange) => Promise<Written>;

export interface Asked {
  delivery: Delivery;
  mail: CountedMail;
  limits: MailboxLimits;
  external: number;
  tenantLimit: number | undefined;
}

/** The recipients of some operations are known only when their draft is made. */
export const knownRecipients = ({ record }: Delivery): number => Math.max(1, record.recipientCounts.total);

/** Of recipients that an earlier attempt has learned the message has no addresses: they count as external. */
function externalRecipients({ message, record }: Delivery, { acceptedDomains }: LimitRules): number {
  const unknown = Math.max(0, record.recipientCounts.total - message.recipients.length);
  return externalOf(message.recipients, acceptedDomains) + unknown;
}

/** What the limits are asked of a mail. Throws StoreUnavailable. */
export async function asked(delivery: Delivery, rules: LimitRules): Promise<Asked> {
  const { context, message, record } = delivery;
  const { mailbox, application, lane } = record;
  const tenantLimit = tenantLimitOf(rules);
  return {
    delivery,
    mail: { recipients: knownRecipients(delivery), urgent: lane === URGENT_LANE, application, reservation: message.reservation },
    limits: await limitsFor(context, rules, mailbox, application),
    external: tenantLimit === undefined ? 0 : externalRecipients(delivery, rules),
    tenantLimit,
  };
}

/** A mail that has no time asks again after half of the time that is left: an operator may change a limit meanwhile. */
const LEAST_WAIT_MS = 900_000;

function hold(
  { delivery, limits, mail, tenantLimit }: Asked,
  name: LimitName,
  at: number | undefined,
  reservation?: Reservation,
): ComeAgain {
  const { context, record, situation } = delivery;
  const limit = limitOf(name, limits, mail.urgent, tenantLimit);
  if (reservation)
    return holdForLimit(situation, reservation.at, name, waitsInWords(name, limit, new Date(reservation.at).toISOString()), reservation);
  const [now, end] = [context.clock.now(), Date.parse(record.sendBefore)];
  const halfMs = Math.min(HORIZON_MS, Math.floor((end - now) / 2));
  const again = Math.min(end, now + Math.max(LEAST_WAIT_MS, halfMs));
  const fits = at === undefined ? undefined : new Date(at).toISOString();
  return holdForLimit(situation, again, name, tooLateInWords(name, limit, fits, record.sendBefore, new Date(again).toISOString()));
}

/** Undefined: the tenant has room for the mail now. A place that it was given holds for its bucket and the one after it. */
async function askTenant(one: Asked): Promise<Block | ComeAgain> {
  const { delivery, mail, external, tenantLimit } = one;
  const { context, record } = delivery;
  const given = mail.reservation?.tenantBucket;
  const bucket = bucketOf(context.clock.now());
  if (tenantLimit === undefined || external === 0 || (given !== undefined && (bucket === given || bucket === given + 1)))
    return { bucket, recipients: 0 };
  const turn = await context.tenantBlocks.take(context, tenantLimit, external, Date.parse(record.sendBefore));
  if (turn.kind === 'taken') return turn.block;
  const { kind, at } = turn;
  const reservation = kind === 'wait' ? { at: turn.at, accounts: {}, minutes: [], tenantBucket: bucketOf(turn.at) } : undefined;
  return hold(one, 'tenantExternalRecipientsPerDay', at, reservation);
}

function tell({ delivery }: Asked, near: readonly NearLimit[]): void {
  const { context, record } = delivery;
  for (const { name, limit, used } of near)
    context.telemetry.event('limitNear', { mailbox: record.mailbox, application: record.application, limit: name, used, allowed: limit });
}

/** The mail has its time once that is written. Undefined if another process has changed the counters. */
async function reserve(one: Asked, turn: Extract<Turn, { kind: 'wait' }>, etag: string | undefined): Promise<ComeAgain | undefined> {
  const { context, record } = one.delivery;
  const row = context.counters.of(record.mailbox);
  row.writing();
  const reserved = await context.log.writeUsage(record.mailbox, { usage: turn.usage, ...(etag !== undefined && { etag }) });
  if (!reserved) {
    row.changed(context.clock.now());
    return undefined;
  }
  row.written({ value: turn.usage, etag: reserved.etag });
  const tenantBucket = one.mail.reservation?.tenantBucket;
  return hold(one, turn.limit, undefined, { ...turn.reservation, ...(tenantBucket !== undefined && { tenantBucket }) });
}

/** One try; undefined if another process has changed the counters. */
async function once(one: Asked, write: WriteWithUsage): Promise<Written | ComeAgain | undefined> {
  const { context, record } = one.delivery;
  const row = context.counters.of(record.mailbox);
  const stored = await row.current(() => context.log.usage(record.mailbox), context.clock.now());
  const ask = (): Turn => askTurn(stored?.value ?? EMPTY_USAGE, one.mail, one.limits, context.clock.now(), Date.parse(record.sendBefore));
  const first = ask();
  const tenant = first.kind === 'go' ? await askTenant(one) : undefined;
  if (tenant && 'kind' in tenant) return tenant;
  // Time has passed while the tenant's counter was written.
  const turn = tenant ? ask() : first;
  if (turn.kind === 'go') {
    const { near, usage } = nearLimits(turn.usage, one.limits, one.mail.application);
    row.writing();
    const written = await write({ usage, ...(stored && { etag: stored.etag }) });
    if (written.kind === 'written') {
      if (written.usageEtag !== undefined) row.written({ value: usage, etag: written.usageEtag });
      tell(one, near);
      return written;
    }
    if (tenant) context.tenantBlocks.giveBack(tenant);
    if (written.kind !== 'usageChanged') return written;
    row.changed(context.clock.now());
    return undefined;
  }
  if (tenant) context.tenantBlocks.giveBack(tenant);
  return turn.kind === 'wait' ? reserve(one, turn, stored?.etag) : hold(one, turn.limit, turn.at);
}

/** Writes the claim with the counters, or says until when the mail is held. Throws StoreUnavailable. */
export async function withinLimits(delivery: Delivery, rules: LimitRules, write: WriteWithUsage): Promise<Written | ComeAgain> {
  const { context, record } = delivery;
  const one = await asked(delivery, rules);
  return context.counters.of(record.mailbox).exclusive(async () => {
    for (let race = 0; race < RACES; race++) {
      const done = await once(one, write);
      if (done) return done;
    }
    throw new StoreUnavailable(`The counters of ${record.mailbox} changed ${RACES} times while one mail was being counted`);
  });
}
