// Puts our marks into a mail: in JSON as Message-ID, extended property and header; in MIME as header lines on top of an unchanged message.
import { MARK_HEADER, MARK_PROPERTY, MAXIMUM_CUSTOM_HEADERS } from '../doubt/marks.ts';
import { joined } from './bytes.ts';
import { lineEndingOf } from './mime-fields.ts';

export interface Marks {
  id: string;
  internetMessageId: string;
  /** The mail has this Message-ID from its caller already. */
  callerSetMessageId: boolean;
}

type JsonObject = Record<string, unknown>;

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The message resource with our marks. The header goes in only if there is room among Graph's five. */
export function markJsonMessage(message: JsonObject, marks: Marks): JsonObject {
  const headers = listOf(message['internetMessageHeaders']);
  return {
    ...message,
    internetMessageId: marks.internetMessageId,
    singleValueExtendedProperties: [...listOf(message['singleValueExtendedProperties']), { id: MARK_PROPERTY, value: marks.id }],
    ...(headers.length < MAXIMUM_CUSTOM_HEADERS && { internetMessageHeaders: [...headers, { name: MARK_HEADER, value: marks.id }] }),
  };
}

/** The message with our header lines on top: a signature covers none of them. */
export function markMime(bytes: Uint8Array, marks: Marks): Uint8Array {
  const end = lineEndingOf(bytes);
  const messageId = marks.callerSetMessageId ? '' : `Message-ID: ${marks.internetMessageId}${end}`;
  const top = new TextEncoder().encode(`${MARK_HEADER}: ${marks.id}${end}${messageId}`);
  return joined([top, bytes]);
}
