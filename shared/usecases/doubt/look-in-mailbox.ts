// A look: searches the whole mailbox for a send request's mail, own mark first, and decides which copy proves it.
import {
  awaitsCopySince,
  copiesNotBefore,
  copyMayBeLate,
  isBeingSubmitted,
  type MailboxCopy,
  mayVouchInDoubt,
  type Tie,
  tieOf,
} from '../../domain/doubt/copies.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { type Answer, describeAnswer, saysItemGone, saysMailboxMissing } from '../../domain/submit/outcome-rule.ts';
import type { GraphAnswer } from '../../ports/graph-mail.ts';
import type { Context } from '../context.ts';
import { callIdOf, nowOf } from '../context.ts';

/** The copy that proves the request. */
export interface Found {
  copy: MailboxCopy;
  tie: Tie;
}

export type Look =
  /** `leftovers`: other drafts of this request, where the copy is one, too. */
  | ({ kind: 'found'; leftovers: readonly MailboxCopy[] } & Found)
  | { kind: 'absent' }
  /**
   * Graph could not be asked, or a copy may still turn out to be another's: neither presence nor absence is known. `missing`: Graph says
   * that the mailbox is not there.
   */
  | { kind: 'cannotLook'; reason: string; missing?: Answered };

const callContext = (context: Context, record: SendRequestRecord) => ({
  mailbox: record.mailbox,
  clientRequestId: callIdOf(context, record),
  timeoutMs: context.rules.graphTimeoutMs,
});

type Answered = Extract<Answer, { kind: 'answered' }>;

type Listed = { copies: MailboxCopy[] } | { failed: string; missing?: Answered };

/** `missing`: Graph's answer, if it says that the mailbox is not there. */
const failed = (answer: GraphAnswer<unknown>): Listed => ({
  failed: describeAnswer(answer),
  ...(answer.kind === 'answered' && saysMailboxMissing(answer) && { missing: answer }),
});

function listed(answer: GraphAnswer<MailboxCopy[]>): Listed {
  return answer.kind === 'answered' && answer.status === 200 && answer.body ? { copies: answer.body } : failed(answer);
}

/** The draft itself, by its id: what settles a doubt on the draft route even if no mark survives. */
async function draftOf(context: Context, record: SendRequestRecord): Promise<Listed> {
  const draftId = record.claim?.draftId;
  if (draftId === undefined) return { copies: [] };
  const answer = await context.graph.getCopy(callContext(context, record), draftId);
  if (answer.kind === 'answered' && answer.status === 200 && answer.body) return { copies: [answer.body] };
  if (saysItemGone(answer)) return { copies: [] };
  return failed(answer);
}

/**
 * A list does not show whether a draft was submitted. On the direct route that decides, so the item is read by itself. On the draft route
 * a draft that has no flag counts as unsent already.
 */
async function withFlags(context: Context, record: SendRequestRecord, found: Look): Promise<Look> {
  if (found.kind !== 'found' || !found.copy.isDraft || found.copy.isSubmitted !== undefined || record.claim?.route !== 'direct')
    return found;
  const read = await context.graph.getCopy(callContext(context, record), found.copy.id);
  if (read.kind !== 'answered' || !read.body) return { kind: 'cannotLook', reason: `the draft that was found: ${describeAnswer(read)}` };
  return { ...found, copy: read.body };
}

/** A copy in its final place is stronger proof than one on its way. */
const settledFirst = (a: MailboxCopy, b: MailboxCopy): number => Number(a.isDraft) - Number(b.isDraft);

type SharedCopy = MailboxCopy | 'none' | 'undecided';

/**
 * Copies that only share a Message-ID set by callers: others that are known to be accepted come first. If the copy of such a one may only be late,
 * nothing is decided: a copy that is there, or that the other one holds, may be this request's own. To call it absent would send the mail twice.
 */
async function sharedCopyFor(context: Context, record: SendRequestRecord, copies: MailboxCopy[]): Promise<SharedCopy> {
  const unclaimed: MailboxCopy[] = [];
  const holders = new Set<string>();
  for (const copy of copies) {
    const holder = await context.log.copyHolder(record.mailbox, copy.id);
    if (holder === record.id) return copy;
    if (holder === undefined) unclaimed.push(copy);
    else holders.add(holder);
  }
  const isOneFree = unclaimed.length > 0;
  const notBefore = copiesNotBefore(record);
  let acceptedWithoutCopy = 0;
  let isOneLate = false;
  for (const id of await context.log.withMessageId(record.mailbox, record.internetMessageId)) {
    const other = id === record.id ? undefined : (await context.log.read(record.mailbox, id))?.value;
    if (!other) continue;
    if (isOneFree && isBeingSubmitted(other, nowOf(context))) return 'undecided';
    const awaitsCopy = awaitsCopySince(other, notBefore);
    if (awaitsCopy) acceptedWithoutCopy++;
    const mayHaveThisOnes = holders.has(id) || (isOneFree && awaitsCopy);
    if (mayHaveThisOnes && copyMayBeLate(other, nowOf(context), context.rules.inDoubtGraceMs)) isOneLate = true;
  }
  if (mayVouchInDoubt(unclaimed.length, acceptedWithoutCopy)) return unclaimed[0] as MailboxCopy;
  return isOneLate ? 'undecided' : 'none';
}

/** The draft that is known by its id needs no mark. */
const tieIn = (copy: MailboxCopy, record: SendRequestRecord): Tie | undefined =>
  copy.id === record.claim?.draftId ? 'mark' : tieOf(copy, record);

async function choose(context: Context, record: SendRequestRecord, copies: MailboxCopy[]): Promise<Found | 'undecided' | undefined> {
  const shared: MailboxCopy[] = [];
  for (const copy of copies.sort(settledFirst)) {
    const tie = tieIn(copy, record);
    if (tie === 'shared') shared.push(copy);
    else if (tie) return { copy, tie };
  }
  const copy = shared.length > 0 ? await sharedCopyFor(context, record, shared) : 'none';
  if (copy === 'undecided') return copy;
  return copy === 'none' ? undefined : { copy, tie: 'shared' };
}

/** Drafts that are certainly the request's own. */
const ownDrafts = (record: SendRequestRecord, copies: readonly MailboxCopy[]): MailboxCopy[] =>
  copies.filter((copy) => copy.isDraft && ['mark', 'messageId'].includes(tieIn(copy, record) ?? ''));

/** Throws StoreUnavailable if the log is out of reach and is needed to decide which request a copy belongs to. */
export async function lookInMailbox(context: Context, record: SendRequestRecord): Promise<Look> {
  if (context.rules.graphRights === 'send') return { kind: 'cannotLook', reason: 'the rights tier "send" may not read the mailbox' };
  const call = () => callContext(context, record);
  const searches = [
    () => draftOf(context, record),
    async () => listed(await context.graph.findByMark(call(), record.id)),
    async () => listed(await context.graph.findByMessageId(call(), record.internetMessageId)),
  ];
  let draft: Found | undefined;
  const own = new Map<string, MailboxCopy>();
  for (const search of searches) {
    const result = await search();
    if ('failed' in result) return { kind: 'cannotLook', reason: result.failed, ...(result.missing && { missing: result.missing }) };
    const found = await choose(context, record, result.copies);
    if (found === 'undecided')
      return { kind: 'cannotLook', reason: 'another request with this Message-ID is being submitted, or its copy may be late' };
    if (found && !found.copy.isDraft) return { kind: 'found', ...found, leftovers: [] };
    draft ??= found;
    for (const copy of ownDrafts(record, result.copies)) own.set(copy.id, copy);
  }
  if (!draft) return { kind: 'absent' };
  own.delete(draft.copy.id);
  return withFlags(context, record, { kind: 'found', ...draft, leftovers: [...own.values()] });
}
