// Sends a finally failed request again: a new send request from the content that was kept, linked in both logs. Once per request.
import type { Caller } from '../../domain/accept/caller.ts';
import { authorsOf, authorsProblem } from '../../domain/accept/later-decision.ts';
import { redirect } from '../../domain/accept/redirect.ts';
import { type Checked, ok, type Problem, problems, refused } from '../../domain/content/problem.ts';
import { isResendable } from '../../domain/log/lifecycle.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { OPERATION_TABLE } from '../../domain/operations.ts';
import { URGENT_LANE } from '../../domain/submit/lanes.ts';
import { madeDraft } from '../accept/check-target.ts';
import { PolicyUnavailable } from '../accept/current-policy.ts';
import type { EnqueueCommand, EnqueueOutcome } from '../accept/enqueue-command.ts';
import { enqueueSendRequest } from '../accept/enqueue-send-request.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { writeEvent } from '../log/write-log.ts';
import { type Acted, actableRecord } from './cancel-send-request.ts';

type Accepted = Extract<EnqueueOutcome, { kind: 'accepted' }>;

export type Resent =
  | Exclude<Acted, { kind: 'done' }>
  | { kind: 'resent'; as: Accepted }
  | { kind: 'unavailable'; retryAfter: number; reason: string }
  | { kind: 'refused'; problem: Problem };

/** A caller's Idempotency-Key never contains a control character, so this key is never one of a caller. */
const keyOf = (id: string): string => `\u0001resend ${id}`;

/** A Message-ID that the caller had set in JSON is left out: the new mail gets one of its own. In MIME not a byte is changed. */
function freshContent(record: SendRequestRecord, content: Uint8Array): { content: Uint8Array; internetMessageId?: string } {
  if (!record.callerSetMessageId) return { content };
  if (record.format !== 'json') return { content, internetMessageId: record.internetMessageId };
  const body = JSON.parse(new TextDecoder().decode(content)) as Record<string, unknown>;
  const message = (body['message'] ?? body) as Record<string, unknown>;
  delete message['internetMessageId'];
  return { content: new TextEncoder().encode(JSON.stringify(body)) };
}

async function commandOf(context: Context, record: SendRequestRecord, kept: Uint8Array): Promise<EnqueueCommand> {
  const recipients = await context.log.recipients(record.mailbox, record.id);
  return {
    mailbox: record.mailbox,
    application: record.application,
    operation: record.operation,
    format: record.format,
    ...freshContent(record, kept),
    saveToSentItems: record.saveToSentItems,
    recipients: recipients.map(({ address, type }) => ({ address, type })),
    urgent: record.lane === URGENT_LANE,
    idempotencyKey: keyOf(record.id),
    resendOf: record.id,
    ...(record.redirectedTo !== undefined && { redirectedTo: record.redirectedTo }),
    ...(record.subject !== undefined && { subject: record.subject }),
    ...(record.from !== undefined && { from: record.from }),
    ...(record.targetMessageId !== undefined && { targetMessageId: record.targetMessageId }),
    ...(record.clientRequestId !== undefined && { clientRequestId: record.clientRequestId }),
    ...(record.traceparent !== undefined && { traceparent: record.traceparent }),
  };
}

/** From and Sender are read from the content again: the log keeps one of them. Whoever sends it again, the application's own line decides. */
async function judgedAuthors(context: Context, command: EnqueueCommand): Promise<Checked<EnqueueCommand>> {
  const authors = authorsOf(command.format, command.content);
  if (!authors.ok) return authors;
  const [, ...otherFrom] = authors.value;
  const judged = { ...command, ...(otherFrom.length > 0 && { otherFrom }) };
  if (!context.policy) return ok(judged);
  try {
    const problem = authorsProblem(await context.policy.get(), command, [
      ...authors.value,
      ...(command.from === undefined ? [] : [command.from]),
    ]);
    return problem ? refused(problem) : ok(judged);
  } catch (error) {
    if (!(error instanceof PolicyUnavailable)) throw error;
    return refused(problems.unavailable(error.message));
  }
}

/** Redirects the mail now if it was accepted elsewhere, or before REDIRECT_RECIPIENTS_TO was set. */
async function redirected(context: Context, command: EnqueueCommand): Promise<Checked<EnqueueCommand>> {
  if (command.redirectedTo !== undefined) return ok(command);
  const { operation, format, mailbox, targetMessageId } = command;
  const draft = OPERATION_TABLE[operation].recipients === 'draft' ? await madeDraft(context, mailbox, targetMessageId) : undefined;
  return redirect(operation, format, command, context.rules.nonProduction, draft);
}

/** It was resent before: the same answer again. */
async function resentBefore(context: Context, mailbox: string, id: string): Promise<Resent> {
  const again = await context.log.read(mailbox, id);
  const status = again?.value.status ?? 'queued';
  return { kind: 'resent', as: { kind: 'accepted', id, status, mailbox, operation: again?.value.operation ?? 'sendMail' } };
}

/**
 * `admit` is asked with the new mail before it goes to the queue. Throws StoreUnavailable. Repeating it is harmless: there is one new
 * send request at most, and that one can be sent again in its turn.
 */
export async function resendSendRequest(
  context: Context,
  caller: Caller,
  { mailbox, id }: { mailbox: string; id: string },
  admit: (command: EnqueueCommand) => Promise<Problem | undefined>,
): Promise<Resent> {
  const stored = await actableRecord(context, caller, mailbox, id);
  if (typeof stored === 'string') return { kind: stored };
  const record = stored.value;
  if (record.resentAs !== undefined) return resentBefore(context, mailbox, record.resentAs);
  if (!isResendable(record.status)) {
    return { kind: 'impossible', record, why: `The send request is ${record.status}: only one that has finally failed can be sent again.` };
  }
  const kept = await context.contents.kept(id);
  if (!kept) return { kind: 'impossible', record, why: `The send request is ${record.status}, and its content is not stored any more.` };
  const judged = await judgedAuthors(context, await commandOf(context, record, kept));
  if (!judged.ok) return { kind: 'refused', problem: judged.problem };
  const checked = await redirected(context, judged.value);
  if (!checked.ok) return { kind: 'refused', problem: checked.problem };
  const command = checked.value;
  const problem = await admit(command);
  if (problem) return { kind: 'refused', problem };
  const outcome = await enqueueSendRequest(context, command);
  if (outcome.kind === 'refused') return outcome;
  if (outcome.kind === 'keyReused')
    return { kind: 'impossible', record, why: 'The send request was already sent again with other content.' };
  if (outcome.kind === 'unavailable') return outcome;
  const detail = `as ${outcome.id}, by application ${caller.application}`;
  const link = { type: 'resent', dateTime: nowOf(context), fact: outcome.id, detail, patch: { resentAs: outcome.id } } as const;
  await writeEvent(context, stored, (now) => (now.resentAs === outcome.id ? undefined : link));
  return { kind: 'resent', as: outcome };
}
