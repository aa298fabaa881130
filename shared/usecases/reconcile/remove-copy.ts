// For saveToSentItems: false: removes exactly the copy that proved the request, once it was seen.
import type { LifecycleEvent } from '../../domain/log/apply-event.ts';
import { describeAnswer, saysItemGone } from '../../domain/submit/outcome-rule.ts';
import type { GraphAnswer } from '../../ports/graph-mail.ts';
import type { Context } from '../context.ts';
import { callIdOf, nowOf } from '../context.ts';
import { type Stored, writeEvent } from '../log/write-log.ts';

type Removal = { done: true } | { done: false; why: string; forGood: boolean };

const failure = (what: string, answer: GraphAnswer<unknown>): Removal => ({
  done: false,
  why: `${what}: ${describeAnswer(answer)}`,
  forGood: false,
});

async function remove(context: Context, record: Stored['value']): Promise<Removal> {
  const { mailbox, id, copyId } = record;
  const { graphRights } = context.rules;
  if (copyId === undefined || graphRights !== 'readWrite') {
    return { done: false, why: `the rights tier "${graphRights}" may not remove it`, forGood: true };
  }
  const call = { mailbox, clientRequestId: callIdOf(context, record), timeoutMs: context.rules.graphTimeoutMs };
  const copy = await context.graph.getCopy(call, copyId);
  if (saysItemGone(copy)) return { done: true };
  if (copy.kind !== 'answered' || copy.status !== 200 || !copy.body) return failure('it could not be read', copy);
  // Nothing but our own property allows a removal: a Message-ID can be someone else's too.
  if (copy.body.mark !== id) return { done: false, why: 'it does not carry our property', forGood: true };
  const removed = await context.graph.remove(call, copyId);
  return saysItemGone(removed) || (removed.kind === 'answered' && removed.status === 204)
    ? { done: true }
    : failure('it could not be removed', removed);
}

/** Tries until the report window is over; what cannot be removed stays, and the log says so. */
export async function removeCopy(context: Context, stored: Stored): Promise<void> {
  const { copyId, reportWindowEnds } = stored.value;
  const removal = await remove(context, stored.value);
  const dateTime = nowOf(context);
  if (!removal.done && !removal.forGood && reportWindowEnds !== undefined && dateTime < reportWindowEnds) return;
  const base = { dateTime, fact: (copyId ?? 'none').slice(-24), clears: ['copyToRemove'] } as const;
  const event: LifecycleEvent = removal.done ? { ...base, type: 'copyRemoved' } : { ...base, type: 'copyKept', detail: removal.why };
  await writeEvent(context, stored, (record) => (record.copyToRemove ? event : undefined));
}
