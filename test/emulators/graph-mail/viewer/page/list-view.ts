// The list of mails, the search above it, and what each row says.
import type { ListedMail, MailList, Overview } from '../shapes.ts';
import { element, keepCurrent } from './dom.ts';
import { moment } from './moments.ts';
import { addressOf, keyOf, type View } from './view-state.ts';
import { visibleLine } from './visible.ts';

export const rowId = (mail: string): string => `mail-${mail}`;

function badgesOf(mail: ListedMail): string[] {
  const badges: string[] = [];
  if (mail.submitted) badges.push('waits to be sent');
  else if (mail.isDraft) badges.push('draft');
  if (!mail.isRead) badges.push('unread');
  if (mail.itemClass !== 'IPM.Note') badges.push(mail.itemClass.replace('REPORT.IPM.Note.', 'report: '));
  if (mail.attachments > 0) badges.push(mail.attachments === 1 ? '1 attachment' : `${mail.attachments} attachments`);
  return badges;
}

function row(mail: ListedMail, view: View): HTMLElement {
  const key = keyOf(mail);
  const people = mail.to.map((address) => visibleLine(address, 100)).join(', ');
  return element(
    'li',
    {},
    element(
      'a',
      { id: rowId(key), href: addressOf({ ...view, mail: key }), 'aria-current': view.mail === key && 'true' },
      element('bdi', { class: mail.isRead ? 'subject' : 'subject unread' }, visibleLine(mail.subject, 200) || '(no subject)'),
      element(
        'span',
        { class: 'people' },
        element('bdi', {}, visibleLine(mail.from, 100) || '(nobody)'),
        ' → ',
        element('bdi', {}, people || '(nobody)'),
      ),
      element('bdi', { class: 'preview' }, visibleLine(mail.preview, 140)),
      element(
        'span',
        { class: 'facts' },
        moment(mail.receivedDateTime),
        element('span', {}, mail.folder),
        element('span', {}, mail.mailbox),
        ...badgesOf(mail).map((text) => element('span', { class: 'badge' }, text)),
      ),
    ),
  );
}

const counted = (count: number): string => (count === 1 ? '1 mail' : `${count} mails`);

function nothing(view: View): string {
  if (view.mark !== '' || view.messageId !== '') return 'No mail has this mark. It appears here as soon as there is one.';
  return view.q !== '' || view.mailbox !== '' || view.folder !== ''
    ? 'No mail matches.'
    : 'There is no mail yet. It appears here by itself.';
}

/** `count` stays when the list is replaced: otherwise a screen reader would not hear of the change. */
export function showList(parent: HTMLElement, count: HTMLElement, list: MailList, view: View, showMore: () => void): void {
  const told = list.count === 0 ? nothing(view) : counted(list.count);
  if (count.textContent !== told) count.textContent = told;
  keepCurrent(parent, [list, view], () => [
    element('ul', {}, ...list.value.map((mail) => row(mail, view))),
    list.count > list.value.length &&
      element('button', { type: 'button', id: 'more', click: showMore }, `Show more (${list.count - list.value.length} left)`),
  ]);
}

const option = (value: string, text: string, chosen: string): HTMLElement => element('option', { value, selected: value === chosen }, text);

/** Mailboxes and folders with the number of their mails. */
export function showFilters(mailboxes: HTMLElement, folders: HTMLElement, overview: Overview, view: View): void {
  const chosen = overview.mailboxes.filter(({ address }) => view.mailbox === '' || address === view.mailbox);
  const sums = new Map<string, number>();
  for (const { name, items } of chosen.flatMap((one) => one.folders)) sums.set(name, (sums.get(name) ?? 0) + items);
  if (view.folder !== '' && !sums.has(view.folder)) sums.set(view.folder, 0);
  const boxes = overview.mailboxes.map(({ address, state, folders: own }) => {
    const items = own.reduce((sum, folder) => sum + folder.items, 0);
    return { address, text: `${address} (${items})${state === 'ok' ? '' : `, ${state}`}` };
  });
  if (view.mailbox !== '' && chosen.length === 0)
    boxes.push({ address: view.mailbox, text: `${visibleLine(view.mailbox, 60)} (not there)` });
  keepCurrent(mailboxes, [boxes, view.mailbox], () => [
    option('', 'all mailboxes', view.mailbox),
    ...boxes.map(({ address, text }) => option(address, text, view.mailbox)),
  ]);
  keepCurrent(folders, [[...sums], view.folder], () => [
    option('', 'all folders', view.folder),
    ...[...sums].map(([name, items]) => option(name, `${visibleLine(name, 60)} (${items})`, view.folder)),
  ]);
}
