// sendMail in JSON: Graph's {message, saveToSentItems}.
import type { Recipient, RecipientType } from '../send-request.ts';
import { checkShape } from './check-shape.ts';
import { type JsonObject, lowerFirstLetters, parseJsonObject } from './decode-json.ts';
import { checkRecipients, type Decoded, loggable } from './decoded.ts';
import { takeDeferredSend } from './deferred-send.ts';
import { addressOf, messageProblem } from './message-checks.ts';
import { type GraphRecipient, type Message, sendMailSchema } from './message-schema.ts';
import { type Checked, ok, problems, refused } from './problem.ts';

function recipientsOf(message: Message): Recipient[] {
  const of = (list: GraphRecipient[] | null | undefined, type: RecipientType): Recipient[] =>
    (list ?? []).map((recipient) => ({ address: addressOf(recipient), type }));
  return [...of(message.toRecipients, 'to'), ...of(message.ccRecipients, 'cc'), ...of(message.bccRecipients, 'bcc')];
}

const isFalse = (value: unknown): boolean => value === false || (typeof value === 'string' && value.toLowerCase() === 'false');

/** A null says nothing, and OData has none for collections: it is left out rather than passed on. */
const withoutNulls = (message: JsonObject): JsonObject => Object.fromEntries(Object.entries(message).filter(([, value]) => value !== null));

export function decodeSendMail(body: Uint8Array, recipientLimit: number): Checked<Decoded> {
  const parsed = parseJsonObject(body);
  if (!parsed.ok) return parsed;
  const parameters = lowerFirstLetters(parsed.value);
  if (parameters['message'] === undefined || parameters['message'] === null) return refused(problems.messageMissing());
  const shape = checkShape(parameters, sendMailSchema, 'sendMail');
  if (!shape.ok) return shape;
  const message = withoutNulls(shape.value.message) as Message;
  const problem = messageProblem(message);
  if (problem) return refused(problem);
  const recipients = checkRecipients(recipientsOf(message), recipientLimit);
  if (!recipients.ok) return recipients;
  const deferral = takeDeferredSend(message);
  if (!deferral.ok) return deferral;
  const { sendAt } = deferral.value;
  const from = addressOf(message.from) || addressOf(message.sender);
  return ok({
    content: new TextEncoder().encode(JSON.stringify({ message: deferral.value.message })),
    recipients: recipients.value,
    saveToSentItems: !isFalse(shape.value.saveToSentItems),
    ...(message.subject && { subject: loggable(message.subject) }),
    ...(from && { from }),
    ...(message.internetMessageId && { internetMessageId: message.internetMessageId }),
    ...(sendAt && { sendAt }),
  });
}
