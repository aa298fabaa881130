// What follows from each outcome of a submission attempt, in words for an operator: `npx graph-mail-queue explain`.
import type { OUTCOME_RULES } from '../shared/domain/submit/outcome-rules.ts';

export const FOLLOWS: Readonly<Record<(typeof OUTCOME_RULES)[number]['outcome'], string>> = {
  submissionAccepted: 'accepted; its copy and reports are looked for, it is never submitted again',
  draftCreated: 'the draft exists: sent next, or the end of a draft-only operation',
  submissionThrottled: 'deferred, not before Retry-After; costs no attempt',
  submissionFailedTransiently: 'deferred, and submitted again by the retry schedule after a look',
  submissionRefused: 'rejected for good; code and text stay in the log',
  outcomeUnknown: 'in doubt: no second POST before the grace is over and a look has not found it',
};
