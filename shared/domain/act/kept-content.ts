// Whose content is kept in Blob Storage after Exchange has taken the mail, so that it can be sent again after a bounce.
import type { SendRequestRecord } from '../log/send-request.ts';
import { type GraphRights, isDraftOnly } from '../operations.ts';

/** Setting RESEND_CONTENT. */
export type ResendContent = 'copy' | 'keep' | 'none';

export interface KeepingRules {
  resendContent: ResendContent;
  graphRights: GraphRights;
  messageTrace: boolean;
}

/** What decides where the content of a mail is. */
type Kind = Pick<SendRequestRecord, 'operation' | 'format' | 'saveToSentItems'>;

/** With the right to send only, no copy can be read; and only the message trace can tell of a failure. */
const hasNoCopy = ({ saveToSentItems }: Kind, { graphRights, messageTrace }: KeepingRules): boolean =>
  graphRights === 'send' ? messageTrace : !saveToSentItems;

/** A draft that is made is not sent, and one that is sent has no content but its own. */
export function keepsContent(record: Kind, rules: KeepingRules): boolean {
  if (record.format === 'none' || isDraftOnly(record.operation)) return false;
  return rules.resendContent === 'keep' || (rules.resendContent === 'copy' && hasNoCopy(record, rules));
}

/** Whether a mail can be sent again after Exchange has returned it. A draft that is only made is not sent, so nothing is said of it. */
export const isResendableLater = (record: Kind, rules: KeepingRules): boolean =>
  isDraftOnly(record.operation) ||
  keepsContent(record, rules) ||
  (rules.resendContent !== 'none' && rules.graphRights !== 'send' && record.saveToSentItems);

/** Exchange has the mail, and reports of it may still come. */
const mayFail = ({ status, reportWindowEnds }: SendRequestRecord, now: string): boolean =>
  (status === 'accepted' || status === 'sent' || status === 'failed') && reportWindowEnds !== undefined && now < reportWindowEnds;

/** Whether the content of a mail that Exchange has taken must still be kept: the worker may have died before it kept it. */
export const mustStillKeep = (record: SendRequestRecord, rules: KeepingRules, now: string): boolean =>
  mayFail(record, now) && keepsContent(record, rules);

/** Whether what is kept goes with the end of the report window. If a recipient failed, it stays as that of every failed request. */
export const mayForget = (record: SendRequestRecord, rules: KeepingRules): boolean =>
  record.status === 'closed' && record.recipientCounts.failed === 0 && keepsContent(record, rules);
