// Suppresses the addresses that Exchange's own report calls non-existent, if the operator has asked for it.
import { suppressedIn } from '../../domain/accept/suppression.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { Report } from '../../domain/reports/report.ts';
import type { Context } from '../context.ts';

/**
 * For a report that is proven to be Exchange's own. It is written before the report is logged. If the process dies in between, the next run
 * reads the report again, and the row is there already. Throws StoreUnavailable.
 */
export async function suppressAddresses(
  context: Context,
  { id, mailbox }: SendRequestRecord,
  report: Report,
  receivedDateTime: string,
): Promise<void> {
  const { suppressionExpiryMs } = context.rules;
  if (suppressionExpiryMs === undefined) return;
  for (const { address, reason } of suppressedIn(report, await context.log.recipients(mailbox, id))) {
    const reported = { address, reason, suppressedDateTime: receivedDateTime, sendRequestId: id, mailbox };
    if (!(await context.suppressions.suppress(reported, suppressionExpiryMs))) continue;
    context.telemetry.event('addressSuppressed', { sendRequestId: id, mailbox, reason });
  }
}
