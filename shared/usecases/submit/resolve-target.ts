// The message or draft that an operation is about: Graph's own id as it is, or what a send request has made or sent.
import { isTerminal } from '../../domain/log/lifecycle.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { belongsTo, isSendRequestId, timeOfId } from '../../domain/log/send-request-id.ts';
import { isDraftOnly } from '../../domain/operations.ts';
import type { Answer } from '../../domain/submit/outcome-rule.ts';
import type { Context } from '../context.ts';
import type { Delivery } from './delivery.ts';

export type ResolvedTarget =
  | { kind: 'known'; id: string; madeBy?: string }
  /** Its send request has not made it yet. */
  | { kind: 'waits'; detail: string }
  | { kind: 'refused'; answer: Answer };

const refused = (message: string): ResolvedTarget => ({
  kind: 'refused',
  answer: { kind: 'answered', status: 404, code: 'ErrorItemNotFound', message },
});

/** A draft is sent, answered or forwarded; a mail that was sent can only be answered or forwarded. */
function targetIn(record: SendRequestRecord, { id, status, operation, draft, copyId, error }: SendRequestRecord): ResolvedTarget {
  if (isDraftOnly(operation)) {
    if (draft) return { kind: 'known', id: draft.id, madeBy: id };
  } else if (record.operation === 'send') {
    return refused(`The send request ${id} does not make a draft (its operation is ${operation}).`);
  } else if (copyId !== undefined) {
    return { kind: 'known', id: copyId };
  }
  if (!isTerminal(status)) return { kind: 'waits', detail: `waits for the send request ${id}, which is ${status}` };
  return refused(`The send request ${id} ended as ${status}${error ? ` (${error.code})` : ''}, so it has no message.`);
}

/** Its row may not be written yet; an id older than any lifetime has none any more. */
function withoutRow(context: Context, id: string): ResolvedTarget {
  if (context.clock.now() - timeOfId(id) > context.rules.sendLifetimeMs) return refused(`The send request ${id} does not exist any more.`);
  return { kind: 'waits', detail: `waits for the send request ${id}` };
}

/** Throws StoreUnavailable. */
export async function resolveTarget({ context, record }: Delivery): Promise<ResolvedTarget> {
  const target = record.targetMessageId ?? '';
  if (!isSendRequestId(target)) return { kind: 'known', id: target };
  if (!belongsTo(target, record.mailbox)) return refused('The specified object was not found in the store.');
  const stored = await context.log.read(record.mailbox, target);
  if (!stored) return withoutRow(context, target);
  if (stored.value.application !== record.application) return refused('The specified object was not found in the store.');
  return targetIn(record, stored.value);
}
