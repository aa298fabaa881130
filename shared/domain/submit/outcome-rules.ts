// The outcome rules: what an answer of Graph, or none, means for a submission attempt. Data, first match wins; each row has its reason and source.

/** The call that was made. `submit` hands the mail to Exchange in one POST (sendMail, reply ...); the others belong to the draft route. */
export type Call = 'submit' | 'createDraft' | 'attach' | 'send';

/** What came back. `notSent`: the body cannot have left. `noAnswer`: it may have left, and nothing came back. */
export type Answer =
  | { kind: 'answered'; status: number; code?: string; message?: string; retryAfterMs?: number }
  | { kind: 'notSent'; reason: string }
  | { kind: 'noAnswer'; reason: string };

export type Outcome =
  | 'submissionAccepted'
  | 'draftCreated'
  | 'submissionThrottled'
  | 'submissionFailedTransiently'
  | 'submissionRefused'
  | 'outcomeUnknown';

/** What else an outcome asks for: an operator's attention, or holding the mailbox's next mails back. */
export type Effect = 'alertOperator' | 'holdMailbox';

export interface OutcomeRule {
  id: string;
  /** Absent: any call. */
  calls?: readonly Call[];
  kind?: Answer['kind'];
  status?: readonly number[] | { from: number; to: number };
  codes?: readonly string[];
  retryAfter?: boolean;
  /** Only while the request is younger than this, in milliseconds. */
  youngerThanMs?: number;
  /** Only where a `/send` of this draft had been issued before. */
  sendIssued?: boolean;
  outcome: Outcome;
  effects?: readonly Effect[];
  reason: string;
  source: string;
}

const SUBMITTING: readonly Call[] = ['submit', 'send'];
const PREPARING: readonly Call[] = ['createDraft', 'attach'];
/**
 * Whether an answer leaves room for the mail to be on its way all the same. 429 says by its contract that nothing was processed;
 * whatever else came back for a call that submits, the next attempt waits the grace, so that its look sees a copy that is late.
 */
export const mayHideMail = (answer: Answer, call: Call): boolean =>
  answer.kind === 'answered' && answer.status !== 429 && SUBMITTING.includes(call);

const QUARTER_OF_AN_HOUR = 900_000;
const GRAPH_ERRORS = 'https://learn.microsoft.com/graph/errors';
const THROTTLING = 'https://learn.microsoft.com/graph/throttling';
const SEND_MAIL = 'https://learn.microsoft.com/graph/api/user-sendmail';
const SEND = 'https://learn.microsoft.com/graph/api/message-send';

export const OUTCOME_RULES: readonly OutcomeRule[] = [
  {
    id: 'accepted',
    calls: SUBMITTING,
    status: [202],
    outcome: 'submissionAccepted',
    reason: '202 is always final, also with a Retry-After: Exchange has the mail.',
    source: `${SEND_MAIL}; msgraph-sdk-java issue 1487`,
  },
  {
    id: 'draft-created',
    calls: PREPARING,
    status: [200, 201],
    outcome: 'draftCreated',
    reason: 'The draft or attachment exists.',
    source: 'https://learn.microsoft.com/graph/api/user-post-messages',
  },
  {
    id: 'not-sent',
    kind: 'notSent',
    outcome: 'submissionFailedTransiently',
    reason: 'No connection, or no token: not a byte of the mail has left.',
    source: 'the connection itself',
  },
  {
    id: 'no-answer-to-a-preparation',
    calls: PREPARING,
    kind: 'noAnswer',
    outcome: 'submissionFailedTransiently',
    reason: 'A doubtful create leaves at worst an unsent draft; nothing was submitted.',
    source: 'https://learn.microsoft.com/graph/api/user-post-messages',
  },
  {
    id: 'no-answer',
    kind: 'noAnswer',
    outcome: 'outcomeUnknown',
    reason: 'The body may have left and no answer came: the mail may be on its way. Proven duplicates come from sending again here.',
    source: 'learn.microsoft.com/answers/questions/2286986',
  },
  {
    id: 'mailbox-full',
    codes: ['ErrorQuotaExceeded'],
    outcome: 'submissionFailedTransiently',
    effects: ['alertOperator'],
    reason: 'The mailbox is full: the draft could not be saved, so nothing was sent. It goes out once there is room.',
    source: 'microsoft-graph-docs-contrib issue 7483',
  },
  {
    id: 'own-account-quota',
    codes: ['ErrorSubmissionQuotaExceeded', 'ErrorExceededMessageLimit', 'ErrorExceededMaxRecipientLimit'],
    outcome: 'submissionThrottled',
    effects: ['holdMailbox', 'alertOperator'],
    reason: "The sender's submission quota is used up: the mail was not taken, and the next ones will not be either.",
    source: 'EWS ResponseCodeType, https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode',
  },
  {
    id: 'own-account-blocked',
    codes: ['ErrorMessageSubmissionBlocked', 'ErrorAccountSuspend', 'ErrorMessageBlocked'],
    outcome: 'submissionFailedTransiently',
    effects: ['holdMailbox', 'alertOperator'],
    reason: 'The sending account is blocked: an operator can lift that, the mail need not be lost.',
    source: 'EWS ResponseCodeType',
  },
  {
    id: 'throttled',
    status: [429],
    outcome: 'submissionThrottled',
    effects: ['holdMailbox'],
    reason: 'Throttled before the request was processed. Not before Retry-After; costs no attempt.',
    source: THROTTLING,
  },
  {
    id: 'busy-with-retry-after',
    status: [503],
    retryAfter: true,
    outcome: 'submissionThrottled',
    effects: ['holdMailbox'],
    reason: 'A 503 that names the time to come back is throttling.',
    source: THROTTLING,
  },
  {
    id: 'token-refused',
    status: [401],
    outcome: 'submissionFailedTransiently',
    effects: ['alertOperator'],
    reason: 'The token was refused, so nothing was sent; the next attempt takes a fresh one.',
    source: GRAPH_ERRORS,
  },
  {
    id: 'send-as-denied',
    codes: ['ErrorSendAsDenied'],
    outcome: 'submissionRefused',
    reason: 'The mailbox has no right to send as that From; the same request can never succeed.',
    source: 'https://learn.microsoft.com/graph/outlook-send-mail-from-other-user',
  },
  {
    id: 'access-denied',
    status: [403],
    outcome: 'submissionFailedTransiently',
    effects: ['alertOperator'],
    reason: 'A right is missing or its change has not spread yet (up to two hours): the operator can mend it, the mail waits.',
    source: 'https://learn.microsoft.com/exchange/permissions-exo/application-rbac',
  },
  {
    id: 'no-storage',
    status: [507],
    outcome: 'submissionFailedTransiently',
    effects: ['alertOperator'],
    reason: 'Insufficient storage (RFC 4918): the draft could not be saved.',
    source: GRAPH_ERRORS,
  },
  {
    id: 'gone-after-send',
    calls: ['send'],
    status: [404],
    sendIssued: true,
    outcome: 'outcomeUnknown',
    reason: 'A send of this draft was issued before: that it is gone may mean that it was sent.',
    source: SEND,
  },
  {
    id: 'draft-gone-before-send',
    calls: ['attach'],
    status: [404, 410, 416],
    outcome: 'submissionFailedTransiently',
    reason: 'The draft or its upload session is gone, or is not where it should be: another draft is made. Nothing was submitted.',
    source: 'https://learn.microsoft.com/graph/outlook-large-attachments',
  },
  {
    id: 'mailbox-not-there-yet',
    status: [404],
    codes: ['ErrorInvalidUser', 'ResourceNotFound', 'ErrorNonExistentMailbox', 'MailboxNotEnabledForRESTAPI', 'Request_ResourceNotFound'],
    youngerThanMs: QUARTER_OF_AN_HOUR,
    outcome: 'submissionFailedTransiently',
    reason: 'A new mailbox is not visible for up to a quarter of an hour.',
    source: 'https://learn.microsoft.com/graph/known-issues',
  },
  {
    id: 'changed-under-us',
    calls: ['send'],
    status: [409, 412],
    outcome: 'outcomeUnknown',
    reason: 'The item changed while it was being sent: it may have been sent.',
    source: 'EWS ErrorIrresolvableConflict',
  },
  {
    id: 'try-again-status',
    status: [408, 423, 425],
    calls: PREPARING,
    outcome: 'submissionFailedTransiently',
    reason: 'Timed out, locked or too early (RFC 9110, 4918, 8470); nothing was submitted.',
    source: GRAPH_ERRORS,
  },
  {
    id: 'request-timed-out',
    status: [408],
    outcome: 'outcomeUnknown',
    reason: 'Who timed out, before or after taking the mail, is not said.',
    source: 'RFC 9110 section 15.5.9',
  },
  {
    id: 'locked',
    status: [423, 425],
    outcome: 'submissionFailedTransiently',
    reason: 'Locked or too early: refused before it was processed.',
    source: 'RFC 4918 section 11.3, RFC 8470',
  },
  {
    id: 'refused',
    status: { from: 400, to: 499 },
    outcome: 'submissionRefused',
    reason: 'The request itself is refused: the same one can never succeed.',
    source: GRAPH_ERRORS,
  },
  {
    id: 'preparation-failed',
    calls: PREPARING,
    outcome: 'submissionFailedTransiently',
    reason: 'Creating a draft or attachment failed, or its end is unknown; nothing was submitted.',
    source: 'https://learn.microsoft.com/graph/api/user-post-messages',
  },
  {
    id: 'success-but-not-202',
    status: { from: 200, to: 299 },
    outcome: 'outcomeUnknown',
    reason: 'Only 202 is acceptance: Graph has answered 200 to oversize MIME and sent nothing.',
    source: 'microsoft-graph-docs-contrib issue 3079',
  },
  {
    id: 'server-error',
    outcome: 'outcomeUnknown',
    reason: 'A server error or a gateway that gave up can hide a mail that went out: 504 with four copies was seen.',
    source: 'learn.microsoft.com/answers/questions/2286986',
  },
];
