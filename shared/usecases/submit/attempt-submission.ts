// One submission attempt: target, content, route, claim, calls, and the ending that Graph's answer means.
import { draftIsOfSubmission } from '../../domain/doubt/copies.ts';
import type { Route, SendRequestRecord } from '../../domain/log/send-request.ts';
import { isDraftOnly } from '../../domain/operations.ts';
import { waitFor } from '../../domain/submit/come-again.ts';
import type { Ending } from '../../domain/submit/ending.ts';
import { poison } from '../../domain/submit/final-endings.ts';
import { goesToOriginal, isAssembled, type Plan, planOf } from '../../domain/submit/submission-plan.ts';
import type { UnsentDrafts } from '../doubt/settle-doubt.ts';
import { claim, type Intent } from './claim.ts';
import { loadContent } from './content.ts';
import type { Delivery } from './delivery.ts';
import { callDraftRoute, callSend, type FoundDrafts } from './draft-route.ts';
import { judgeAnswer } from './judge-answer.ts';
import { resolveTarget } from './resolve-target.ts';
import { type Calls, callDirect } from './submission-calls.ts';
import { watchFrom } from './watch-from.ts';

async function routeOf({ context, record }: Delivery, plan: Plan): Promise<Route> {
  if (plan.kind !== 'mail' || isDraftOnly(record.operation)) return 'draft';
  if (context.rules.graphRights !== 'readWrite') return 'direct';
  // A draft of an earlier attempt may be left: the direct route would mistake it for a copy that Exchange is sending.
  if (record.claim?.route === 'draft' || context.rules.alwaysDraftRoute) return 'draft';
  // Only a draft shows the recipients of a reply.
  if (!plan.direct || goesToOriginal(record.operation)) return 'draft';
  return (await context.proofs.isProven(record.format)) ? 'direct' : 'draft';
}

/**
 * If a draft is made in several calls, it may be sent only if the log has it as complete. What may be the mail itself is complete, and must
 * not be replaced by another: that one would be a second mail.
 */
function draftsFor(record: SendRequestRecord, plan: Plan, found: UnsentDrafts | undefined): FoundDrafts {
  if (!found) return { leftovers: [] };
  const { copy, leftovers } = found;
  const isComplete = !isAssembled(plan) || copy.id === record.claim?.draftId || record.mayHaveGone === true || draftIsOfSubmission(record);
  return isComplete ? { usable: copy, leftovers } : { leftovers: [copy, ...leftovers] };
}

function call(delivery: Delivery, { plan, route }: Intent, drafts: FoundDrafts, madeBy: string | undefined): Promise<Calls> {
  if (plan.kind === 'existingDraft') return callSend(delivery, plan.id, madeBy, drafts.usable);
  if (plan.kind === 'impossible') return Promise.resolve({ call: 'createDraft', answer: plan.answer, decidedHere: true });
  if (route === 'draft') return callDraftRoute(delivery, plan, drafts);
  if (plan.direct) return callDirect(delivery, plan.direct);
  // Accepted under higher rights than there are now: it waits for an operator.
  const answer = { kind: 'answered', status: 403, code: 'ErrorAccessDenied', message: 'GRAPH_RIGHTS does not allow drafts.' } as const;
  return Promise.resolve({ call: 'createDraft', answer });
}

/** How long a mail waits for the draft that another send request makes, at first. */
const FIRST_WAIT_MS = 1_000;

/** Content is removed once a request is settled: perhaps another worker has just done that. */
async function withoutContent(delivery: Delivery): Promise<Ending> {
  const newest = await delivery.newest();
  if (newest && newest.etag !== delivery.stored.etag) return { kind: 'decideAgain' };
  return poison(delivery.situation, 'its content is gone from Blob Storage');
}

async function watch(delivery: Delivery): Promise<void> {
  const { context, message, record } = delivery;
  const touched = context.registry.touch(message.mailbox);
  await Promise.all([touched, isDraftOnly(record.operation) ? undefined : watchFrom(delivery, record.from)]);
}

/** `found`: unsent drafts of this request that a look has just found. */
export async function attemptSubmission(delivery: Delivery, found?: UnsentDrafts): Promise<Ending> {
  const { context, record } = delivery;
  const target = await resolveTarget(delivery);
  if (target.kind === 'waits') return waitFor(delivery.situation, context.rules.retry, target.detail, FIRST_WAIT_MS);
  // What is submitted is watched: whoever accepted the request may have died before it could note the mailbox.
  const [content] = await Promise.all([loadContent(delivery), watch(delivery)]);
  if (!content) return withoutContent(delivery);
  const plan: Plan =
    target.kind === 'refused'
      ? { kind: 'impossible', answer: target.answer }
      : await planOf(record, content, target.id, (mime) => context.mailWork.takeApart(mime));
  const drafts = draftsFor(record, plan, found);
  const route = drafts.usable ? 'draft' : await routeOf(delivery, plan);
  const intent: Intent = { plan, route, ...(drafts.usable && { usable: drafts.usable }) };
  const claimed = await claim(delivery, intent);
  if (claimed === 'lost') return { kind: 'decideAgain' };
  if (claimed !== 'claimed') return claimed;
  const result = await call(delivery, intent, drafts, target.kind === 'known' ? target.madeBy : undefined);
  // If the claim is lost, this worker may still be the only one that has a queue message.
  return result === 'lost' ? { kind: 'decideAgain' } : judgeAnswer(delivery, result);
}
