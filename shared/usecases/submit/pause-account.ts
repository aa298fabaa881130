// The cause of a failure is our own account or tenant, not a recipient: alerts the operators, and pauses the mailbox or the tenant.
import { TENANT } from '../../domain/act/account-pause.ts';
import { pauseScopeOf } from '../../domain/act/pauses.ts';
import { after } from '../../domain/duration.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { OwnFailure } from '../../domain/reconcile/report-events.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';

/** `mayPause`: the report is proven to be Exchange's own. The pause counts from the report, so that reading it again, or late, never makes it longer. */
export async function accountFailed(
  context: Context,
  { id, mailbox }: SendRequestRecord,
  { statusCode, meaning, limit }: OwnFailure,
  receivedDateTime: string,
  mayPause: boolean,
): Promise<void> {
  const of = limit ? TENANT : mailbox;
  const until = after(receivedDateTime, limit?.windowMs ?? context.rules.ownAccountPauseMs);
  const isOver = until <= nowOf(context);
  const pause = {
    until,
    reason: `${statusCode}: ${meaning}`,
    since: receivedDateTime,
    sendRequestId: id,
    ...(limit && { reach: limit.reach }),
  };
  if (mayPause && !isOver && !(await context.accountPauses.pause(of, pause))) return;
  context.telemetry.event('ownAccountFailure', { sendRequestId: id, mailbox, scope: pauseScopeOf(of), statusCode, reason: meaning });
}
