// What the page shows, as the query of its address: each view can be shared, reloaded and gone back to.

export const pages = ['mail', 'faults', 'deliveries'] as const;
export const forms = ['html', 'text', 'source', 'headers', 'attachments'] as const;
export type Form = (typeof forms)[number];

export interface View {
  readonly page: (typeof pages)[number];
  readonly q: string;
  readonly mailbox: string;
  readonly folder: string;
  /** `{address}/{key}` of the open mail; empty: none. */
  readonly mail: string;
  /** Empty: HTML if the mail has it, or text. */
  readonly form: Form | '';
  /** Deep links: a value of an x- header or extended property, and a Message-ID. */
  readonly mark: string;
  readonly messageId: string;
}

const names: readonly (readonly [keyof View, string])[] = [
  ['page', 'page'],
  ['q', 'q'],
  ['mark', 'mark'],
  ['messageId', 'message-id'],
  ['mailbox', 'mailbox'],
  ['folder', 'folder'],
  ['mail', 'mail'],
  ['form', 'view'],
];

const oneOf = <Value extends string, Other>(values: readonly Value[], text: string, otherwise: Other): Value | Other =>
  values.find((value) => value === text) ?? otherwise;

export function readView(search: string): View {
  const query = new URLSearchParams(search);
  const [page, q, mark, messageId, mailbox, folder, mail, form] = names.map(([, name]) => query.get(name) ?? '') as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return { page: oneOf(pages, page, 'mail'), q, mark, messageId, mailbox, folder, mail, form: oneOf(forms, form, '') };
}

export function addressOf(view: View): string {
  const query = new URLSearchParams();
  for (const [key, name] of names) {
    const value = view[key];
    if (value !== '' && !(key === 'page' && value === 'mail')) query.set(name, value);
  }
  const text = query.toString();
  return text === '' ? '/mailbox' : `/mailbox?${text}`;
}

const quoted = (text: string): string => `"${text.replaceAll('"', '')}"`;

/** What the list is searched by. */
export function searchOf({ q, mark, messageId }: View): string {
  const bare = messageId.replace(/^<|>$/g, '');
  return [q, mark && `mark:${quoted(mark)}`, bare && `message-id:${quoted(bare)}`].filter((part) => part !== '').join(' ');
}

export const keyOf = ({ mailbox, key }: { mailbox: string; key: number }): string => `${mailbox}/${key}`;

/** The sender's own copy comes first. */
const order = ['Sent Items', 'Drafts', 'Outbox'];

/** Which of the mails a deep link opens. */
export function bestCopy<Mail extends { folder: string }>(mails: readonly Mail[]): Mail | undefined {
  const rank = ({ folder }: Mail) => (order.includes(folder) ? order.indexOf(folder) : order.length);
  return [...mails].sort((a, b) => rank(a) - rank(b))[0];
}

/** The list behind an open mail. What a deep link was looking for stays as a search: the link itself would open the mail again. */
export const closed = (view: View): View => ({ ...view, mail: '', form: '', q: searchOf(view), mark: '', messageId: '' });

/** The list of one Message-ID, whatever else the page shows. */
export const viewOfMessageId = (messageId: string): View => ({ ...readView(''), messageId });
