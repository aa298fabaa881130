// The defaults: what an answer means that no other row lists. Never final: not on a call that prepares, and in doubt on a call that submits.
import { type OutcomeRule, PREPARING } from './outcome-rule.ts';
import { CREATE_DRAFT, GRAPH_ERRORS } from './outcome-sources.ts';

export const DEFAULT_RULES: readonly OutcomeRule[] = [
  {
    id: 'preparation-failed',
    calls: PREPARING,
    outcome: 'submissionFailedTransiently',
    effects: ['alertAfterAnHour'],
    reason: 'Any other answer to a call that only prepares: nothing was submitted, and an answer that no row lists is not final.',
    source: CREATE_DRAFT,
  },
  {
    id: 'success-but-not-202',
    status: { from: 200, to: 299 },
    outcome: 'outcomeUnknown',
    effects: ['alertAfterAnHour'],
    reason: 'Only 202 is acceptance: Graph has answered 200 to oversize MIME and sent nothing.',
    source: 'microsoft-graph-docs-contrib issue 3079',
  },
  {
    id: 'redirected',
    status: { from: 300, to: 399 },
    outcome: 'outcomeUnknown',
    effects: ['alertAfterAnHour'],
    reason: 'No redirect is followed: a POST would be repeated. Who answered, and after what, is not known.',
    source: 'RFC 9110 section 15.4',
  },
  {
    id: 'misdirected',
    status: [421],
    outcome: 'outcomeUnknown',
    effects: ['alertAfterAnHour'],
    reason: 'The server says that it is the wrong one for this request. Mail was delivered all the same when the request was repeated.',
    source: 'RFC 9110 section 15.5.20',
  },
  {
    id: 'unlisted-answer',
    status: { from: 400, to: 499 },
    outcome: 'outcomeUnknown',
    effects: ['alertAfterAnHour'],
    reason: 'No listed error code of Graph: a gateway may have answered after Exchange took the mail.',
    source: `${GRAPH_ERRORS}: clients decide by the code`,
  },
  {
    id: 'server-error',
    outcome: 'outcomeUnknown',
    effects: ['alertAfterAnHour'],
    reason: 'A server error or a gateway that gave up can hide a mail that went out: 504 with four copies was seen.',
    source: 'learn.microsoft.com/answers/questions/2286986',
  },
];
