// A message as Graph shows it, as a copy that may vouch for a send request.

import type { MailboxCopy } from '../../domain/doubt/copies.ts';
import { MARK_HEADER, MARK_PROPERTY } from '../../domain/doubt/marks.ts';
import type { Recipient, RecipientType } from '../../domain/log/send-request.ts';

interface GraphAddress {
  emailAddress?: { address?: unknown };
}

export interface GraphMessage {
  id?: unknown;
  internetMessageId?: unknown;
  isDraft?: unknown;
  createdDateTime?: unknown;
  parentFolderId?: unknown;
  webLink?: unknown;
  receivedDateTime?: unknown;
  subject?: unknown;
  body?: { contentType?: unknown; content?: unknown } | null;
  from?: GraphAddress | null;
  sender?: GraphAddress | null;
  toRecipients?: unknown;
  ccRecipients?: unknown;
  bccRecipients?: unknown;
  internetMessageHeaders?: readonly { name?: unknown; value?: unknown }[];
  singleValueExtendedProperties?: readonly { id?: unknown; value?: unknown }[];
  '@removed'?: unknown;
}

export const COPY_PROPERTIES = 'id,internetMessageId,isDraft,createdDateTime,parentFolderId,webLink';

/** What is asked of an item by itself: also to whom it goes. */
export const ITEM_PROPERTIES = `${COPY_PROPERTIES},subject,from,sender,toRecipients,ccRecipients,bccRecipients`;

/** PidTagMessageFlags; mfSubmitted is bit 2 (MS-OXCMSG 2.2.1.6). */
export const MESSAGE_FLAGS = 'Integer 0x0E07';
const SUBMITTED = 4;

/** PidTagMessageClass. */
export const MESSAGE_CLASS = 'String 0x001A';

/** Ids come back in another spelling than they were asked for: hexadecimal without leading zeros, letters in another case. */
const sameProperty = (a: string, b: string): boolean => plainId(a) === plainId(b);
const plainId = (id: string): string => id.toLowerCase().replace(/0x0+/, '0x');

export function propertyOf(message: GraphMessage, id: string): string | undefined {
  const found = message.singleValueExtendedProperties?.find((property) => typeof property.id === 'string' && sameProperty(property.id, id));
  return typeof found?.value === 'string' ? found.value : undefined;
}

const markOf = ({ singleValueExtendedProperties }: GraphMessage): string | undefined => {
  const isMark = (id: string) => sameProperty(id, MARK_PROPERTY) || id.toLowerCase().endsWith(`name ${MARK_HEADER}`);
  const value = singleValueExtendedProperties?.find(({ id }) => typeof id === 'string' && isMark(id))?.value;
  return typeof value === 'string' && value ? value.trim() : undefined;
};

const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined);

const addressOf = (recipient: GraphAddress | null | undefined): string | undefined => text(recipient?.emailAddress?.address)?.trim();

/** Undefined if the answer doesn't name them. */
function recipientsOf({ toRecipients, ccRecipients, bccRecipients }: GraphMessage): Recipient[] | undefined {
  if (!Array.isArray(toRecipients)) return undefined;
  const of = (list: unknown, type: RecipientType): Recipient[] =>
    (Array.isArray(list) ? (list as GraphAddress[]) : []).flatMap((one) => {
      const address = addressOf(one);
      return address ? [{ address, type }] : [];
    });
  return [...of(toRecipients, 'to'), ...of(ccRecipients, 'cc'), ...of(bccRecipients, 'bcc')];
}

function about(message: GraphMessage): Pick<MailboxCopy, 'subject' | 'from' | 'sender' | 'recipients'> {
  const [subject, recipients] = [text(message.subject), recipientsOf(message)];
  const [from, sender] = [addressOf(message.from), addressOf(message.sender)];
  return {
    ...(subject !== undefined && { subject }),
    ...(from !== undefined && { from }),
    ...(sender !== undefined && { sender }),
    ...(recipients && { recipients }),
  };
}

/** Undefined if it has no id. What an update in a delta query leaves out comes out as "not a draft, creation time unknown". */
export function toCopy(message: GraphMessage): MailboxCopy | undefined {
  const id = text(message.id);
  if (id === undefined) return undefined;
  const [internetMessageId, parentFolderId, webLink] = [
    text(message.internetMessageId),
    text(message.parentFolderId),
    text(message.webLink),
  ];
  const mark = markOf(message);
  const flags = propertyOf(message, MESSAGE_FLAGS);
  return {
    id,
    isDraft: message.isDraft === true,
    createdDateTime: text(message.createdDateTime) ?? '',
    ...(internetMessageId !== undefined && { internetMessageId }),
    ...(mark !== undefined && { mark }),
    ...(flags !== undefined && { isSubmitted: (Number(flags) & SUBMITTED) !== 0 }),
    ...(parentFolderId !== undefined && { parentFolderId }),
    ...(webLink !== undefined && { webLink }),
    ...about(message),
  };
}
