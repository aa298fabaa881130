// One submission attempt: look (from the second on), target, content, route, claim, calls, outcome.

import type { MailboxCopy } from '../../domain/doubt/copies.ts';
import { after } from '../../domain/duration.ts';
import type { LifeEvent } from '../../domain/log/apply-event.ts';
import { isDraftOnly, type Route, type SendRequestRecord } from '../../domain/log/send-request.ts';
import type { QueueMessage } from '../../domain/submit/queue-message.ts';
import { intervalMs } from '../../domain/submit/retry-schedule.ts';
import { draftCalls, goesToOriginal, isAssembled, type Plan, planOf } from '../../domain/submit/submission-plan.ts';
import type { Context } from '../context.ts';
import { nonceOf, nowOf } from '../context.ts';
import { settleDoubt, type UnsentDrafts } from '../doubt/settle-doubt.ts';
import { ifUnchanged, type Stored, type Written, writeEvent } from '../log/write-log.ts';
import { callDraftRoute, callSend, type FoundDrafts } from './draft-route.ts';
import type { Progress } from './progress.ts';
import { recordOutcome } from './record-outcome.ts';
import { resolveTarget } from './resolve-target.ts';
import { setAsidePoison } from './set-aside-poison.ts';
import { loadContent, releaseContent } from './settle-content.ts';
import { type Calls, callDirect } from './submission-calls.ts';
import { scheduleSuccessor, successorOf } from './successor.ts';
import { watchFrom } from './watch-from.ts';

/** A claim's calls end within this time, however many there are: the host ends an invocation after twice as long. */
const MAXIMUM_CALLS_MS = 900_000;

async function routeOf(context: Context, record: SendRequestRecord, plan: Plan): Promise<Route> {
  if (plan.kind !== 'mail' || isDraftOnly(record.operation)) return 'draft';
  if (context.rules.graphRights !== 'readWrite') return 'direct';
  // A draft of an earlier attempt may be left: a copy in Drafts would then be taken for one that Exchange carries.
  if (record.claim?.route === 'draft' || context.rules.alwaysDraftRoute) return 'draft';
  // Only a draft tells to whom a reply goes.
  if (!plan.direct || goesToOriginal(record.operation)) return 'draft';
  return (await context.proofs.isProven(record.format)) ? 'direct' : 'draft';
}

interface Intent {
  plan: Plan;
  route: Route;
  usable?: MailboxCopy;
}

/** The claim: written under ETag with a fresh nonce before the POST. Cancel and expiry compete with it. */
function claim(context: Context, message: QueueMessage, stored: Stored, { plan, route, usable }: Intent): Promise<Written> {
  const nonce = nonceOf(context);
  const startedDateTime = nowOf(context);
  const calls = route === 'direct' ? 1 : usable ? 3 : draftCalls(plan);
  const callsUntil = after(startedDateTime, Math.min(context.rules.graphTimeoutMs * calls, MAXIMUM_CALLS_MS));
  const assembled = route === 'draft' && isAssembled(plan);
  const build = (record: SendRequestRecord): LifeEvent => {
    const sendIssued = usable !== undefined && record.claim?.draftId === usable.id && record.claim.sendIssued === true;
    return {
      type: 'submissionStarted',
      dateTime: startedDateTime,
      fact: nonce,
      detail: route === 'draft' ? 'by a draft' : 'in one POST',
      patch: {
        attempts: record.attempts + 1,
        step: Math.max(record.step, message.step),
        firstAttemptDateTime: record.firstAttemptDateTime ?? startedDateTime,
        claim: {
          nonce,
          startedDateTime,
          callsUntil,
          route,
          ...(assembled && { assembled }),
          ...(sendIssued && { sendIssued: true, draftId: usable.id }),
        },
        ...(record.enqueued === false && { enqueued: true }),
      },
      clears: ['nextAttemptDateTime', 'doubt'],
    };
  };
  return writeEvent(context, message.mailbox, message.id, ifUnchanged(stored, build), stored);
}

/** What an attempt needs isn't there, or can't be asked for: it waits. */
async function putOff(context: Context, message: QueueMessage, stored: Stored, detail: string, longestMs = Infinity): Promise<'done'> {
  const waits = (message.waits ?? 0) + 1;
  const waited = Math.min(intervalMs(context.rules.retry, waits), longestMs * 2 ** Math.min(waits - 1, 6));
  const at = after(nowOf(context), waited);
  const successor = successorOf(message, stored.value, { waits, ...(message.known && { known: message.known }) });
  await scheduleSuccessor(context, successor, at);
  const held = (): LifeEvent => ({
    type: 'submissionHeld',
    dateTime: nowOf(context),
    fact: String(successor.step),
    detail,
    patch: { step: successor.step, nextAttemptDateTime: at },
  });
  await writeEvent(context, message.mailbox, message.id, ifUnchanged(stored, held), stored);
  return 'done';
}

type Looked = { drafts?: UnsentDrafts } | { progress: Progress };

async function lookBefore(context: Context, message: QueueMessage, stored: Stored): Promise<Looked> {
  if (context.rules.graphRights === 'send') return {};
  const settled = await settleDoubt(context, stored, true);
  switch (settled.kind) {
    case 'cannotLook':
      return { progress: await putOff(context, message, stored, `could not look before the next attempt: ${settled.reason}`) };
    case 'settled':
      await releaseContent(context, message);
      return { progress: 'done' };
    case 'changed':
      return { progress: settled.stored };
    case 'unsentDraft':
      return { drafts: settled };
    case 'absent':
      return {};
  }
}

/** Content is removed once a request is settled: perhaps another worker has just done that. */
async function withoutContent(context: Context, message: QueueMessage, stored: Stored): Promise<Progress> {
  const now = await context.log.read(message.mailbox, message.id);
  if (now && now.etag !== stored.etag) return now;
  return setAsidePoison(context, message, stored, 'its content is gone from Blob Storage');
}

/** A draft that is made in several calls may be sent only where it was noted as complete. */
function draftsFor(record: SendRequestRecord, plan: Plan, found: UnsentDrafts | undefined): FoundDrafts {
  if (!found) return { leftovers: [] };
  const { copy, leftovers } = found;
  const isComplete = !isAssembled(plan) || copy.id === record.claim?.draftId;
  return isComplete ? { usable: copy, leftovers } : { leftovers: [copy, ...leftovers] };
}

function call(context: Context, stored: Stored, { plan, route }: Intent, drafts: FoundDrafts, madeBy: string | undefined): Promise<Calls> {
  if (plan.kind === 'existingDraft') return callSend(context, stored, plan.id, madeBy, drafts.usable);
  if (plan.kind === 'impossible') return Promise.resolve({ call: 'createDraft', answer: plan.answer, stored });
  if (route === 'draft') return callDraftRoute(context, stored, plan, drafts);
  if (plan.direct) return callDirect(context, stored, plan.direct);
  // Accepted under higher rights than there are now: it waits for an operator.
  const answer = { kind: 'answered', status: 403, code: 'ErrorAccessDenied', message: 'GRAPH_RIGHTS allows no drafts.' } as const;
  return Promise.resolve({ call: 'createDraft', answer, stored });
}

/** How long a mail waits for the draft that another send request makes, at first. */
const FIRST_WAIT_MS = 1_000;

/** `found`: unsent drafts of this request that a look has just found. */
export async function attemptSubmission(
  context: Context,
  message: QueueMessage,
  stored: Stored,
  lookFirst: boolean,
  found?: UnsentDrafts,
): Promise<Progress> {
  const looked = lookFirst ? await lookBefore(context, message, stored) : {};
  if ('progress' in looked) return looked.progress;
  const record = stored.value;
  const target = await resolveTarget(context, record);
  if (target.kind === 'waits') return putOff(context, message, stored, target.detail, FIRST_WAIT_MS);
  const content = await loadContent(context, message);
  if (!content) return withoutContent(context, message, stored);
  const plan: Plan =
    target.kind === 'refused'
      ? { kind: 'impossible', answer: target.answer }
      : await planOf(record, content, target.id, (mime) => context.mailWork.takeApart(mime));
  const drafts = draftsFor(record, plan, found ?? looked.drafts);
  const route = drafts.usable ? 'draft' : await routeOf(context, record, plan);
  const intent: Intent = { plan, route, ...(drafts.usable && { usable: drafts.usable }) };
  // What is submitted is watched: whoever accepted the request may have died before it could note the mailbox.
  await context.registry.touch(message.mailbox);
  if (!isDraftOnly(record.operation)) await watchFrom(context, message.mailbox, record.from);
  const claimed = await claim(context, message, stored, intent);
  if (claimed.kind === 'ignored') return claimed.stored;
  if (claimed.kind !== 'written') return (await context.log.read(message.mailbox, message.id)) ?? 'done';
  const result = await call(context, claimed.stored, intent, drafts, target.kind === 'known' ? target.madeBy : undefined);
  // This worker may be the only one that still has a queue message: it decides again rather than stopping.
  if (result === 'lost') return (await context.log.read(message.mailbox, message.id)) ?? 'done';
  return recordOutcome(context, message, result);
}
