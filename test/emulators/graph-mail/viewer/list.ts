// The viewer's list: all mail of all mailboxes, newest first, narrowed by mailbox, folder and search.
import { htmlToText } from '../mime/html-to-text.ts';
import { isoDate } from '../odata/represent.ts';
import type { EmulatorState } from '../state.ts';
import type { Item } from '../store/item.ts';
import type { Mailbox } from '../store/mailbox.ts';
import { marksOf } from '../transport/journal.ts';
import { meetsSearch, parseSearch, type Searched } from './search.ts';
import type { ListedMail, MailList } from './shapes.ts';

const PAGE = 50;
const LARGEST_PAGE = 1000;
/** Characters of a body that are read as text. */
const LONGEST_TEXT = 1_000_000;

const texts = new WeakMap<Item, { version: number; text: string }>();

export function textOf(item: Item): string {
  const known = texts.get(item);
  if (known?.version === item.version) return known.text;
  const content = item.body.content.slice(0, LONGEST_TEXT);
  const text = item.body.contentType === 'html' ? htmlToText(content) : content;
  texts.set(item, { version: item.version, text });
  return text;
}

function searchedOf(item: Item): Searched {
  const { properties, headers } = marksOf(item);
  const people = [...item.toRecipients, ...item.ccRecipients, ...item.bccRecipients];
  const lines = {
    from: item.from === null ? '' : `${item.from.name} ${item.from.address}`,
    to: people.map(({ name, address }) => `${name} ${address}`).join('\n'),
    subject: item.subject,
    text: textOf(item),
    'message-id': item.internetMessageId,
    mark: [...Object.values(properties), ...Object.values(headers)].join('\n'),
  };
  return Object.fromEntries(Object.entries(lines).map(([name, text]) => [name, text.toLowerCase()])) as unknown as Searched;
}

export const folderName = (mailbox: Mailbox, item: Item): string => mailbox.folders.get(item.folderId)?.displayName ?? '';

function listed(mailbox: Mailbox, item: Item): ListedMail {
  return {
    mailbox: mailbox.address,
    key: item.key,
    folder: folderName(mailbox, item),
    subject: item.subject.slice(0, 500),
    from: item.from?.address ?? '',
    to: [...item.toRecipients, ...item.ccRecipients, ...item.bccRecipients].slice(0, 20).map(({ address }) => address),
    preview: textOf(item).slice(0, 200),
    receivedDateTime: isoDate(item.receivedDateTime),
    itemClass: item.itemClass,
    isDraft: item.isDraft,
    isRead: item.isRead,
    submitted: item.submitted,
    attachments: item.attachments.length,
  };
}

function wanted(text: string | undefined): number {
  const top = Number(text ?? PAGE);
  return Number.isInteger(top) && top > 0 ? Math.min(top, LARGEST_PAGE) : PAGE;
}

/** Query: `q` (see search.ts), `mailbox` (its address), `folder` (its name), `top`. `count` is the number of all that match. */
export function listMails(state: EmulatorState, query: ReadonlyMap<string, string>): MailList {
  const terms = parseSearch(query.get('q') ?? '');
  const [address, folder] = [query.get('mailbox'), query.get('folder')];
  const found: { mailbox: Mailbox; item: Item }[] = [];
  for (const mailbox of state.directory.list()) {
    if (address && !mailbox.owns(address)) continue;
    for (const item of mailbox.items.values()) {
      if (folder && folderName(mailbox, item) !== folder) continue;
      if (terms.length === 0 || meetsSearch(terms, searchedOf(item))) found.push({ mailbox, item });
    }
  }
  found.sort((a, b) => b.item.receivedDateTime - a.item.receivedDateTime || b.item.key - a.item.key);
  return { count: found.length, value: found.slice(0, wanted(query.get('top'))).map(({ mailbox, item }) => listed(mailbox, item)) };
}
