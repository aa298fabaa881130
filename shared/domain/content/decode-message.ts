// What every operation in JSON does with the message it was given: checks it, and reads what the log needs to know.
import type { Recipient, RecipientType } from '../log/send-request.ts';
import { checkRecipients, type Decoded, loggable, type RecipientCheck } from './decoded.ts';
import { takeDeferredSend } from './deferred-send.ts';
import { jsonSize } from './mail-size.ts';
import { addressOf, messageProblem } from './message-checks.ts';
import type { GraphRecipient, Message } from './message-schema.ts';
import { type Checked, ok, refused } from './problem.ts';
import { jsonBytes } from './write-json.ts';

export interface MessageRules {
  /** The path of the message in the body, with its dot: problems name paths that begin with it. */
  path: 'message.' | '';
  recipients: RecipientCheck;
  /** Recipients that are named beside the message. */
  beside?: readonly GraphRecipient[];
  recipientLimit: number;
  isDraft: boolean;
  /** The body as it is kept, made of the message that passed. */
  body: (message: Message) => Record<string, unknown>;
}

const typed = (list: readonly GraphRecipient[] | null | undefined, type: RecipientType): Recipient[] =>
  (list ?? []).map((recipient) => ({ address: addressOf(recipient), type }));

/** OData has no null for collections, so a null is left out. */
export const withoutNulls = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null)) as T;

export function decodeMessage(given: Message, rules: MessageRules): Checked<Decoded> {
  const message = withoutNulls(given);
  const problem = messageProblem(message, rules.path);
  if (problem) return refused(problem);
  const named = [
    ...typed(rules.beside, 'to'),
    ...typed(message.toRecipients, 'to'),
    ...typed(message.ccRecipients, 'cc'),
    ...typed(message.bccRecipients, 'bcc'),
  ];
  const recipients = checkRecipients(named, rules.recipientLimit, rules.recipients);
  if (!recipients.ok) return recipients;
  const deferral = takeDeferredSend(message, rules.path, rules.isDraft);
  if (!deferral.ok) return deferral;
  const { sendAt } = deferral.value;
  const content = jsonBytes(rules.body(deferral.value.message));
  const sender = addressOf(message.sender);
  const from = addressOf(message.from) || sender;
  return ok({
    content,
    size: jsonSize(content.length, message),
    recipients: recipients.value,
    saveToSentItems: true,
    ...(message.subject && { subject: loggable(message.subject) }),
    ...(from && { from }),
    ...(sender && sender !== from && { otherFrom: [sender] }),
    ...(message.internetMessageId && { internetMessageId: message.internetMessageId }),
    ...(sendAt && { sendAt }),
  });
}
