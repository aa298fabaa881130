// A link from a mail to another page that knows it: by a value that somebody has put into the mail as x- header or extended property.
import { errors } from '../http/errors.ts';
import type { EmulatorState } from '../state.ts';
import type { Item } from '../store/item.ts';
import type { Mailbox } from '../store/mailbox.ts';
import { marksOf } from '../transport/journal.ts';
import type { Json } from '../validation/check.ts';
import { normalisePropertyId } from '../validation/extended-properties.ts';

export interface MailLink {
  /** What the link says. */
  readonly text: string;
  /** `{mailbox}` is the address of the mailbox that has submitted the mail, `{mark}` the value. */
  readonly url: string;
  /** Names of x- headers and ids of extended properties; the first that a mail has counts. */
  readonly marks: readonly string[];
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Reads what the control API takes; null removes the link. */
export function readMailLink(json: Json): MailLink | null {
  const { text, url, marks } = json;
  if (url === null) return null;
  if (!isText(text)) throw errors.invalidArgument('A link has a text.');
  if (!isText(url) || !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
    throw errors.invalidArgument('A link has a url of http or https.');
  if (!Array.isArray(marks) || !marks.every(isText))
    throw errors.invalidArgument('A link has marks: names of x- headers and ids of extended properties.');
  return { text, url, marks };
}

function markOf(item: Item, names: readonly string[]): string | undefined {
  const { headers, properties } = marksOf(item);
  const values = names.map((name) => headers[name.toLowerCase()] ?? properties[normalisePropertyId(name) ?? name]);
  return values.find((value) => value !== undefined && value !== '');
}

/** The link of a mail; null if it has no mark, or nobody here has submitted it. */
export function linkOf(state: EmulatorState, mailbox: Mailbox, item: Item): { text: string; url: string } | null {
  const { mailLink } = state;
  const mark = mailLink === null ? undefined : markOf(item, mailLink.marks);
  if (mailLink === null || mark === undefined) return null;
  const sender = item.received ? state.journal.list({ mark })[0]?.mailbox : mailbox.address;
  if (sender === undefined) return null;
  const fill = (template: string) =>
    template.replaceAll('{mailbox}', encodeURIComponent(sender)).replaceAll('{mark}', encodeURIComponent(mark));
  return { text: mailLink.text, url: fill(mailLink.url) };
}
