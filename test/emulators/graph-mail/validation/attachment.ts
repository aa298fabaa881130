// From the JSON of an attachment to what the store keeps.
import { errors } from '../http/errors.ts';
import { newAttachmentId } from '../store/ids.ts';
import type { Attachment } from '../store/item.ts';
import { checkObject, isObject } from './check.ts';

const typesByExtension: Record<string, string> = {
  txt: 'text/plain',
  htm: 'text/html',
  html: 'text/html',
  csv: 'text/csv',
  pdf: 'application/pdf',
  png: 'image/png',
  gif: 'image/gif',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  zip: 'application/zip',
  xml: 'text/xml',
  json: 'application/json',
  eml: 'message/rfc822',
};

export function contentTypeFor(name: string): string {
  const extension = /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return typesByExtension[extension] ?? 'application/octet-stream';
}

const textOrNull = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);

export function readAttachment(value: unknown, now: number): Attachment {
  checkObject(value, 'attachment');
  const name = typeof value['name'] === 'string' ? value['name'] : '';
  if (name === '') throw errors.emptyParameter('Name');
  const kind = /fileAttachment$/i.test(String(value['@odata.type']))
    ? 'file'
    : /itemAttachment$/i.test(String(value['@odata.type']))
      ? 'item'
      : 'reference';
  const common = { id: newAttachmentId(), kind, name, isInline: value['isInline'] === true, lastModified: now } as const;
  if (kind === 'file') {
    if (typeof value['contentBytes'] !== 'string' || value['contentBytes'] === '') throw errors.requiredPropertyMissing();
    return {
      ...common,
      contentType: textOrNull(value['contentType']) ?? contentTypeFor(name),
      contentId: textOrNull(value['contentId']),
      content: Buffer.from(value['contentBytes'], 'base64'),
    };
  }
  if (kind === 'item') {
    if (!isObject(value['item'])) throw errors.emptyParameter('Item');
    const item = value['item'];
    checkObject(item, 'outlookItem');
    return { ...common, contentType: null, contentId: null, content: Buffer.from(JSON.stringify(item)), item };
  }
  return { ...common, contentType: textOrNull(value['contentType']), contentId: null, content: Buffer.alloc(0) };
}
