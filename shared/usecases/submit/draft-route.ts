// The draft route of a submission attempt: a draft is made and completed, or one that is there is taken; its id is noted; it is sent.

import { isAddress, sameAddress } from '../../domain/address/address.ts';
import { hasComment, withComment } from '../../domain/content/comment.ts';
import type { MailboxCopy } from '../../domain/doubt/copies.ts';
import { isDraftOnly, type SendRequestRecord } from '../../domain/log/send-request.ts';
import { countRecipients } from '../../domain/reconcile/recipients.ts';
import type { Answer } from '../../domain/submit/outcome-rules.ts';
import { type Assembly, goesToOriginal, type Plan } from '../../domain/submit/submission-plan.ts';
import { StoreUnavailable } from '../../ports/content-store.ts';
import type { DraftCreated, GraphAnswer } from '../../ports/graph-mail.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { type Stored, writeEvent } from '../log/write-log.ts';
import { attachFiles } from './attach-files.ts';
import { discardDraft } from './discard-drafts.ts';
import { callContext, inTime, isSuccess } from './graph-calls.ts';
import { draftRefusal } from './judge-draft.ts';
import type { CallResult, Calls } from './submission-calls.ts';
import { watchFrom } from './watch-from.ts';

/** Drafts of this request that a look has found: one that may be sent, and others that must go. */
export interface FoundDrafts {
  usable?: MailboxCopy;
  leftovers: readonly MailboxCopy[];
}

const isCreated = (answer: GraphAnswer<DraftCreated>): answer is GraphAnswer<DraftCreated> & { body: DraftCreated } =>
  isSuccess(answer) && 'body' in answer && answer.body?.id !== undefined;

/** A success that names no draft tells nothing: the draft may be there, and is found by its mark. */
const withoutDraft = (answer: GraphAnswer<DraftCreated>): Answer =>
  answer.kind === 'answered' && isSuccess(answer) ? { kind: 'noAnswer', reason: `${answer.status} that names no draft` } : answer;

/** Only the draft tells to whom these go. */
const learnsRecipients = ({ operation }: SendRequestRecord): boolean => operation === 'send' || goesToOriginal(operation);

/** The From of a draft that this request was only told to send; undefined where it is the mailbox itself, as far as one can see. */
function foreignFrom({ operation, mailbox }: SendRequestRecord, { from }: DraftCreated): string | undefined {
  if (operation !== 'send' || from === undefined || !isAddress(mailbox)) return undefined;
  return sameAddress(from, mailbox) ? undefined : from;
}

/** The draft's id goes into the log before its `/send` leaves: so a dead worker's doubt is settled by the item itself. */
async function prepare(context: Context, stored: Stored, draft: DraftCreated, madeBy: string | undefined): Promise<Stored | 'lost'> {
  const { claim: own, mailbox, id, internetMessageId } = stored.value;
  const rewritten = draft.internetMessageId !== undefined && draft.internetMessageId !== internetMessageId;
  const recipients = learnsRecipients(stored.value) ? draft.recipients : undefined;
  const from = foreignFrom(stored.value, draft);
  await watchFrom(context, mailbox, from);
  const written = await writeEvent(
    context,
    mailbox,
    id,
    (record) =>
      record.claim?.nonce === own?.nonce && record.claim
        ? {
            type: 'draftPrepared',
            dateTime: nowOf(context),
            fact: record.claim.nonce,
            patch: {
              claim: { ...record.claim, draftId: draft.id, sendIssued: true },
              ...(draft.internetMessageId !== undefined && { internetMessageId: draft.internetMessageId }),
              ...(madeBy !== undefined && { madeBy }),
              ...(from !== undefined && { from }),
              ...(recipients && { recipientCounts: countRecipients(recipients) }),
              ...(record.subject === undefined && draft.subject !== undefined && context.rules.logSubjects && { subject: draft.subject }),
            },
          }
        : undefined,
    stored,
    { ...(rewritten && { indexMessageId: draft.internetMessageId as string }), ...(recipients && { recipients }) },
  );
  return written.kind === 'written' && written.stored.value.status === 'submitting' ? written.stored : 'lost';
}

/** Notes the draft, and sends it. */
export async function sendPrepared(context: Context, stored: Stored, draft: DraftCreated, madeBy?: string): Promise<Calls> {
  const sendIssuedBefore = stored.value.claim?.sendIssued === true;
  let prepared: Stored | 'lost';
  try {
    prepared = await prepare(context, stored, draft, madeBy);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return { call: 'createDraft', answer: { kind: 'notSent', reason: `the draft could not be noted: ${error.message}` }, stored };
  }
  if (prepared === 'lost') return 'lost';
  const { value } = prepared;
  const answer = await inTime(context, value, () => context.graph.sendDraft(callContext(context, value), draft.id));
  return { call: 'send', answer, stored: prepared, sendIssuedBefore };
}

/** Some tenants' createReply leaves the comment out (a known issue of Graph's for years): then it is put there. */
async function addComment(
  context: Context,
  record: SendRequestRecord,
  draft: DraftCreated,
  comment: string,
): Promise<GraphAnswer | undefined> {
  if (!draft.body || hasComment(draft.body, comment)) return undefined;
  const body = JSON.stringify({ body: withComment(draft.body, comment) });
  const update = () => context.graph.updateDraft(callContext(context, record), draft.id, { contentType: 'application/json', body });
  const answer = await inTime(context, record, update);
  return isSuccess(answer) ? undefined : answer;
}

/** A draft that could not be completed is of no use: the next attempt makes another. What can't be removed now it finds. */
async function complete(context: Context, stored: Stored, draft: DraftCreated, plan: Assembly): Promise<CallResult | undefined> {
  const record = stored.value;
  const answer =
    (plan.comment === undefined ? undefined : await addComment(context, record, draft, plan.comment)) ??
    (await attachFiles(context, record, draft.id, plan.attachments));
  if (!answer) return undefined;
  await discardDraft(context, record, draft.id);
  return { call: 'attach', answer, stored };
}

async function makeDraft(context: Context, stored: Stored, plan: Assembly, leftovers: readonly MailboxCopy[]): Promise<CallResult> {
  const record = stored.value;
  for (const { id } of leftovers) {
    const failed = await discardDraft(context, record, id);
    if (failed) return { call: 'createDraft', answer: failed, stored };
  }
  const create = () => context.graph.createDraft(callContext(context, record), plan.create.path, plan.create.payload());
  const answer = await inTime(context, record, create);
  if (!isCreated(answer)) return { call: 'createDraft', answer: withoutDraft(answer), stored };
  const incomplete = await complete(context, stored, answer.body, plan);
  return incomplete ?? { call: 'createDraft', answer, stored, draft: answer.body };
}

/** What a list shows of a draft doesn't say to whom it goes. */
async function withRecipients(context: Context, record: SendRequestRecord, draft: MailboxCopy): Promise<DraftCreated> {
  if (draft.recipients || !learnsRecipients(record)) return draft;
  const read = await inTime(context, record, () => context.graph.getCopy(callContext(context, record), draft.id));
  return read.kind === 'answered' && read.body ? read.body : draft;
}

export async function callDraftRoute(
  context: Context,
  stored: Stored,
  plan: Extract<Plan, { kind: 'mail' }>,
  { usable, leftovers }: FoundDrafts,
): Promise<Calls> {
  if (usable) return sendPrepared(context, stored, await withRecipients(context, stored.value, usable));
  const made = await makeDraft(context, stored, plan.draft, leftovers);
  if (!made.draft || isDraftOnly(stored.value.operation)) return made;
  const refusal = goesToOriginal(stored.value.operation) && (await draftRefusal(context, stored.value, made.draft, true));
  if (refusal) {
    await discardDraft(context, stored.value, made.draft.id);
    return { call: 'createDraft', answer: refusal, stored };
  }
  return sendPrepared(context, stored, made.draft);
}

const notThere = (message: string): Answer => ({ kind: 'answered', status: 404, code: 'ErrorItemNotFound', message });

/** A draft bears the mark of the send request that made it: another application's is answered like what isn't there. */
async function whyNotOurs(
  context: Context,
  { mailbox, application }: SendRequestRecord,
  mark: string | undefined,
): Promise<Answer | undefined> {
  if (mark === undefined) return undefined;
  try {
    const made = await context.log.read(mailbox, mark);
    const isAnothers = made !== undefined && made.value.application !== application;
    return isAnothers ? notThere('The specified object was not found in the store.') : undefined;
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return { kind: 'notSent', reason: `who made the draft could not be read: ${error.message}` };
  }
}

/** Operation `send`: the draft is read before, since nothing of ours marks it; but not where a look has just seen it unsent. */
export async function callSend(
  context: Context,
  stored: Stored,
  draftId: string,
  madeBy: string | undefined,
  seen: MailboxCopy | undefined,
): Promise<Calls> {
  if (seen) {
    const denied = await draftRefusal(context, stored.value, seen, (madeBy ?? seen.mark) !== undefined);
    return denied ? { call: 'createDraft', answer: denied, stored } : sendPrepared(context, stored, seen, madeBy);
  }
  const record = stored.value;
  const read = await inTime(context, record, () => context.graph.getCopy(callContext(context, record), draftId));
  if (read.kind !== 'answered' || !read.body) return { call: 'createDraft', answer: read, stored };
  const { isDraft, isSubmitted, mark } = read.body;
  // By a send request's id the application was checked before.
  const refusal =
    (madeBy === undefined ? await whyNotOurs(context, record, mark) : undefined) ??
    (await draftRefusal(context, record, read.body, (madeBy ?? mark) !== undefined));
  if (refusal) return { call: 'createDraft', answer: refusal, stored };
  if (isDraft && !isSubmitted) return sendPrepared(context, stored, read.body, madeBy ?? mark);
  return { call: 'createDraft', answer: notThere('The specified object is no draft any more: it was sent already.'), stored };
}
