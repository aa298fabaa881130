// A call to Graph within a submission attempt: whose it is, and how long it may last.
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { CallContext, GraphAnswer } from '../../ports/graph-mail.ts';
import type { Context } from '../context.ts';
import { callIdOf, nowOf } from '../context.ts';

/** Milliseconds that the claim leaves for calls. */
const timeLeft = (context: Context, { claim }: SendRequestRecord): number =>
  Date.parse(claim?.callsUntil ?? nowOf(context)) - context.clock.now();

export function callContext(context: Context, record: SendRequestRecord): CallContext {
  return {
    mailbox: record.mailbox,
    clientRequestId: callIdOf(context, record),
    timeoutMs: Math.min(context.rules.graphTimeoutMs, timeLeft(context, record)),
  };
}

/** A worker that was held up beyond its claim must not call any more: others count on that its calls are over. */
const tooLate = { kind: 'notSent', reason: 'the time of its claim is over' } as const;

export const inTime = <T>(context: Context, record: SendRequestRecord, call: () => Promise<GraphAnswer<T>>): Promise<GraphAnswer<T>> =>
  timeLeft(context, record) > 0 ? call() : Promise.resolve(tooLate);

export const isSuccess = (answer: GraphAnswer<unknown>): boolean =>
  answer.kind === 'answered' && answer.status >= 200 && answer.status < 300;

export const isGone = (answer: GraphAnswer<unknown>): boolean => answer.kind === 'answered' && answer.status === 404;
