// The size of a mail at the HTTP API: as Exchange counts it, and whether Graph takes it in one request or must be given it in parts.
import { fileAttachment } from './attachment.ts';
import { base64Length, MAXIMUM_CONTENT_BYTES, MAXIMUM_MIME_BYTES } from './graph-limits.ts';
import type { Message } from './message-schema.ts';
import { type Problem, problems } from './problem.ts';

export interface MailSize {
  /** Attachments count as their bytes, not as their base64. */
  bytes: number;
  /** Graph doesn't take it in one request: it travels as a draft, its attachments by themselves. */
  inParts: boolean;
  /** Why it can't travel in parts either. */
  problem?: Problem;
}

/** `length`: of the JSON that holds the message. */
export function jsonSize(length: number, message: Message): MailSize {
  let [texts, decoded] = [0, 0];
  for (const resource of message.attachments ?? []) {
    const file = fileAttachment(resource);
    if (!file) continue;
    texts += base64Length(file.size);
    decoded += file.size;
  }
  const inParts = length > MAXIMUM_CONTENT_BYTES;
  const rest = length - texts;
  return {
    bytes: rest + decoded,
    inParts,
    ...(rest > MAXIMUM_CONTENT_BYTES && {
      problem: problems.tooLarge('The message without its file attachments', rest, MAXIMUM_CONTENT_BYTES),
    }),
  };
}

/** It does not say whether a large message can be divided: takeApart does. */
export const mimeSize = (mime: Uint8Array): MailSize => ({ bytes: mime.length, inParts: mime.length > MAXIMUM_MIME_BYTES });
