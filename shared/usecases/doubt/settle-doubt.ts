// Settles a doubt by looking: found, absent, an unsent draft, or no look was possible. Used by the worker and by the reconciler.

import type { MailboxCopy } from '../../domain/doubt/copies.ts';
import { after } from '../../domain/duration.ts';
import type { LifecycleEvent } from '../../domain/log/apply-event.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { isDraftOnly } from '../../domain/operations.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { type Intent, type Stored, type Written, writeEvent, writeIfUnchanged } from '../log/write-log.ts';
import { type Found, type Look, lookInMailbox } from './look-in-mailbox.ts';

export interface UnsentDrafts {
  copy: MailboxCopy;
  /** Others of this request. */
  leftovers: readonly MailboxCopy[];
}

export type Settled =
  | { kind: 'settled'; stored: Stored }
  | { kind: 'absent' }
  /** Somebody else changed the record meanwhile: decide again. */
  | { kind: 'changed'; stored: Stored }
  | ({ kind: 'unsentDraft' } & UnsentDrafts)
  | Extract<Look, { kind: 'cannotLook' }>;

/** What the record learns from a copy that proves it. */
export function foundPatch(context: Context, record: SendRequestRecord, copy: MailboxCopy): Partial<SendRequestRecord> {
  const acceptedDateTime = record.acceptedDateTime ?? nowOf(context);
  return {
    acceptedDateTime,
    reportWindowEnds: record.reportWindowEnds ?? after(acceptedDateTime, context.rules.reportWindowMs),
    ...(copy.internetMessageId && { internetMessageId: copy.internetMessageId }),
    ...(!copy.isDraft && { copyId: copy.id, ...(!record.saveToSentItems && { copyToRemove: true }) }),
  };
}

const CLEARED = ['nextAttemptDateTime', 'doubt', 'mayHaveGone', 'error', 'content'] as const;

function foundEvent(context: Context, record: SendRequestRecord, { copy, tie }: Found): LifecycleEvent {
  const base = { dateTime: nowOf(context), fact: copy.id.slice(-24), clears: CLEARED };
  if (isDraftOnly(record.operation)) {
    const draft = { id: copy.id, ...(copy.webLink !== undefined && { webLink: copy.webLink }) };
    return { ...base, type: 'draftCreated', detail: `found by ${tie}`, patch: { draft } };
  }
  const patch = foundPatch(context, record, copy);
  return { ...base, type: copy.isDraft ? 'foundInMailbox' : 'foundInSentItems', detail: `found by ${tie}`, patch };
}

/** That a copy was found of a request. */
export function foundIntent(context: Context, stored: Stored, found: Found): Intent {
  const { internetMessageId } = stored.value;
  const rewritten = found.copy.internetMessageId !== undefined && found.copy.internetMessageId !== internetMessageId;
  return {
    stored,
    // A request has one copy: a second reader of the same one, however late, has nothing to add.
    build: (record) => (record.copyId === undefined ? foundEvent(context, record, found) : undefined),
    extras: {
      ...(found.tie === 'shared' && { claimCopy: found.copy.id }),
      ...(rewritten && { indexMessageId: found.copy.internetMessageId }),
    },
  };
}

/** Writes that a copy was found; `copyClaimed` if it turned out to be another request's. */
export function writeFound(context: Context, stored: Stored, found: Found): Promise<Written> {
  const { build, extras } = foundIntent(context, stored, found);
  return writeEvent(context, stored, build, extras);
}

/** A draft that was asked for, and is complete. */
const isFinishedDraft = ({ operation, claim }: SendRequestRecord, copy: MailboxCopy): boolean =>
  isDraftOnly(operation) && (!claim?.assembled || copy.id === claim.draftId);

/**
 * Graph makes a draft first on either route, and an error can leave it unsent. On the draft route a draft of ours counts as unsent unless it
 * is known to be submitted. On the direct route Exchange also carries mail in Drafts, so only mfSubmitted tells: unreadable, the copy counts
 * as accepted.
 */
function isUnsentDraft(record: SendRequestRecord, copy: MailboxCopy): boolean {
  if (!copy.isDraft || isFinishedDraft(record, copy)) return false;
  return record.claim?.route === 'draft' ? !copy.isSubmitted : copy.isSubmitted === false;
}

/** The draft whose `/send` may have left: from then on that item decides, and no leftover of an earlier creation. */
const draftInQuestion = ({ claim }: SendRequestRecord): string | undefined => (claim?.sendIssued ? claim.draftId : undefined);

/** If it is gone from Drafts, it was sent. */
function writeDraftGone(context: Context, stored: Stored): Promise<Written> {
  const dateTime = nowOf(context);
  return writeIfUnchanged(context, stored, {
    type: 'foundInMailbox',
    dateTime,
    fact: 'draft-gone',
    detail: 'the draft is gone from Drafts after its send',
    patch: { acceptedDateTime: dateTime, reportWindowEnds: after(dateTime, context.rules.reportWindowMs) },
    clears: CLEARED,
  });
}

/** A copy that is found is a fact in every state of the record: if the event is ignored, the request is settled already. */
const settledBy = (written: Written): Settled =>
  written.kind === 'written' || written.kind === 'ignored' ? { kind: 'settled', stored: written.stored } : { kind: 'absent' };

async function settleByDraft(context: Context, stored: Stored): Promise<Settled> {
  const written = await writeDraftGone(context, stored);
  return written.kind === 'ignored' ? { kind: 'changed', stored: written.stored } : settledBy(written);
}

/** `graceOver`: the grace has passed, so a draft that is gone was sent. */
export async function settleDoubt(context: Context, stored: Stored, graceOver: boolean): Promise<Settled> {
  const record = stored.value;
  const look = await lookInMailbox(context, record);
  if (look.kind === 'cannotLook') return look;
  const inQuestion = draftInQuestion(record);
  if (look.kind === 'found') {
    if (!isUnsentDraft(record, look.copy)) return settledBy(await writeFound(context, stored, look));
    if (inQuestion === undefined || look.copy.id === inQuestion) {
      return { kind: 'unsentDraft', copy: look.copy, leftovers: look.leftovers };
    }
  }
  return graceOver && inQuestion !== undefined ? settleByDraft(context, stored) : { kind: 'absent' };
}
