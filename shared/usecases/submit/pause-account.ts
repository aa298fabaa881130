// The cause of a failure is our own account, not a recipient: alerts the operators, and pauses the mailbox.
import { after } from '../../domain/duration.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';

/** `mayPause`: the report is proven to be Exchange's own. The pause counts from the report, so that reading it again, or late, never makes it longer. */
export async function accountFailed(
  context: Context,
  { id, mailbox }: SendRequestRecord,
  { statusCode, meaning }: { statusCode: string; meaning: string },
  receivedDateTime: string,
  mayPause: boolean,
): Promise<void> {
  const until = after(receivedDateTime, context.rules.ownAccountPauseMs);
  const isOver = until <= nowOf(context);
  const pause = { until, reason: `${statusCode}: ${meaning}`, since: receivedDateTime, sendRequestId: id };
  if (mayPause && !isOver && !(await context.accountPauses.pause(mailbox, pause))) return;
  context.telemetry.event('ownAccountFailure', {
    sendRequestId: id,
    mailbox,
    statusCode,
    reason: meaning,
  });
}
