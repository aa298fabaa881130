// The draft route of a submission attempt: a draft is made and completed, or one that is there is taken; its id is noted; it is sent.

import { isAddress, sameAddress } from '../../domain/address/address.ts';
import { hasComment, withComment } from '../../domain/content/comment.ts';
import type { MailboxCopy } from '../../domain/doubt/copies.ts';
import type { LifecycleEvent } from '../../domain/log/apply-event.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { isDraftOnly } from '../../domain/operations.ts';
import { countRecipients } from '../../domain/reconcile/recipients.ts';
import type { Answer } from '../../domain/submit/outcome-rule.ts';
import { type Assembly, goesToOriginal, type Plan } from '../../domain/submit/submission-plan.ts';
import type { DraftCreated, GraphAnswer } from '../../ports/graph-mail.ts';
import type { UsageChange } from '../../ports/status-log.ts';
import { unlessOutOfReach } from '../../ports/store-unavailable.ts';
import { countLearned, moreThanCounted } from '../limits/count-learned.ts';
import { writeEvent } from '../log/write-log.ts';
import { attachFiles } from './attach-files.ts';
import type { Delivery } from './delivery.ts';
import { discardDraft } from './discard-drafts.ts';
import { inTime, isSuccess } from './graph-calls.ts';
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

/** A success without a draft's id does not say whether the draft exists. If it does, it is found by its mark. */
const withoutDraft = (answer: GraphAnswer<DraftCreated>): Answer =>
  answer.kind === 'answered' && isSuccess(answer) ? { kind: 'noAnswer', reason: `${answer.status} without the id of a draft` } : answer;

/** Only the draft shows the recipients of these. */
const learnsRecipients = ({ operation }: SendRequestRecord): boolean => operation === 'send' || goesToOriginal(operation);

/** The From of a draft that this request did not make. Undefined if it seems to be the mailbox itself. */
function foreignFrom({ operation, mailbox }: SendRequestRecord, { from }: DraftCreated): string | undefined {
  if (operation !== 'send' || from === undefined || !isAddress(mailbox)) return undefined;
  return sameAddress(from, mailbox) ? undefined : from;
}

/** The draft's id goes into the log before its `/send` leaves: so a dead worker's doubt is settled by the item itself. */
async function prepare(delivery: Delivery, draft: DraftCreated, madeBy: string | undefined): Promise<'prepared' | 'lost'> {
  const { context, stored, now } = delivery;
  const { claim: own, internetMessageId } = delivery.record;
  const rewritten = draft.internetMessageId !== undefined && draft.internetMessageId !== internetMessageId;
  const recipients = learnsRecipients(delivery.record) ? draft.recipients : undefined;
  const from = foreignFrom(delivery.record, draft);
  await watchFrom(delivery, from);
  const build = (record: SendRequestRecord): LifecycleEvent | undefined =>
    record.claim?.nonce === own?.nonce && record.claim
      ? {
          type: 'draftPrepared',
          dateTime: now,
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
      : undefined;
  const extras = { ...(rewritten && { indexMessageId: draft.internetMessageId as string }), ...(recipients && { recipients }) };
  const write = (usage?: UsageChange) => writeEvent(context, stored, build, { ...extras, ...(usage && { usage }) });
  const { limits } = context.rules;
  const mustCount = limits !== undefined && recipients !== undefined && moreThanCounted(delivery, recipients) > 0;
  const written = mustCount ? await countLearned(delivery, limits, recipients, write) : await write();
  if (written.kind !== 'written' || written.stored.value.status !== 'submitting') return 'lost';
  delivery.goOnWith(written.stored);
  return 'prepared';
}

/** Notes the draft in the log, and sends it. */
export async function sendPrepared(delivery: Delivery, draft: DraftCreated, madeBy?: string): Promise<Calls> {
  const sendIssuedBefore = delivery.record.claim?.sendIssued === true;
  const prepared = await unlessOutOfReach(
    () => prepare(delivery, draft, madeBy),
    ({ message }): Answer => ({ kind: 'notSent', reason: `the draft could not be noted: ${message}` }),
  );
  if (prepared === 'lost') return 'lost';
  if (prepared !== 'prepared') return { call: 'createDraft', answer: prepared };
  const answer = await inTime(delivery, (call) => delivery.context.graph.sendDraft(call, draft.id));
  return { call: 'send', answer, sendIssuedBefore };
}

/** Some tenants' createReply leaves the comment out (a known issue of Graph's for years): then it is put there. */
async function addComment(delivery: Delivery, draft: DraftCreated, comment: string): Promise<GraphAnswer | undefined> {
  if (!draft.body || hasComment(draft.body, comment)) return undefined;
  const body = JSON.stringify({ body: withComment(draft.body, comment) });
  const payload = { contentType: 'application/json', body } as const;
  const answer = await inTime(delivery, (call) => delivery.context.graph.updateDraft(call, draft.id, payload));
  return isSuccess(answer) ? undefined : answer;
}

/** A draft that could not be completed is removed: the next attempt makes another. If it cannot be removed now, the next attempt finds it. */
async function complete(delivery: Delivery, draft: DraftCreated, plan: Assembly): Promise<CallResult | undefined> {
  const answer =
    (plan.comment === undefined ? undefined : await addComment(delivery, draft, plan.comment)) ??
    (await attachFiles(delivery, draft.id, plan.attachments));
  if (!answer) return undefined;
  await discardDraft(delivery, draft.id);
  return { call: 'attach', answer };
}

async function makeDraft(delivery: Delivery, plan: Assembly, leftovers: readonly MailboxCopy[]): Promise<CallResult> {
  for (const { id } of leftovers) {
    const failed = await discardDraft(delivery, id);
    if (failed) return { call: 'createDraft', answer: failed };
  }
  const answer = await inTime(delivery, (call) => delivery.context.graph.createDraft(call, plan.create.path, plan.create.payload()));
  if (!isCreated(answer)) return { call: 'createDraft', answer: withoutDraft(answer) };
  const incomplete = await complete(delivery, answer.body, plan);
  return incomplete ?? { call: 'createDraft', answer, draft: answer.body };
}

/** What a list shows of a draft does not say to whom it goes. */
async function withRecipients(delivery: Delivery, draft: MailboxCopy): Promise<DraftCreated> {
  if (draft.recipients || !learnsRecipients(delivery.record)) return draft;
  const read = await inTime(delivery, (call) => delivery.context.graph.getCopy(call, draft.id));
  return read.kind === 'answered' && read.body ? read.body : draft;
}

export async function callDraftRoute(
  delivery: Delivery,
  plan: Extract<Plan, { kind: 'mail' }>,
  { usable, leftovers }: FoundDrafts,
): Promise<Calls> {
  if (usable) return sendPrepared(delivery, await withRecipients(delivery, usable));
  const made = await makeDraft(delivery, plan.draft, leftovers);
  if (!made.draft || isDraftOnly(delivery.record.operation)) return made;
  const { record } = delivery;
  const refusal = goesToOriginal(record.operation) && (await draftRefusal(delivery.context, record, made.draft, true));
  if (refusal) {
    await discardDraft(delivery, made.draft.id);
    return { call: 'createDraft', answer: refusal };
  }
  return sendPrepared(delivery, made.draft);
}

const notThere = (message: string): Answer => ({ kind: 'answered', status: 404, code: 'ErrorItemNotFound', message });

/** A draft bears the mark of the send request that made it: another application's is answered like what is not there. */
async function whyNotOurs({ context, record }: Delivery, mark: string | undefined): Promise<Answer | undefined> {
  if (mark === undefined) return undefined;
  const { mailbox, application } = record;
  return unlessOutOfReach(
    async () => {
      const made = await context.log.read(mailbox, mark);
      const isAnothers = made !== undefined && made.value.application !== application;
      return isAnothers ? notThere('The specified object was not found in the store.') : undefined;
    },
    ({ message }): Answer => ({ kind: 'notSent', reason: `who made the draft could not be read: ${message}` }),
  );
}

/** Operation `send`: nothing of ours marks the draft, so it is read before; but not if a look has just seen it unsent. */
export async function callSend(
  delivery: Delivery,
  draftId: string,
  madeBy: string | undefined,
  seen: MailboxCopy | undefined,
): Promise<Calls> {
  if (seen) {
    const denied = await draftRefusal(delivery.context, delivery.record, seen, (madeBy ?? seen.mark) !== undefined);
    return denied ? { call: 'createDraft', answer: denied } : sendPrepared(delivery, seen, madeBy);
  }
  const read = await inTime(delivery, (call) => delivery.context.graph.getCopy(call, draftId));
  if (read.kind !== 'answered' || !('body' in read) || !read.body) return { call: 'createDraft', answer: read };
  const { isDraft, isSubmitted, mark } = read.body;
  // By a send request's id the application was checked before.
  const refusal =
    (madeBy === undefined ? await whyNotOurs(delivery, mark) : undefined) ??
    (await draftRefusal(delivery.context, delivery.record, read.body, (madeBy ?? mark) !== undefined));
  if (refusal) return { call: 'createDraft', answer: refusal, decidedHere: true };
  if (isDraft && !isSubmitted) return sendPrepared(delivery, read.body, madeBy ?? mark);
  return { call: 'createDraft', answer: notThere('The specified object is not a draft any more: it was already sent.'), decidedHere: true };
}
