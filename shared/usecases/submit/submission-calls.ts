// The calls of one submission attempt to Graph: what they come to, and the direct route's one POST. Never repeats one.
import type { Answer, Call } from '../../domain/submit/outcome-rules.ts';
import type { PlannedRequest } from '../../domain/submit/submission-plan.ts';
import type { DraftCreated } from '../../ports/graph-mail.ts';
import type { Context } from '../context.ts';
import type { Stored } from '../log/write-log.ts';
import { callContext, inTime } from './graph-calls.ts';

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

export async function callDirect(context: Context, stored: Stored, { path, payload }: PlannedRequest): Promise<Calls> {
  const record = stored.value;
  const answer = await inTime(context, record, () => context.graph.submit(callContext(context, record), path, payload()));
  return { call: 'submit', answer, stored };
}
