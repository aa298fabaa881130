// What an outcome rule is: the call, the answer, the outcome. The rules themselves are in outcome-rules.ts.
import type { OUTCOMES } from '../log/lifecycle.ts';

/** The call that was made. `submit` hands the mail to Exchange in one POST (sendMail, reply ...); the others belong to the draft route. */
export type Call = 'submit' | 'createDraft' | 'attach' | 'send';

/** What came back. `notSent`: the body was certainly not sent. `noAnswer`: it may have been sent, and no answer came. */
export type Answer = (
  | {
      kind: 'answered';
      status: number;
      code?: string;
      message?: string;
      retryAfterMs?: number;
      /** Microsoft's support finds the call by it. */
      requestId?: string;
    }
  | { kind: 'notSent'; reason: string }
  | { kind: 'noAnswer'; reason: string }
) & {
  /** How long the call took. */
  callMs?: number;
};

export type Outcome = (typeof OUTCOMES)[number];

/** What else an outcome asks for. `alertAfterAnHour`: an operator hears of it if the first attempt was an hour ago.
 * `sendNotIssued`: if the draft is gone, that does not mean that it was sent. */
export type Effect = 'alertOperator' | 'alertAfterAnHour' | 'throttleMailbox' | 'sendNotIssued';

export interface OutcomeRule {
  id: string;
  /** Absent: any call. */
  calls?: readonly Call[];
  kind?: Answer['kind'];
  status?: readonly number[] | { from: number; to: number };
  codes?: readonly string[];
  retryAfter?: boolean;
  /** Whether every answer so far has said that the mailbox is not there, for as long as `MAILBOX_MISSING_AFTER`. */
  missingForLong?: boolean;
  /** Only if a `/send` of this draft had been issued before. */
  sendIssued?: boolean;
  /** Only if the operation names a message of the mailbox: the draft to send, the mail to answer. */
  namesItem?: boolean;
  /** Only if another send request made or sent that message, and Graph has not said for as long as IN_DOUBT_GRACE that it is missing. */
  itemIsNew?: boolean;
  outcome: Outcome;
  effects?: readonly Effect[];
  reason: string;
  source: string;
}

export const SUBMITTING: readonly Call[] = ['submit', 'send'];
export const PREPARING: readonly Call[] = ['createDraft', 'attach'];

/**
 * Whether the mail may be on its way in spite of this answer. 429 says by its contract that nothing was processed. After every
 * other answer to a call that submits, the next attempt waits for the grace, so that its look sees a late copy.
 */
export const mayHideMail = (answer: Answer, call: Call): boolean =>
  answer.kind === 'answered' && answer.status !== 429 && SUBMITTING.includes(call);

/** An operator hears of a request that gets unlisted answers for this time, in milliseconds. */
export const ALERT_AFTER_MS = 3_600_000;

export const MAILBOX_MISSING: readonly string[] = [
  'ErrorInvalidUser',
  'ResourceNotFound',
  'ErrorNonExistentMailbox',
  'MailboxNotEnabledForRESTAPI',
  'Request_ResourceNotFound',
];

/** What came back, in a few words for an operator. */
export const describeAnswer = (answer: Answer): string =>
  answer.kind === 'answered' ? `${answer.status} ${answer.code ?? ''}`.trim() : answer.reason;

/** Whether Graph itself says that the item is not there. A 404 without its code may be a gateway's. */
export const saysItemGone = (answer: Answer): boolean =>
  answer.kind === 'answered' && answer.status === 404 && answer.code === 'ErrorItemNotFound';

/** Whether Graph says that the mailbox is not there. */
export const saysMailboxMissing = (answer: Answer): boolean =>
  answer.kind === 'answered' && answer.status === 404 && MAILBOX_MISSING.includes(answer.code ?? '');
