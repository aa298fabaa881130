// Removes the drafts that a send request leaves behind: incomplete ones, and those of a mail that won't be sent any more.
import type { MailboxCopy } from '../../domain/doubt/copies.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { saysItemGone } from '../../domain/submit/outcome-rule.ts';
import type { GraphAnswer } from '../../ports/graph-mail.ts';
import { lookInMailbox } from '../doubt/look-in-mailbox.ts';
import type { Delivery } from './delivery.ts';
import { callFor, isSuccess } from './graph-calls.ts';

const isUnsent = ({ isDraft, isSubmitted }: MailboxCopy): boolean => isDraft && !isSubmitted;

/** Reads it first: if it was submitted after all, it is no draft to remove. Undefined if the draft is gone. */
export async function discardDraft(delivery: Delivery, draftId: string): Promise<GraphAnswer<unknown> | undefined> {
  const { graph } = delivery.context;
  const read = await graph.getCopy(callFor(delivery), draftId);
  if (saysItemGone(read)) return undefined;
  if (read.kind !== 'answered' || !read.body) return read;
  if (!isUnsent(read.body)) return undefined;
  const removed = await graph.remove(callFor(delivery), draftId);
  return isSuccess(removed) || saysItemGone(removed) ? undefined : removed;
}

/**
 * Whether the request may have left a draft of its own making. The draft that operation `send` names is its owner's, and one that may be the
 * mail on its way stays.
 */
const mayHaveLeft = ({ claim, operation, mayHaveGone }: SendRequestRecord): boolean =>
  claim?.route === 'draft' && operation !== 'send' && mayHaveGone !== true;

/** For a request that has ended without being submitted. What cannot be removed stays, and telemetry says so. */
export async function discardDrafts(delivery: Delivery): Promise<void> {
  const { context, record } = delivery;
  if (!mayHaveLeft(record) || context.rules.graphRights !== 'readWrite') return;
  const look = await lookInMailbox(context, record);
  const found = look.kind === 'found' && look.tie !== 'shared' ? [look.copy, ...look.leftovers] : [];
  let left = look.kind === 'cannotLook';
  for (const copy of found.filter(isUnsent)) if (await discardDraft(delivery, copy.id)) left = true;
  if (left) context.telemetry.event('draftLeft', { sendRequestId: record.id, mailbox: record.mailbox });
}
