// Waits until the draft of a send request exists, or the time of `Prefer: wait` (RFC 7240) is over.
import { isTerminal, type State } from '../../domain/log/lifecycle.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import type { Context } from '../context.ts';
import { guidOf } from '../context.ts';

const LOOK_EVERY_MS = 250;

/** The status of the send request, and Graph's message resource if the draft exists. */
export interface Awaited {
  status: State;
  message?: Record<string, unknown>;
}

async function draftOf(context: Context, mailbox: string, draftId: string, timeoutMs: number): Promise<Awaited> {
  const call = { mailbox, clientRequestId: guidOf(context), timeoutMs: Math.min(timeoutMs, context.rules.graphTimeoutMs) };
  const answer = await context.graph.getMessage(call, draftId);
  return { status: 'created', ...(answer.kind === 'answered' && answer.body && { message: answer.body }) };
}

/** `pause` waits for so many milliseconds. */
export async function awaitDraft(
  context: Context,
  mailbox: string,
  id: string,
  waitMs: number,
  pause: (ms: number) => Promise<void>,
): Promise<Awaited> {
  const end = context.clock.now() + waitMs;
  let status: State = 'queued';
  for (;;) {
    try {
      const stored = await context.log.read(mailbox, id);
      if (stored) status = stored.value.status;
      const draft = stored?.value.draft;
      if (status === 'created' && draft) return await draftOf(context, mailbox, draft.id, Math.max(end - context.clock.now(), 1_000));
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
    }
    const left = end - context.clock.now();
    if (left <= 0 || isTerminal(status)) return { status };
    await pause(Math.min(LOOK_EVERY_MS, left));
  }
}
