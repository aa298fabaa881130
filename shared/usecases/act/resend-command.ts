// The command that sends a mail again: content, key, and the decisions of today's policy and of an environment that is not production.

import { authorsOf, authorsProblem, recipientsProblem } from '../../domain/accept/later-decision.ts';
import { redirect } from '../../domain/accept/redirect.ts';
import { resendText } from '../../domain/act/choose-recipients.ts';
import { mayBeKnown } from '../../domain/act/resent-content.ts';
import { type Checked, ok, problems, refused } from '../../domain/content/problem.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { OPERATION_TABLE } from '../../domain/operations.ts';
import { URGENT_LANE } from '../../domain/submit/lanes.ts';
import { madeDraft } from '../accept/check-target.ts';
import { PolicyUnavailable } from '../accept/current-policy.ts';
import type { EnqueueCommand } from '../accept/enqueue-command.ts';
import type { Context } from '../context.ts';
import { type ContentForResend, contentForResend, type SentTo } from './content-for-resend.ts';

export interface ResendCommand {
  command: EnqueueCommand;
  source: ContentForResend['source'];
}

/**
 * A caller's Idempotency-Key never contains a control character, so this key is never one of a caller. The resends of a request are a chain:
 * each has a key that names the one before it, so that two at the same time cannot choose the same recipient.
 */
const keyOf = ({ id, resentAs }: SendRequestRecord): string => `\u0001resend ${id}${resentAs === undefined ? '' : ` after ${resentAs}`}`;

function commandOf(
  record: SendRequestRecord,
  { recipients }: SentTo,
  { source, operation, format, content }: ContentForResend,
): EnqueueCommand {
  const isAsPosted = record.callerSetMessageId && format === 'mime' && !mayBeKnown(record);
  return {
    mailbox: record.mailbox,
    application: record.application,
    operation,
    format,
    content,
    saveToSentItems: record.saveToSentItems,
    recipients: [...recipients],
    urgent: record.lane === URGENT_LANE,
    idempotencyKey: keyOf(record),
    sameAs: resendText(record.id, recipients),
    resendOf: record.id,
    ...(isAsPosted && { internetMessageId: record.internetMessageId }),
    ...(record.subject !== undefined && { subject: record.subject }),
    ...(record.from !== undefined && { from: record.from }),
    ...(source === 'kept' && record.targetMessageId !== undefined && { targetMessageId: record.targetMessageId }),
    ...(record.clientRequestId !== undefined && { clientRequestId: record.clientRequestId }),
    ...(record.traceparent !== undefined && { traceparent: record.traceparent }),
  };
}

/** From and Sender are read from the content again: the log keeps one of them. Whoever sends it again, the application's own line decides. */
async function judged(context: Context, command: EnqueueCommand): Promise<Checked<EnqueueCommand>> {
  const authors = authorsOf(command.format, command.content);
  if (!authors.ok) return authors;
  const [, ...otherFrom] = authors.value;
  const withAuthors = { ...command, ...(otherFrom.length > 0 && { otherFrom }) };
  if (!context.policy) return ok(withAuthors);
  try {
    const policy = await context.policy.get();
    const all = [...authors.value, ...(command.from === undefined ? [] : [command.from])];
    const problem = authorsProblem(policy, command, all) ?? recipientsProblem(policy, command, command.recipients);
    return problem ? refused(problem) : ok(withAuthors);
  } catch (error) {
    if (!(error instanceof PolicyUnavailable)) throw error;
    return refused(problems.unavailable(error.message));
  }
}

/**
 * Redirects the mail now if it was accepted elsewhere, or before REDIRECT_RECIPIENTS_TO was set. What was redirected once never goes to its
 * recipients, whatever the settings say today.
 */
async function redirected(
  context: Context,
  { redirectedTo }: SendRequestRecord,
  command: EnqueueCommand,
  isUnchanged: boolean,
): Promise<Checked<EnqueueCommand>> {
  if (redirectedTo !== undefined && isUnchanged) return ok({ ...command, redirectedTo });
  const { operation, format, mailbox, targetMessageId } = command;
  const { nonProduction } = context.rules;
  const draft = OPERATION_TABLE[operation].recipients === 'draft' ? await madeDraft(context, mailbox, targetMessageId) : undefined;
  return redirect(operation, format, command, { ...nonProduction, redirectTo: nonProduction.redirectTo ?? redirectedTo }, draft);
}

/** Throws StoreUnavailable. */
export async function resendCommand(context: Context, record: SendRequestRecord, to: SentTo): Promise<Checked<ResendCommand>> {
  const found = await contentForResend(context, record, to);
  if (!found.ok) return found;
  const { source, isUnchanged } = found.value;
  const command = await judged(context, commandOf(record, to, found.value));
  const checked = command.ok ? await redirected(context, record, command.value, isUnchanged) : command;
  return checked.ok ? ok({ command: checked.value, source }) : checked;
}
