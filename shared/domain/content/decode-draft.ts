// Create draft in JSON: a bare message, which may be anything from empty to finished.
import { checkShape } from './check-shape.ts';
import { parseJsonObject } from './decode-json.ts';
import { decodeMessage } from './decode-message.ts';
import type { Decoded } from './decoded.ts';
import { messageSchema } from './message-schema.ts';
import type { Checked } from './problem.ts';

export function decodeDraft(body: Uint8Array, recipientLimit: number): Checked<Decoded> {
  const parsed = parseJsonObject(body);
  if (!parsed.ok) return parsed;
  const shape = checkShape(parsed.value, messageSchema);
  if (!shape.ok) return shape;
  return decodeMessage(shape.value, {
    path: '',
    recipients: 'unchecked',
    recipientLimit,
    isDraft: true,
    body: (message) => message,
  });
}
