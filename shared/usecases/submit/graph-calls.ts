// A call to Graph within a submission attempt: whose it is, and how long it may last.
import type { CallContext, GraphAnswer } from '../../ports/graph-mail.ts';
import { callIdOf } from '../context.ts';
import type { Delivery } from './delivery.ts';

/** A call about the delivery's mail that belongs to no claim. */
export const callFor = ({ context, record }: Delivery): CallContext => ({
  mailbox: record.mailbox,
  clientRequestId: callIdOf(context, record),
  timeoutMs: context.rules.graphTimeoutMs,
});

/** After the end of its claim a worker must make no more calls: other workers rely on that. */
const tooLate = { kind: 'notSent', reason: 'the claim of this attempt has ended' } as const;

/** Makes a call if the claim leaves time for it. */
export async function inTime<T>(
  delivery: Delivery,
  call: (context: CallContext) => Promise<GraphAnswer<T>>,
): Promise<GraphAnswer<T> | typeof tooLate> {
  const { context, record, now } = delivery;
  const startedAt = context.clock.now();
  const leftMs = Date.parse(record.claim?.callsUntil ?? now) - startedAt;
  if (leftMs <= 0) return tooLate;
  const { timeoutMs, ...whose } = callFor(delivery);
  const answer = await call({ ...whose, timeoutMs: Math.min(timeoutMs, leftMs) });
  return { ...answer, callMs: context.clock.now() - startedAt };
}

/** What adds something to a draft is answered 201 and nothing else (message-post-attachments, outlook-large-attachments): a gateway's page is not. */
export const isAdded = (answer: GraphAnswer<unknown>): boolean => answer.kind === 'answered' && answer.status === 201;

export const isSuccess = (answer: GraphAnswer<unknown>): boolean =>
  answer.kind === 'answered' && answer.status >= 200 && answer.status < 300;
