// sendMail in JSON: Graph's {message, saveToSentItems}.
import type { Recipient, RecipientType } from '../send-request.ts';
import { hasControlCharacter } from './addresses.ts';
import { checkShape, lowerFirstLetters, parseJsonObject } from './decode-json.ts';
import { checkRecipients, type Decoded } from './decoded.ts';
import { takeDeferredSend } from './deferred-send.ts';
import { type GraphRecipient, type Message, sendMailSchema } from './message-schema.ts';
import { type Checked, ok, type Problem, problems, refused } from './problem.ts';

const MAXIMUM_CUSTOM_HEADERS = 5;
const HEADER_NAME = /^x-[\x21-\x39\x3b-\x7e]+$/i;
/** RFC 5322 section 3.6.4, as loosely as Exchange takes it. */
const MESSAGE_ID = /^<[^<>\s\p{Cc}]{1,990}>$/u;

const addressOf = (recipient: GraphRecipient | null | undefined): string => recipient?.emailAddress?.address?.trim() ?? '';

export function recipientsOf(message: Message): Recipient[] {
  const of = (list: GraphRecipient[] | null | undefined, type: RecipientType): Recipient[] =>
    (list ?? []).map((recipient) => ({ address: addressOf(recipient), type }));
  return [...of(message.toRecipients, 'to'), ...of(message.ccRecipients, 'cc'), ...of(message.bccRecipients, 'bcc')];
}

function headerProblem(message: Message): Problem | undefined {
  const headers = message.internetMessageHeaders ?? [];
  if (headers.length > MAXIMUM_CUSTOM_HEADERS) return problems.tooManyHeaders(headers.length);
  const invalid = headers.find(({ name }) => !HEADER_NAME.test(name));
  if (invalid) return problems.invalidHeader(invalid.name.replace(/[^\x20-\x7e]/g, '?').slice(0, 100));
  const broken = headers.findIndex(({ value }) => hasControlCharacter(value));
  return broken < 0 ? undefined : problems.lineBreak(`message.internetMessageHeaders[${broken}].value`);
}

/** Every text that becomes a header: a line break in it would make another one. */
function controlProblem(message: Message): Problem | undefined {
  const named = [
    ['toRecipients', message.toRecipients],
    ['ccRecipients', message.ccRecipients],
    ['bccRecipients', message.bccRecipients],
    ['replyTo', message.replyTo],
    ['from', message.from ? [message.from] : []],
    ['sender', message.sender ? [message.sender] : []],
  ] as const;
  for (const [name, list] of named) {
    const at = (list ?? []).findIndex((recipient) => hasControlCharacter(recipient.emailAddress?.name ?? ''));
    if (at >= 0) return problems.lineBreak(`message.${name}[${at}].emailAddress.name`);
  }
  if (hasControlCharacter(message.subject ?? '')) return problems.lineBreak('message.subject');
  const messageId = message.internetMessageId;
  if (messageId && !MESSAGE_ID.test(messageId)) return problems.wrongType('message.internetMessageId', 'expected <id@domain> (RFC 5322)');
  return undefined;
}

/** What is checked of a message whatever the operation. */
export const messageProblem = (message: Message): Problem | undefined => headerProblem(message) ?? controlProblem(message);

const isFalse = (value: unknown): boolean => value === false || (typeof value === 'string' && value.toLowerCase() === 'false');

export function decodeSendMail(body: Uint8Array, recipientLimit: number): Checked<Decoded> {
  const parsed = parseJsonObject(body);
  if (!parsed.ok) return parsed;
  const parameters = lowerFirstLetters(parsed.value);
  if (parameters['message'] === undefined || parameters['message'] === null) return refused(problems.messageMissing());
  const shape = checkShape(parameters, sendMailSchema, 'message');
  if (!shape.ok) return shape;
  const problem = messageProblem(shape.value.message);
  if (problem) return refused(problem);
  const recipients = checkRecipients(recipientsOf(shape.value.message), recipientLimit);
  if (!recipients.ok) return recipients;
  const deferral = takeDeferredSend(shape.value.message);
  if (!deferral.ok) return deferral;
  const { message, sendAt } = deferral.value;
  const from = addressOf(message.from);
  return ok({
    content: new TextEncoder().encode(JSON.stringify({ message })),
    recipients: recipients.value,
    saveToSentItems: !isFalse(shape.value.saveToSentItems),
    ...(message.subject && { subject: message.subject }),
    ...(from && { from }),
    ...(message.internetMessageId && { internetMessageId: message.internetMessageId }),
    ...(sendAt && { sendAt }),
  });
}
