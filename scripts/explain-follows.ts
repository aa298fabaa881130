// What follows from each outcome of a submission attempt, in words for an operator: `npx graph-mail-queue explain`.
import type { OUTCOME_RULES } from '../shared/domain/submit/outcome-rules.ts';

export const FOLLOWS: Readonly<Record<(typeof OUTCOME_RULES)[number]['outcome'], string>> = {
  submissionAccepted: 'accepted: never submitted again; the reconciler looks for its copy and reports',
  draftCreated: 'the draft exists: it is sent next; an operation that only creates a draft is done',
  submissionThrottled: 'deferred: submitted again after Retry-After; does not count as an attempt',
  submissionFailedTransiently: 'deferred: submitted again by the retry schedule, after a look into the mailbox',
  submissionRefused: 'rejected for good; code and text stay in the log',
  outcomeUnknown: 'in doubt: submitted again only if the grace is over and a look has not found it',
};
