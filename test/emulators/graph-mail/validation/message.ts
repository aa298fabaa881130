// From a checked JSON message to the content of an item.
import { errors } from '../http/errors.ts';
import { type EmailAddress, emptyContent, type MessageContent } from '../store/item.ts';
import { readAttachment } from './attachment.ts';
import { checkObject, isObject, type Json, readEnum } from './check.ts';
import { readExtendedProperties } from './extended-properties.ts';
import { checkHeaders } from './headers.ts';

function readAddress(value: unknown): EmailAddress | null {
  if (!isObject(value) || !isObject(value['emailAddress'])) return null;
  const { address, name } = value['emailAddress'];
  const text = typeof address === 'string' ? address.trim() : '';
  return { address: text, name: typeof name === 'string' && name !== '' ? name : text };
}

export function readAddresses(value: unknown): EmailAddress[] {
  return Array.isArray(value) ? value.map(readAddress).filter((address): address is EmailAddress => address !== null) : [];
}

/** Exchange stores HTML as a whole document (documented example of "create message"). */
export function wholeHtml(content: string): string {
  if (/<html[\s>]/i.test(content)) return content;
  const head = '<html>\r\n<head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\r\n</head>\r\n<body>\r\n';
  return `${head}${content}\r\n</body>\r\n</html>\r\n`;
}

function readBodyProperty(value: unknown): MessageContent['body'] {
  if (!isObject(value)) return { contentType: 'text', content: '' };
  const content = typeof value['content'] === 'string' ? value['content'] : '';
  const type = typeof value['contentType'] === 'string' ? readEnum('bodyType', value['contentType']) : undefined;
  return type === 'html' ? { contentType: 'html', content: wholeHtml(content) } : { contentType: 'text', content };
}

/** Only what the JSON names; read-only properties of the right type are passed over, as Graph does. */
export function readMessageProperties(json: Json, now: number): Partial<MessageContent> {
  checkObject(json, 'message');
  const content: Partial<MessageContent> = {};
  const set = <K extends keyof MessageContent>(name: K, value: MessageContent[K]) => {
    content[name] = value;
  };
  for (const [name, value] of Object.entries(json)) {
    if (name === 'subject') set('subject', typeof value === 'string' ? value : '');
    else if (name === 'body') set('body', readBodyProperty(value));
    else if (name === 'from' || name === 'sender') set(name, readAddress(value));
    else if (name === 'toRecipients' || name === 'ccRecipients' || name === 'bccRecipients' || name === 'replyTo')
      set(name, readAddresses(value));
    else if (name === 'importance') set('importance', readEnum('importance', String(value ?? 'normal')) as MessageContent['importance']);
    else if (name === 'inferenceClassification')
      set(name, readEnum('inferenceClassificationType', String(value ?? 'focused')) as MessageContent['inferenceClassification']);
    else if (name === 'categories') set('categories', (value as string[] | null) ?? []);
    else if (name === 'flag') set('flag', readFlag(value));
    else if (name === 'isRead') set('isRead', value === true);
    else if (name === 'isReadReceiptRequested' || name === 'isDeliveryReceiptRequested') set(name, value === true);
    else if (name === 'internetMessageId' && typeof value === 'string' && value !== '') set('internetMessageId', value);
    else if (name === 'internetMessageHeaders') set('headers', checkHeaders(value));
    else if (name === 'attachments') set('attachments', Array.isArray(value) ? value.map((one) => readAttachment(one, now)) : []);
    else if (name === 'extensions' && value !== null) throw errors.notPlayed('open extensions');
  }
  if ('singleValueExtendedProperties' in json || 'multiValueExtendedProperties' in json) {
    set('extendedProperties', readExtendedProperties(json));
  }
  return content;
}

function readFlag(value: unknown): Record<string, unknown> {
  if (!isObject(value)) return { flagStatus: 'notFlagged' };
  return { ...value, flagStatus: readEnum('followupFlagStatus', String(value['flagStatus'] ?? 'notFlagged')) };
}

export function readMessage(json: Json, now: number): MessageContent {
  return { ...emptyContent(now), ...readMessageProperties(json, now) };
}
