// Removes the drafts that a send request leaves behind: incomplete ones, and those of a mail that won't be sent any more.
import type { MailboxCopy } from '../../domain/doubt/copies.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { GraphAnswer } from '../../ports/graph-mail.ts';
import type { Context } from '../context.ts';
import { callIdOf } from '../context.ts';
import { lookInMailbox } from '../doubt/look-in-mailbox.ts';
import { isGone, isSuccess } from './graph-calls.ts';

const isUnsent = ({ isDraft, isSubmitted }: MailboxCopy): boolean => isDraft && !isSubmitted;

/** Reads it first: what was submitted after all is no draft to remove. Undefined where it is gone. */
export async function discardDraft(
  context: Context,
  record: SendRequestRecord,
  draftId: string,
): Promise<GraphAnswer<unknown> | undefined> {
  const call = () => ({
    mailbox: record.mailbox,
    clientRequestId: callIdOf(context, record),
    timeoutMs: context.rules.graphTimeoutMs,
  });
  const read = await context.graph.getCopy(call(), draftId);
  if (isGone(read)) return undefined;
  if (read.kind !== 'answered' || !read.body) return read;
  if (!isUnsent(read.body)) return undefined;
  const removed = await context.graph.remove(call(), draftId);
  return isSuccess(removed) || isGone(removed) ? undefined : removed;
}

/** Whether the request may have left a draft of its own making. The draft that operation `send` names is its owner's. */
const mayHaveLeft = ({ claim, operation }: SendRequestRecord): boolean => claim?.route === 'draft' && operation !== 'send';

/** For a request that has ended without being submitted. What can't be removed stays, and operators are told. */
export async function discardDrafts(context: Context, record: SendRequestRecord): Promise<void> {
  if (!mayHaveLeft(record) || context.rules.graphRights !== 'readWrite') return;
  const look = await lookInMailbox(context, record);
  const found = look.kind === 'found' && look.tie !== 'shared' ? [look.copy, ...look.leftovers] : [];
  let left = look.kind === 'cannotLook';
  for (const copy of found.filter(isUnsent)) if (await discardDraft(context, record, copy.id)) left = true;
  if (left) context.telemetry.event('draftLeft', { sendRequestId: record.id, mailbox: record.mailbox });
}
