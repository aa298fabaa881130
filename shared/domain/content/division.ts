// How a message that is too large for one request of Graph is divided: what goes with the draft, and which attachments follow.
import { type Attachment, attachmentJson, attachmentLength, fileAttachment } from './attachment.ts';
import { MAXIMUM_CONTENT_BYTES, MAXIMUM_REQUEST_BYTES } from './graph-limits.ts';
import { jsonLength } from './write-json.ts';

type JsonObject = Record<string, unknown>;

export interface Division {
  /** The message with those attachments that fit. */
  message: JsonObject;
  /** The others, each to be added to the draft. */
  attachments: Attachment[];
}

export interface Divisible {
  message: JsonObject;
  /** Attachments that have no bytes of their own. */
  items: readonly JsonObject[];
  files: readonly Attachment[];
  /** Bytes of what else is in the request. */
  beside: number;
}

/** Undefined if even the message alone is too large. */
export function divide({ message, items, files, beside }: Divisible): Division | undefined {
  const inline: JsonObject[] = [...items];
  const length = beside + jsonLength({ ...message, attachments: items });
  // Our marks are in it by now, for which the HTTP API left room.
  if (length > MAXIMUM_REQUEST_BYTES) return undefined;
  let room = MAXIMUM_CONTENT_BYTES - length;
  const attachments: Attachment[] = [];
  for (const file of files) {
    const needed = attachmentLength(file);
    if (needed > room) attachments.push(file);
    else {
      inline.push(attachmentJson(file));
      room -= needed;
    }
  }
  return { message: { ...message, ...(inline.length > 0 && { attachments: inline }) }, attachments };
}

/** A message in JSON: its file attachments can follow, attached items can't (there is no upload session for them). */
export function divideJson(message: JsonObject, beside: number): Division | undefined {
  const { attachments, ...rest } = message;
  const items: JsonObject[] = [];
  const files: Attachment[] = [];
  for (const resource of (attachments ?? []) as JsonObject[]) {
    const file = fileAttachment(resource);
    if (file) files.push(file);
    else items.push(resource);
  }
  return divide({ message: rest, items, files, beside });
}
