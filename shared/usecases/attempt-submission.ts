// One submission attempt: look (from the second on), content, route, claim, calls, outcome.
import type { LifeEvent } from '../domain/apply-event.ts';
import type { MailboxCopy } from '../domain/copies.ts';
import { after } from '../domain/duration.ts';
import type { QueueMessage } from '../domain/queue-message.ts';
import { intervalMs } from '../domain/retry-schedule.ts';
import { isDraftOnly, type Route, type SendRequestRecord } from '../domain/send-request.ts';
import { DIRECT_LIMIT_BYTES, type Plan, planOf } from '../domain/submission-plan.ts';
import type { Context } from './context.ts';
import { nonceOf, nowOf } from './context.ts';
import { recordOutcome } from './record-outcome.ts';
import { setAsidePoison } from './set-aside-poison.ts';
import { loadContent, releaseContent } from './settle-content.ts';
import { settleDoubt } from './settle-doubt.ts';
import { callDirect, callDraftRoute } from './submission-calls.ts';
import type { Progress } from './submit-send-request.ts';
import { scheduleSuccessor, successorOf } from './successor.ts';
import { ifUnchanged, type Stored, type Written, writeEvent } from './write-log.ts';

/** Calls of the draft route besides the first: each may take the full time-out. */
const DRAFT_ROUTE_CALLS = 2;

async function routeOf(context: Context, record: SendRequestRecord, plan: Plan): Promise<Route> {
  if (isDraftOnly(record.operation)) return 'draft';
  if (context.rules.graphRights !== 'readWrite') return 'direct';
  // A draft of an earlier attempt may be left: a copy in Drafts would then be taken for one that Exchange carries.
  if (record.claim?.route === 'draft' || context.rules.alwaysDraftRoute) return 'draft';
  if (plan.direct.body.length > DIRECT_LIMIT_BYTES) return 'draft';
  return (await context.proofs.isProven(record.format)) ? 'direct' : 'draft';
}

/** The claim: written under ETag with a fresh nonce before the POST. Cancel and expiry compete with it. */
function claim(context: Context, message: QueueMessage, stored: Stored, route: Route, unsentDraft?: MailboxCopy): Promise<Written> {
  const nonce = nonceOf(context);
  const startedDateTime = nowOf(context);
  const callsUntil = after(startedDateTime, context.rules.graphTimeoutMs * (route === 'draft' ? DRAFT_ROUTE_CALLS : 1));
  const build = (record: SendRequestRecord): LifeEvent => {
    const sendIssued = unsentDraft !== undefined && record.claim?.draftId === unsentDraft.id && record.claim.sendIssued === true;
    return {
      type: 'submissionStarted',
      dateTime: startedDateTime,
      fact: nonce,
      detail: route === 'draft' ? 'by a draft' : 'in one POST',
      patch: {
        attempts: record.attempts + 1,
        step: Math.max(record.step, message.step),
        firstAttemptDateTime: record.firstAttemptDateTime ?? startedDateTime,
        claim: { nonce, startedDateTime, callsUntil, route, ...(sendIssued && { sendIssued: true, draftId: unsentDraft.id }) },
        ...(record.enqueued === false && { enqueued: true }),
      },
      clears: ['nextAttemptDateTime', 'doubt'],
    };
  };
  return writeEvent(context, message.mailbox, message.id, ifUnchanged(stored, build), stored);
}

/** Graph can't be asked whether an earlier attempt went out after all: the attempt waits. */
async function putOff(context: Context, message: QueueMessage, stored: Stored, reason: string): Promise<'done'> {
  const waits = (message.waits ?? 0) + 1;
  const at = after(nowOf(context), intervalMs(context.rules.retry, waits));
  const successor = successorOf(message, stored.value, { waits, ...(message.known && { known: message.known }) });
  await scheduleSuccessor(context, successor, at);
  const held = (): LifeEvent => ({
    type: 'submissionHeld',
    dateTime: nowOf(context),
    fact: String(successor.step),
    detail: `could not look before the next attempt: ${reason}`,
    patch: { step: successor.step, nextAttemptDateTime: at },
  });
  await writeEvent(context, message.mailbox, message.id, ifUnchanged(stored, held), stored);
  return 'done';
}

type Looked = { unsentDraft?: MailboxCopy } | { progress: Progress };

async function lookBefore(context: Context, message: QueueMessage, stored: Stored): Promise<Looked> {
  if (context.rules.graphRights === 'send') return {};
  const settled = await settleDoubt(context, stored, true);
  switch (settled.kind) {
    case 'cannotLook':
      return { progress: await putOff(context, message, stored, settled.reason) };
    case 'settled':
      await releaseContent(context, message);
      return { progress: 'done' };
    case 'changed':
      return { progress: settled.stored };
    case 'unsentDraft':
      return { unsentDraft: settled.copy };
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

/** `unsentDraft`: a draft of this request that a look has just found. */
export async function attemptSubmission(
  context: Context,
  message: QueueMessage,
  stored: Stored,
  lookFirst: boolean,
  unsentDraft?: MailboxCopy,
): Promise<Progress> {
  const looked = lookFirst ? await lookBefore(context, message, stored) : {};
  if ('progress' in looked) return looked.progress;
  const draft = unsentDraft ?? looked.unsentDraft;
  const content = await loadContent(context, message);
  if (!content) return withoutContent(context, message, stored);
  const plan = planOf(stored.value, content);
  const route = draft ? 'draft' : await routeOf(context, stored.value, plan);
  // What is submitted is watched: whoever accepted the request may have died before it could note the mailbox.
  await context.registry.touch(message.mailbox);
  const claimed = await claim(context, message, stored, route, draft);
  if (claimed.kind === 'ignored') return claimed.stored;
  if (claimed.kind !== 'written') return (await context.log.read(message.mailbox, message.id)) ?? 'done';
  const attempt = claimed.stored;
  const result = route === 'draft' ? await callDraftRoute(context, attempt, plan, draft) : await callDirect(context, attempt, plan);
  // This worker may be the only one that still has a queue message: it decides again rather than stopping.
  if (result === 'lost') return (await context.log.read(message.mailbox, message.id)) ?? 'done';
  return recordOutcome(context, message, result);
}
