// Bodies of Graph's successful answers; undefined if one isn't what it should be.
import type { MailboxCopy } from '../../domain/doubt/copies.ts';
import type { DeltaPage, DraftCreated, ReportItem, ReportPage, UploadSession } from '../../ports/graph-mail.ts';
import { isObject } from './error-envelope.ts';
import { type GraphMessage, toCopy } from './mailbox-copy.ts';
import { itemClassOf, mayBeReport } from './report-candidates.ts';

interface Page {
  value?: unknown;
  '@odata.nextLink'?: unknown;
  '@odata.deltaLink'?: unknown;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

function page(bytes: Uint8Array): { messages: GraphMessage[]; links: { nextLink?: string; deltaLink?: string } } | undefined {
  const json = parse(bytes) as Page | undefined;
  if (!isObject(json) || !Array.isArray(json.value)) return undefined;
  const { '@odata.nextLink': nextLink, '@odata.deltaLink': deltaLink } = json;
  return {
    messages: json.value.filter(isObject),
    links: { ...(typeof nextLink === 'string' && { nextLink }), ...(typeof deltaLink === 'string' && { deltaLink }) },
  };
}

const isThere = <T>(value: T | undefined): value is T => value !== undefined;

export const readMessage = (bytes: Uint8Array): MailboxCopy | undefined => {
  const json = parse(bytes);
  return isObject(json) ? toCopy(json) : undefined;
};

export function readDraft(bytes: Uint8Array): DraftCreated | undefined {
  const json = parse(bytes) as GraphMessage | undefined;
  const copy = isObject(json) ? toCopy(json) : undefined;
  if (!copy) return undefined;
  const { id, internetMessageId, webLink, subject, recipients } = copy;
  const { contentType, content } = json?.body ?? {};
  return {
    id,
    ...(internetMessageId !== undefined && { internetMessageId }),
    ...(webLink !== undefined && { webLink }),
    ...(subject !== undefined && { subject }),
    ...(recipients && { recipients }),
    ...(typeof contentType === 'string' && typeof content === 'string' && { body: { contentType, content } }),
  };
}

/** Any resource as it is. */
export function readObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  const json = parse(bytes);
  return isObject(json) ? (json as Record<string, unknown>) : undefined;
}

export function readUploadSession(bytes: Uint8Array): UploadSession | undefined {
  const uploadUrl = readObject(bytes)?.['uploadUrl'];
  return typeof uploadUrl === 'string' ? { uploadUrl } : undefined;
}

/** The first byte of the first range that is still expected; the host of upload sessions writes its names in PascalCase. */
export function readPosition(bytes: Uint8Array): number | undefined {
  const json = readObject(bytes);
  const ranges = json?.['nextExpectedRanges'] ?? json?.['NextExpectedRanges'];
  const first = Array.isArray(ranges) ? /^\d+/.exec(String(ranges[0]))?.[0] : undefined;
  return first === undefined ? undefined : Number(first);
}

export function readList(bytes: Uint8Array): { copies: MailboxCopy[]; nextLink?: string } | undefined {
  const read = page(bytes);
  return read && { copies: read.messages.map(toCopy).filter(isThere), ...read.links };
}

export function readDeltaPage(bytes: Uint8Array): DeltaPage | undefined {
  const read = page(bytes);
  if (!read) return undefined;
  const copies = read.messages.map((message) => {
    const copy = toCopy(message);
    return copy && { ...copy, ...(message['@removed'] !== undefined && { removed: true }) };
  });
  return { copies: copies.filter(isThere), ...read.links };
}

export function readFolderId(bytes: Uint8Array): string | undefined {
  const json = parse(bytes) as { id?: unknown } | undefined;
  return isObject(json) && typeof json.id === 'string' ? json.id : undefined;
}

function toReportItem(message: GraphMessage, sentItemsId: string | undefined): ReportItem | undefined {
  const { id, receivedDateTime, internetMessageId } = message;
  if (typeof id !== 'string' || typeof receivedDateTime !== 'string' || !mayBeReport(message, sentItemsId)) return undefined;
  const itemClass = itemClassOf(message);
  return {
    id,
    receivedDateTime,
    ...(itemClass !== undefined && { itemClass }),
    ...(typeof internetMessageId === 'string' && { internetMessageId }),
  };
}

/** Copies of sent mails are skipped. */
export function readReportPage(bytes: Uint8Array, sentItemsId: string | undefined): ReportPage | undefined {
  const read = page(bytes);
  if (!read) return undefined;
  const last = read.messages.at(-1)?.receivedDateTime;
  const { nextLink } = read.links;
  return {
    items: read.messages.map((message) => toReportItem(message, sentItemsId)).filter(isThere),
    ...(nextLink !== undefined && { nextLink }),
    ...(typeof last === 'string' && { readUntil: last }),
  };
}
