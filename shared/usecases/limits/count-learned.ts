// Counts recipients that were not known at the claim: those of a reply, or of a draft that was there already.

import { EMPTY_USAGE } from '../../domain/limits/account.ts';
import { externalOf } from '../../domain/limits/external.ts';
import type { LimitRules } from '../../domain/limits/limit-rules.ts';
import { countMore } from '../../domain/limits/mailbox-usage.ts';
import type { Recipient } from '../../domain/log/send-request.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import type { Written } from '../log/write-log.ts';
import type { Delivery } from '../submit/delivery.ts';
import { RACES } from './remembered-row.ts';
import { asked, knownRecipients, type WriteWithUsage } from './within-limits.ts';

/** How many recipients a draft has more than were counted. */
export const moreThanCounted = (delivery: Delivery, learned: readonly Recipient[]): number => learned.length - knownRecipients(delivery);

/** Writes what the draft has shown, and the counters with it. The mail is on its way, so it is not held any more. Throws StoreUnavailable. */
export async function countLearned(
  delivery: Delivery,
  rules: LimitRules,
  learned: readonly Recipient[],
  write: WriteWithUsage,
): Promise<Written> {
  const { context, record } = delivery;
  const { mailbox } = record;
  const { mail, limits, tenantLimit, external } = await asked(delivery, rules);
  const more = { ...mail, recipients: moreThanCounted(delivery, learned) };
  const moreExternal = externalOf(learned, rules.acceptedDomains) - external;
  if (tenantLimit !== undefined && moreExternal > 0)
    await context.tenantBlocks.take(context, tenantLimit, moreExternal, Number.MAX_SAFE_INTEGER);
  const row = context.counters.of(mailbox);
  return row.exclusive(async () => {
    for (let race = 0; race < RACES; race++) {
      const now = context.clock.now();
      const stored = await row.current(() => context.log.usage(mailbox), now);
      const usage = countMore(stored?.value ?? EMPTY_USAGE, more, limits, now);
      row.writing();
      const written = await write({ usage, ...(stored && { etag: stored.etag }) });
      if (written.kind === 'written' && written.usageEtag !== undefined) row.written({ value: usage, etag: written.usageEtag });
      if (written.kind !== 'usageChanged') return written;
      row.changed(now);
    }
    throw new StoreUnavailable(`The counters of ${mailbox} changed ${RACES} times while recipients were being counted`);
  });
}
