// The search of the page: its fields, how they stand in the URL, and the filter that they make.
import { STATES } from '../../domain/log/lifecycle.ts';
import { isSendRequestId } from '../../domain/log/send-request-id.ts';

export const FIELDS = [
  'recipient',
  'mailbox',
  'application',
  'subject',
  'messageId',
  'id',
  'status',
  'failures',
  'from',
  'until',
  'after',
] as const;
export type SearchField = (typeof FIELDS)[number];

/** What people look for. Times are RFC 3339 in UTC; `after` is where a page begins. */
export type Search = Readonly<Partial<Record<SearchField, string>>>;

export function searchOf(query: URLSearchParams): Search {
  const found = FIELDS.map((field) => [field, query.get(field)?.trim() ?? ''] as const).filter(([, value]) => value !== '');
  return Object.fromEntries(found);
}

export function queryOf(search: Search): string {
  const query = new URLSearchParams();
  for (const field of FIELDS) if (search[field]) query.set(field, search[field]);
  return query.toString();
}

/** What one box means: an id, a Message-ID, an address, or words of a subject. */
export function guess(text: string): Search {
  const word = text.trim();
  if (word === '') return {};
  if (isSendRequestId(word.toLowerCase())) return { id: word.toLowerCase() };
  if (/^<.*>$/.test(word)) return { messageId: word };
  if (/^[^\s@]+@[^\s@]+$/.test(word)) return { recipient: word };
  return { subject: word };
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function clausesOf(search: Search): string[] {
  const { recipient, mailbox, application, subject, messageId, id, status, failures, from, until } = search;
  return [
    id && `id eq ${quoted(id)}`,
    recipient && `recipient eq ${quoted(recipient)}`,
    mailbox && `mailbox eq ${quoted(mailbox)}`,
    application && `application eq ${quoted(application)}`,
    subject && `contains(subject,${quoted(subject)})`,
    messageId && `internetMessageId eq ${quoted(messageId)}`,
    status && `status eq ${quoted(status)}`,
    failures && 'hasFailures eq true',
    from && `createdDateTime ge ${from}`,
    until && `createdDateTime lt ${until}`,
  ].filter((clause): clause is string => Boolean(clause));
}

/** The filter of the list; empty: everything. */
export const filterOf = (search: Search): string => clausesOf(search).join(' and ');

/** Why a search cannot be made; undefined if it can. */
export function searchProblem({ id, status, from, until }: Search): string | undefined {
  if (id !== undefined && !isSendRequestId(id)) return 'An id has 28 small letters and digits. This one is another text, or is cut off.';
  if (status !== undefined && !(STATES as readonly string[]).includes(status)) return `There is no status ${status}.`;
  for (const time of [from, until])
    if (time !== undefined && !/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(time))
      return `${time} is no time. Example: 2026-01-31T08:00:00Z`;
  return undefined;
}

/** The same search without its page: what an action by filter takes. */
export const withoutPage = ({ after: _, ...search }: Search): Search => search;
