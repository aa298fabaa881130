// sendMail in JSON: Graph's {message, saveToSentItems}.
import { checkShape } from './check-shape.ts';
import { lowerFirstLetters, parseJsonObject } from './decode-json.ts';
import { decodeMessage } from './decode-message.ts';
import type { Decoded } from './decoded.ts';
import { sendMailSchema } from './message-schema.ts';
import { type Checked, ok, problems, refused } from './problem.ts';

const isFalse = (value: unknown): boolean => value === false || (typeof value === 'string' && value.toLowerCase() === 'false');

export function decodeSendMail(body: Uint8Array, recipientLimit: number): Checked<Decoded> {
  const parsed = parseJsonObject(body);
  if (!parsed.ok) return parsed;
  const parameters = lowerFirstLetters(parsed.value);
  if (parameters['message'] === undefined || parameters['message'] === null) return refused(problems.messageMissing());
  const shape = checkShape(parameters, sendMailSchema, 'sendMail');
  if (!shape.ok) return shape;
  const decoded = decodeMessage(shape.value.message, {
    path: 'message.',
    recipients: 'needed',
    recipientLimit,
    isDraft: false,
    body: (message) => ({ message }),
  });
  return decoded.ok ? ok({ ...decoded.value, saveToSentItems: !isFalse(shape.value.saveToSentItems) }) : decoded;
}
