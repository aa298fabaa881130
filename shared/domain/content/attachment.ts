// An attachment that is uploaded apart from its message: its properties for Graph, and its bytes on demand.
import { decodeBase64, encodeBase64 } from './base64.ts';
import { base64Length, RANGE_BYTES, SMALL_ATTACHMENT_BYTES } from './graph-limits.ts';
import { LargeString } from './large-string.ts';

type JsonObject = Record<string, unknown>;

export interface Attachment {
  /** All its properties as Graph has them, without the content: @odata.type, name, contentType, isInline, contentId … */
  properties: JsonObject;
  /** Bytes of its content. */
  size: number;
  /** Its bytes from `from` up to `to`. Callers ask in order, so that a large attachment need not be in memory as a whole. */
  bytes: (from: number, to: number) => Uint8Array;
  base64: () => string;
}

/** Whether it goes in a POST of its own; else it needs an upload session. */
export const isSmall = ({ size }: Attachment): boolean => size < SMALL_ATTACHMENT_BYTES;

/** Calls to Graph that it takes: one POST, or a session and its ranges. */
export const callsFor = (attachment: Attachment): number => (isSmall(attachment) ? 1 : 1 + Math.ceil(attachment.size / RANGE_BYTES));

/** The resource as a POST, or a message's list of attachments, has it. */
export const attachmentJson = (attachment: Attachment): JsonObject => ({ ...attachment.properties, contentBytes: attachment.base64() });

const utf8 = new TextEncoder();

/** How many bytes of JSON it takes: its properties, `"contentBytes":"…"`, and what separates it from the next. */
export const attachmentLength = ({ properties, size }: Attachment): number =>
  utf8.encode(JSON.stringify(properties)).length + base64Length(size) + 20;

/** The parameter of createUploadSession. What has no value is left out. */
export function uploadItem({ properties, size }: Attachment): JsonObject {
  const { name, contentType, contentId, isInline } = properties;
  const given = Object.entries({ name, contentType, contentId, isInline }).filter(([, value]) => value !== undefined && value !== null);
  return { AttachmentItem: { attachmentType: 'file', size, ...Object.fromEntries(given) } };
}

/** White space may stand anywhere in base64. */
const dense = (base64: string): string => (/\s/.test(base64) ? base64.replace(/\s+/g, '') : base64);

const PAD = 0x3d;

/** Four letters encode three bytes, so whole groups of four are decoded, and the surplus at both ends is cut off. */
function rangeOf(base64: Uint8Array, from: number, to: number): Uint8Array {
  const first = Math.floor(from / 3);
  const decoded = decodeBase64(base64.subarray(first * 4, Math.ceil(to / 3) * 4)) as Uint8Array;
  return decoded.subarray(from - first * 3, to - first * 3);
}

/** From the resource as a caller posted it, its base64 checked; undefined for what has no bytes of its own, such as an attached item. */
export function fileAttachment(resource: JsonObject): Attachment | undefined {
  const { contentBytes, ...properties } = resource;
  if (typeof contentBytes !== 'string' && !(contentBytes instanceof LargeString)) return undefined;
  const text = contentBytes instanceof LargeString ? contentBytes.bytes : utf8.encode(dense(contentBytes));
  const pads = text.at(-2) === PAD ? 2 : text.at(-1) === PAD ? 1 : 0;
  return {
    properties,
    size: (text.length / 4) * 3 - pads,
    bytes: (from, to) => rangeOf(text, from, to),
    base64: () => new TextDecoder().decode(text),
  };
}

/** From a part of a MIME message that was taken apart. */
export const attachmentOf = ({ properties, content }: { properties: JsonObject; content: Uint8Array }): Attachment => ({
  properties,
  size: content.length,
  bytes: (from, to) => content.subarray(from, to),
  base64: () => encodeBase64(content),
});
