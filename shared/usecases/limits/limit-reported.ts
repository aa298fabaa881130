// Exchange has returned a mail because a limit is reached: it has counted more than we did, such as mail that was sent without the queue.
import { EMPTY_USAGE } from '../../domain/limits/account.ts';
import { reportedLimit } from '../../domain/limits/limit-report.ts';
import { type LimitRules, tenantLimitOf } from '../../domain/limits/limit-rules.ts';
import { fullAt } from '../../domain/limits/mailbox-usage.ts';
import { EMPTY_TENANT_USAGE, tenantFullAt } from '../../domain/limits/tenant-usage.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import type { Context } from '../context.ts';
import { limitsFor } from './limits-for.ts';
import { RACES } from './remembered-row.ts';

async function fillMailbox(context: Context, rules: LimitRules, { mailbox, application }: SendRequestRecord, time: number): Promise<void> {
  const limits = await limitsFor(context, rules, mailbox, application);
  const row = context.counters.of(mailbox);
  await row.exclusive(async () => {
    for (let race = 0; race < RACES; race++) {
      const now = context.clock.now();
      const stored = await row.current(() => context.log.usage(mailbox), now);
      const before = stored?.value ?? EMPTY_USAGE;
      const usage = fullAt(before, limits, time);
      if (usage === before) return;
      row.writing();
      const written = await context.log.writeUsage(mailbox, { usage, ...(stored && { etag: stored.etag }) });
      if (written) {
        row.written({ value: usage, etag: written.etag });
        return;
      }
      row.changed(now);
    }
    throw new StoreUnavailable(`The counters of ${mailbox} changed ${RACES} times while a report was being counted`);
  });
}

async function fillTenant({ tenantCounter }: Context, rules: LimitRules, time: number): Promise<void> {
  const limit = tenantLimitOf(rules);
  for (let race = 0; limit !== undefined && race < RACES; race++) {
    const stored = await tenantCounter.read();
    const before = stored?.value ?? EMPTY_TENANT_USAGE;
    const usage = tenantFullAt(before, limit, time);
    if (usage === before || (await tenantCounter.write(usage, stored?.etag))) return;
  }
}

/** The counter of that limit is full from the report's time on, until the window has moved. The same report changes nothing a second time. Throws StoreUnavailable. */
export async function limitReported(
  context: Context,
  record: SendRequestRecord,
  statusCode: string,
  receivedDateTime: string,
): Promise<void> {
  const { limits: rules } = context.rules;
  const limit = reportedLimit(statusCode);
  if (!rules || !limit) return;
  const time = Math.min(Date.parse(receivedDateTime), context.clock.now());
  if (limit === 'recipientsPerDay') await fillMailbox(context, rules, record, time);
  else await fillTenant(context, rules, time);
}
