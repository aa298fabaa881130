// One submission attempt: look (from the second on), content, route, claim, calls, outcome.
import type { MailboxCopy } from '../domain/copies.ts';
import { after } from '../domain/duration.ts';
import type { QueueMessage } from '../domain/queue-message.ts';
import { intervalMs } from '../domain/retry-schedule.ts';
import { isDraftOnly, type Route, type SendRequestRecord } from '../domain/send-request.ts';
import { DIRECT_LIMIT_BYTES, type Plan, planOf } from '../domain/submission-plan.ts';
import type { Context } from './context.ts';
import { nonceOf, nowOf } from './context.ts';
import { lookInMailbox } from './look-in-mailbox.ts';
import { recordOutcome } from './record-outcome.ts';
import { setAsidePoison } from './set-aside-poison.ts';
import { loadContent, releaseContent } from './settle-content.ts';
import { writeFound } from './settle-doubt.ts';
import { callDirect, callDraftRoute } from './submission-calls.ts';
import type { Progress } from './submit-send-request.ts';
import { scheduleSuccessor, successorOf } from './successor.ts';
import { type Stored, writeEvent } from './write-log.ts';

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
async function claim(
  context: Context,
  message: QueueMessage,
  stored: Stored,
  route: Route,
  unsentDraft?: MailboxCopy,
): Promise<Stored | undefined> {
  const nonce = nonceOf(context);
  const startedDateTime = nowOf(context);
  const callsUntil = after(startedDateTime, context.rules.graphTimeoutMs * (route === 'draft' ? DRAFT_ROUTE_CALLS : 1));
  const written = await writeEvent(
    context,
    message.mailbox,
    message.id,
    (record) => {
      if (record.status !== 'queued' && record.status !== 'deferred') return undefined;
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
    },
    stored,
  );
  return written.kind === 'written' ? written.stored : undefined;
}

/** Graph can't be asked whether an earlier attempt went out after all: the attempt waits. */
async function putOff(context: Context, message: QueueMessage, stored: Stored, reason: string): Promise<Progress> {
  const waits = (message.waits ?? 0) + 1;
  const at = after(nowOf(context), intervalMs(context.rules.retry, waits));
  const successor = successorOf(message, stored.value, { waits, ...(message.known && { known: message.known }) });
  await scheduleSuccessor(context, successor, at);
  await writeEvent(
    context,
    message.mailbox,
    message.id,
    () => ({
      type: 'submissionHeld',
      dateTime: nowOf(context),
      fact: String(successor.step),
      detail: `could not look before the next attempt: ${reason}`,
      patch: { step: successor.step, nextAttemptDateTime: at },
    }),
    stored,
  );
  return 'done';
}

type Looked = { unsentDraft?: MailboxCopy; stored: Stored } | Progress;

async function lookBefore(context: Context, message: QueueMessage, stored: Stored): Promise<Looked> {
  if (context.rules.graphRights === 'send') return { stored };
  const look = await lookInMailbox(context, stored.value);
  if (look.kind === 'cannotLook') return putOff(context, message, stored, look.reason);
  if (look.kind === 'absent') return { stored };
  if (look.copy.isDraft && !look.copy.isSubmitted && stored.value.claim?.route === 'draft' && !isDraftOnly(stored.value.operation)) {
    return { unsentDraft: look.copy, stored };
  }
  const written = await writeFound(context, stored, look);
  if (written.kind === 'copyClaimed') return { stored };
  await releaseContent(context, message);
  return 'done';
}

/** `unsentDraft`: a draft of this request that a look has just found. */
export async function attemptSubmission(
  context: Context,
  message: QueueMessage,
  opened: Stored,
  lookFirst: boolean,
  unsentDraft?: MailboxCopy,
): Promise<Progress> {
  let stored = opened;
  let draft = unsentDraft;
  if (lookFirst) {
    const looked = await lookBefore(context, message, stored);
    if (looked === 'done' || 'etag' in looked) return looked;
    stored = looked.stored;
    draft = looked.unsentDraft;
  }
  const content = await loadContent(context, message);
  if (!content) return setAsidePoison(context, message, stored, 'its content is gone from Blob Storage');
  const plan = planOf(stored.value, content);
  const route = draft ? 'draft' : await routeOf(context, stored.value, plan);
  const claimed = await claim(context, message, stored, route, draft);
  if (!claimed) return (await context.log.read(message.mailbox, message.id)) ?? 'done';
  const result = route === 'draft' ? await callDraftRoute(context, claimed, plan, draft) : await callDirect(context, claimed, plan);
  if (result === 'lost') return 'done';
  await recordOutcome(context, message, result);
  return 'done';
}
