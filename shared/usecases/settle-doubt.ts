// Settles a doubt by looking: found, absent, an unsent draft, or no look was possible. Used by the worker and by the reconciler.

import type { LifeEvent } from '../domain/apply-event.ts';
import type { MailboxCopy } from '../domain/copies.ts';
import { after } from '../domain/duration.ts';
import { isDraftOnly, type SendRequestRecord } from '../domain/send-request.ts';
import type { Context } from './context.ts';
import { nowOf } from './context.ts';
import { type Look, lookInMailbox } from './look-in-mailbox.ts';
import { type Stored, type Written, writeEvent } from './write-log.ts';

export type Settled =
  | { kind: 'settled'; stored: Stored }
  | { kind: 'absent' }
  | { kind: 'unsentDraft'; copy: MailboxCopy }
  | { kind: 'cannotLook'; reason: string };

/** What the record learns from a copy that vouches for it. */
export function foundPatch(context: Context, record: SendRequestRecord, copy: MailboxCopy): Partial<SendRequestRecord> {
  const acceptedDateTime = record.acceptedDateTime ?? nowOf(context);
  return {
    acceptedDateTime,
    reportWindowEnds: record.reportWindowEnds ?? after(acceptedDateTime, context.rules.reportWindowMs),
    ...(copy.internetMessageId && { internetMessageId: copy.internetMessageId }),
    ...(!copy.isDraft && { copyId: copy.id, ...(!record.saveToSentItems && { copyToRemove: true }) }),
  };
}

const CLEARED = ['nextAttemptDateTime', 'doubt', 'error', 'content'] as const;

function foundEvent(context: Context, record: SendRequestRecord, { copy, tie }: Extract<Look, { kind: 'found' }>): LifeEvent {
  const base = { dateTime: nowOf(context), fact: copy.id.slice(-24), clears: CLEARED };
  if (isDraftOnly(record.operation)) {
    const draft = { id: copy.id, ...(copy.webLink !== undefined && { webLink: copy.webLink }) };
    return { ...base, type: 'draftCreated', detail: `found by ${tie}`, patch: { draft } };
  }
  const patch = foundPatch(context, record, copy);
  return { ...base, type: copy.isDraft ? 'foundInMailbox' : 'foundInSentItems', detail: `found by ${tie}`, patch };
}

/** Writes that a copy was found; `copyClaimed` where it turned out to be another request's. */
export function writeFound(context: Context, stored: Stored, found: Extract<Look, { kind: 'found' }>): Promise<Written> {
  const { mailbox, id, internetMessageId } = stored.value;
  const rewritten = found.copy.internetMessageId !== undefined && found.copy.internetMessageId !== internetMessageId;
  return writeEvent(context, mailbox, id, (record) => foundEvent(context, record, found), stored, {
    ...(found.tie === 'shared' && { claimCopy: found.copy.id }),
    ...(rewritten && { indexMessageId: found.copy.internetMessageId }),
  });
}

/** On the draft route an unsent draft of ours proves nothing yet; on the direct route Exchange itself carries the mail there. */
const isUnsentDraft = (record: SendRequestRecord, copy: MailboxCopy): boolean =>
  copy.isDraft && !copy.isSubmitted && record.claim?.route === 'draft' && !isDraftOnly(record.operation);

/** `graceOver`: the grace has passed, so a draft that is gone was sent. */
export async function settleDoubt(context: Context, stored: Stored, graceOver: boolean): Promise<Settled> {
  const record = stored.value;
  const look = await lookInMailbox(context, record);
  if (look.kind === 'cannotLook') return look;
  if (look.kind === 'found') {
    if (isUnsentDraft(record, look.copy)) return { kind: 'unsentDraft', copy: look.copy };
    const written = await writeFound(context, stored, look);
    return written.kind === 'written' || written.kind === 'ignored' ? { kind: 'settled', stored: written.stored } : { kind: 'absent' };
  }
  if (graceOver && record.claim?.sendIssued && record.claim.draftId !== undefined) {
    const acceptedDateTime = nowOf(context);
    const written = await writeEvent(
      context,
      record.mailbox,
      record.id,
      () => ({
        type: 'foundInMailbox',
        dateTime: acceptedDateTime,
        fact: 'draft-gone',
        detail: 'the draft is gone from Drafts after its send',
        patch: { acceptedDateTime, reportWindowEnds: after(acceptedDateTime, context.rules.reportWindowMs) },
        clears: CLEARED,
      }),
      stored,
    );
    if (written.kind === 'written' || written.kind === 'ignored') return { kind: 'settled', stored: written.stored };
  }
  return { kind: 'absent' };
}
