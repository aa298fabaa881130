// The calls of one submission attempt to Graph, by route. Never repeats one.

import type { MailboxCopy } from '../domain/copies.ts';
import type { Answer, Call } from '../domain/outcome-rules.ts';
import { isDraftOnly, type SendRequestRecord } from '../domain/send-request.ts';
import type { Plan } from '../domain/submission-plan.ts';
import { StoreUnavailable } from '../ports/content-store.ts';
import type { DraftCreated, GraphAnswer } from '../ports/graph-mail.ts';
import type { Context } from './context.ts';
import { callIdOf, nowOf } from './context.ts';
import { type Stored, writeEvent } from './write-log.ts';

/** The last call of an attempt and its answer. `stored` is the record after what was written on the way. */
export interface CallResult {
  call: Call;
  answer: Answer;
  stored: Stored;
  /** Whether a `/send` of this draft had been issued before this attempt. */
  sendIssuedBefore?: boolean;
  draft?: DraftCreated;
}

/** `lost`: another worker holds the claim now, this one must stop. */
export type Calls = CallResult | 'lost';

/** Milliseconds that the claim leaves for calls. */
const timeLeft = (context: Context, { claim }: SendRequestRecord): number =>
  Date.parse(claim?.callsUntil ?? nowOf(context)) - context.clock.now();

function callContext(context: Context, record: SendRequestRecord) {
  return {
    mailbox: record.mailbox,
    clientRequestId: callIdOf(context, record),
    timeoutMs: Math.min(context.rules.graphTimeoutMs, timeLeft(context, record)),
  };
}

/** A worker that was held up beyond its claim must not call any more: others count on that its calls are over. */
const tooLate = { kind: 'notSent', reason: 'the time of its claim is over' } as const;

const inTime = <T>(context: Context, record: SendRequestRecord, call: () => Promise<GraphAnswer<T>>): Promise<GraphAnswer<T>> =>
  timeLeft(context, record) > 0 ? call() : Promise.resolve(tooLate);

export async function callDirect(context: Context, stored: Stored, plan: Plan): Promise<Calls> {
  const record = stored.value;
  const answer = await inTime(context, record, () => context.graph.submit(callContext(context, record), plan.submitPath, plan.direct));
  return { call: 'submit', answer, stored };
}

const isCreated = (answer: GraphAnswer<DraftCreated>): answer is GraphAnswer<DraftCreated> & { body: DraftCreated } =>
  answer.kind === 'answered' && answer.status >= 200 && answer.status < 300 && answer.body?.id !== undefined;

/** A success that names no draft tells nothing: the draft may be there, and is found by its mark. */
const withoutDraft = (answer: GraphAnswer<DraftCreated>): Answer =>
  answer.kind === 'answered' && answer.status >= 200 && answer.status < 300
    ? { kind: 'noAnswer', reason: `${answer.status} that names no draft` }
    : answer;

/** The draft's id goes into the log before its `/send` leaves: so a dead worker's doubt is settled by the item itself. */
async function prepare(context: Context, stored: Stored, draft: DraftCreated, nonce: string): Promise<Stored | 'lost'> {
  const rewritten = draft.internetMessageId !== undefined && draft.internetMessageId !== stored.value.internetMessageId;
  const written = await writeEvent(
    context,
    stored.value.mailbox,
    stored.value.id,
    (record) =>
      record.claim?.nonce === nonce
        ? {
            type: 'draftPrepared',
            dateTime: nowOf(context),
            fact: nonce,
            patch: {
              claim: { ...record.claim, draftId: draft.id, sendIssued: true },
              ...(draft.internetMessageId !== undefined && { internetMessageId: draft.internetMessageId }),
            },
          }
        : undefined,
    stored,
    rewritten ? { indexMessageId: draft.internetMessageId as string } : {},
  );
  return written.kind === 'written' && written.stored.value.status === 'submitting' ? written.stored : 'lost';
}

/** Creates the draft (or takes the unsent one that was found), notes it, and sends it. */
export async function callDraftRoute(context: Context, stored: Stored, plan: Plan, unsentDraft?: MailboxCopy): Promise<Calls> {
  const record = stored.value;
  const nonce = record.claim?.nonce ?? '';
  const sendIssuedBefore = record.claim?.sendIssued === true;
  let draft: DraftCreated | undefined = unsentDraft;
  if (!draft) {
    const create = () => context.graph.createDraft(callContext(context, record), plan.draftPath, plan.draft);
    const answer = await inTime(context, record, create);
    if (!isCreated(answer)) return { call: 'createDraft', answer: withoutDraft(answer), stored };
    draft = answer.body;
    if (isDraftOnly(record.operation)) return { call: 'createDraft', answer, stored, draft };
  }
  let prepared: Stored | 'lost';
  try {
    prepared = await prepare(context, stored, draft, nonce);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return { call: 'createDraft', answer: { kind: 'notSent', reason: `the draft could not be noted: ${error.message}` }, stored };
  }
  if (prepared === 'lost') return 'lost';
  const { value } = prepared;
  const { id } = draft;
  const answer = await inTime(context, value, () => context.graph.sendDraft(callContext(context, value), id));
  return { call: 'send', answer, stored: prepared, sendIssuedBefore };
}
