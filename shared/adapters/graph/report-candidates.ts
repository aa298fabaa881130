// Which received mails may be reports, by what a list shows of them: only these are worth reading as MIME.
import { type GraphMessage, MESSAGE_CLASS, propertyOf } from './mailbox-copy.ts';

/** Senders that systems use for reports: RFC 5321 section 4.5.1, RFC 2142, and Exchange's own. */
const DAEMON = /^(mailer-daemon|postmaster|microsoftexchange[0-9a-f]{32}|mail-daemon|maildaemon)@/i;

/** Header fields that reports have and people's mails don't (RFC 3834, RFC 5321 section 4.4, Exim, Exchange). */
const HEADERS: Readonly<Record<string, RegExp>> = {
  'content-type': /^\s*multipart\/report\b/i,
  'return-path': /^\s*<\s*>\s*$/,
  'auto-submitted': /^\s*auto-/i,
  'x-failed-recipients': /./,
  'x-ms-exchange-message-is-ndr': /^/,
};

const isTelling = ({ name, value }: { name?: unknown; value?: unknown }): boolean =>
  typeof name === 'string' && (HEADERS[name.toLowerCase()]?.test(typeof value === 'string' ? value : '') ?? false);

export const itemClassOf = (message: GraphMessage): string | undefined => propertyOf(message, MESSAGE_CLASS);

/** If the header of a mail is not shown, the mail may be a report, unless the mailbox itself sent it. */
export function mayBeReport(message: GraphMessage, sentItemsId?: string): boolean {
  if (message.isDraft === true || (sentItemsId !== undefined && message.parentFolderId === sentItemsId)) return false;
  const itemClass = itemClassOf(message);
  if (itemClass !== undefined && /^report\./i.test(itemClass)) return true;
  if (itemClass !== undefined && !/^ipm\.note(\.|$)/i.test(itemClass)) return false;
  const { from, internetMessageHeaders } = message;
  if (typeof from?.emailAddress?.address === 'string' && DAEMON.test(from.emailAddress.address)) return true;
  return internetMessageHeaders === undefined || internetMessageHeaders.some(isTelling);
}
