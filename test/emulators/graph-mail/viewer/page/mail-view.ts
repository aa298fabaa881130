// One mail: its facts, what became of its recipients, and links to what belongs to it.
import type { MailFacts } from '../shapes.ts';
import { element, keepCurrent } from './dom.ts';
import { formLinks, formOf, showForm } from './mail-forms.ts';
import { moment, sizeText } from './moments.ts';
import { addressOf, closed, keyOf, type View, viewOfMessageId } from './view-state.ts';
import { visible, visibleLine } from './visible.ts';

type Content = Node | string;

const addresses = (list: readonly string[]): Content | null => (list.length === 0 ? null : element('bdi', {}, visible(list.join(', '))));

function stateOf({ submitted, isDraft, isRead }: MailFacts): string {
  if (submitted) return 'handed to transport, waits in Drafts to be sent';
  if (isDraft) return 'draft';
  return isRead ? 'read' : 'unread';
}

function outcomes({ handedOn }: MailFacts): Content | null {
  if (handedOn.length === 0) return null;
  const rows = handedOn.flatMap(({ handedOnDateTime, recipients }) =>
    recipients.map(({ address, type, outcome, status }) =>
      element(
        'li',
        {},
        element('bdi', {}, visible(address)),
        ` (${type}): ${outcome}${status === null ? '' : ` ${status}`}, `,
        moment(handedOnDateTime),
      ),
    ),
  );
  return element('ul', { class: 'inner' }, ...rows);
}

function copies({ copies: others }: MailFacts, view: View): Content | null {
  if (others.length === 0) return null;
  return element(
    'ul',
    { class: 'inner' },
    ...others.map((copy) =>
      element('li', {}, element('a', { href: addressOf({ ...closed(view), mail: keyOf(copy) }) }, `${copy.folder} of ${copy.mailbox}`)),
    ),
  );
}

function answered({ inReplyTo }: MailFacts): Content | null {
  if (inReplyTo === '') return null;
  return element('a', { href: addressOf(viewOfMessageId(inReplyTo)) }, element('bdi', {}, visibleLine(inReplyTo)));
}

function facts(mail: MailFacts, view: View): HTMLElement {
  const rows: readonly (readonly [string, Content | null])[] = [
    ['From', addresses(mail.from === null ? [] : [mail.from])],
    ['To', addresses(mail.to)],
    ['Cc', addresses(mail.cc)],
    ['Bcc', addresses(mail.bcc)],
    ['Time', moment(mail.receivedDateTime)],
    ['Place', `${mail.folder} of ${mail.mailbox}`],
    ['State', stateOf(mail)],
    ['Size', sizeText(mail.size)],
    ['Item class', mail.itemClass === 'IPM.Note' ? null : mail.itemClass],
    ['Message-ID', element('bdi', {}, visible(mail.internetMessageId))],
    ['Answers', answered(mail)],
    ['Recipients', outcomes(mail)],
    ['Copies', copies(mail, view)],
    ['Elsewhere', mail.link && element('a', { href: mail.link.url, id: 'elsewhere' }, mail.link.text)],
  ];
  const shown = rows.filter((one): one is readonly [string, Content] => one[1] !== null);
  return element('dl', {}, ...shown.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
}

/** `content` is the element below the facts, which is filled by itself: its frame must not load anew with each change around it. */
export function showMail(parent: HTMLElement, content: HTMLElement, mail: MailFacts, view: View): void {
  const form = formOf(mail, view);
  keepCurrent(parent, [mail, view], () => [
    element('a', { href: addressOf(closed(view)), class: 'back' }, '← Back to the list'),
    element('h2', { id: 'subject', tabindex: -1 }, element('bdi', {}, visibleLine(mail.subject, 500) || '(no subject)')),
    facts(mail, view),
    formLinks(mail, view, form),
  ]);
  showForm(content, mail, form);
}

export function showNoMail(parent: HTMLElement, content: HTMLElement, problem: string, view: View): void {
  keepCurrent(parent, [problem, view.mail], () =>
    problem === ''
      ? [element('p', { class: 'hint' }, 'Choose a mail from the list.')]
      : [
          element('a', { href: addressOf(closed(view)), class: 'back' }, '← Back to the list'),
          element('h2', { id: 'subject', tabindex: -1 }, 'This mail is not there'),
          element('p', {}, `${problem} It was deleted, or the emulator was started anew.`),
        ],
  );
  keepCurrent(content, null, () => []);
}
