// What the calls of one submission attempt come to, and the direct route's one POST. Never repeats one.
import type { Answer, Call } from '../../domain/submit/outcome-rule.ts';
import type { PlannedRequest } from '../../domain/submit/submission-plan.ts';
import type { DraftCreated } from '../../ports/graph-mail.ts';
import type { Delivery } from './delivery.ts';
import { inTime } from './graph-calls.ts';

/** The last call of an attempt and its answer. */
export interface CallResult {
  call: Call;
  answer: Answer;
  /** Whether a `/send` of this draft had been issued before this attempt. */
  sendIssuedBefore?: boolean;
  /** The answer is this worker's own, in Graph's words: no call came to it. */
  decidedHere?: boolean;
  draft?: DraftCreated;
}

/** `lost`: another worker holds the claim now, and this one must not go on. */
export type Calls = CallResult | 'lost';

export async function callDirect(delivery: Delivery, { path, payload }: PlannedRequest): Promise<CallResult> {
  const answer = await inTime(delivery, (call) => delivery.context.graph.submit(call, path, payload()));
  return { call: 'submit', answer };
}
