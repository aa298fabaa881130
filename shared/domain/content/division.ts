// How a message that is too large for one request of Graph is divided: what goes with the draft, and which attachments follow.
import { type Attachment, attachmentJson, fileAttachment, jsonLength } from './attachment.ts';
import { MAXIMUM_CONTENT_BYTES } from './graph-limits.ts';
import type { LargeStrings } from './large-strings.ts';
import { isSealed, isText, leavesOf, readParts } from './mime-parts.ts';

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
  large: LargeStrings;
}

/** Undefined where even the message alone is too large. */
export function divide({ message, items, files, beside, large }: Divisible): Division | undefined {
  const inline: JsonObject[] = [...items];
  let room = MAXIMUM_CONTENT_BYTES - beside - large.lengthOf(JSON.stringify({ ...message, attachments: items }));
  if (room < 0) return undefined;
  const attachments: Attachment[] = [];
  for (const file of files) {
    const length = jsonLength(file);
    if (length > room) attachments.push(file);
    else {
      inline.push(attachmentJson(file));
      room -= length;
    }
  }
  return { message: { ...message, ...(inline.length > 0 && { attachments: inline }) }, attachments };
}

/** A message in JSON: its file attachments can follow, attached items can't (there is no upload session for them). */
export function divideJson(message: JsonObject, beside: number, large: LargeStrings): Division | undefined {
  const { attachments, ...rest } = message;
  const items: JsonObject[] = [];
  const files: Attachment[] = [];
  for (const resource of (attachments ?? []) as JsonObject[]) {
    const file = fileAttachment(resource, large);
    if (file) files.push(file);
    else items.push(resource);
  }
  return divide({ message: rest, items, files, beside, large });
}

/** Why a MIME message that is too large for one request cannot travel in parts either. */
export function indivisible(mime: Uint8Array): string | undefined {
  const root = readParts(mime);
  if (isSealed(root))
    return 'It is signed or encrypted (S/MIME or OpenPGP), so that it cannot be divided: Graph takes MIME in one request only';
  let text = 0;
  for (const leaf of leavesOf(root)) if (isText(leaf)) text += leaf.to - leaf.from;
  return text > MAXIMUM_CONTENT_BYTES ? 'Its text alone is too large: only attachments can follow by themselves' : undefined;
}
