// The forms in which a mail is shown: HTML in a frame that can do nothing, text, source, header fields, attachments.
import type { MailFacts } from '../shapes.ts';
import { mailPath } from './api.ts';
import { element, keepCurrent } from './dom.ts';
import { sizeText } from './moments.ts';
import { addressOf, type Form, forms, keyOf, type View } from './view-state.ts';
import { visible, visibleLine } from './visible.ts';

const titles: Readonly<Record<Form, string>> = {
  html: 'HTML',
  text: 'Text',
  source: 'Source',
  headers: 'Headers',
  attachments: 'Attachments',
};

const isThere = (form: Form, mail: MailFacts): boolean => form !== 'html' || mail.hasHtml;

export function formOf(mail: MailFacts, { form }: View): Form {
  return form !== '' && isThere(form, mail) ? form : mail.hasHtml ? 'html' : 'text';
}

export function formLinks(mail: MailFacts, view: View, current: Form): HTMLElement {
  const links = forms
    .filter((form) => isThere(form, mail))
    .map((form) => {
      const text = form === 'attachments' ? `${titles[form]} (${mail.attachments.length})` : titles[form];
      return element('a', { href: addressOf({ ...view, form }), id: `form-${form}`, 'aria-current': form === current && 'page' }, text);
    });
  return element('nav', { 'aria-label': 'Forms of the mail', class: 'tabs' }, ...links);
}

const plain = (text: string, label: string): HTMLElement =>
  element('pre', { tabindex: 0, role: 'region', 'aria-label': label, dir: 'auto' }, visible(text));

function htmlFrame(path: string): HTMLElement {
  const frame = element('iframe', { title: 'The HTML of the mail', sandbox: '', referrerpolicy: 'no-referrer' });
  frame.src = path;
  return frame;
}

const download = (path: string, text: string): HTMLElement => element('a', { href: path, download: true }, text);

async function sourceOf(path: string): Promise<HTMLElement[]> {
  const answer = await fetch(`${path}/source`);
  const text = await answer.text();
  if (!answer.ok) return [element('p', {}, `The source cannot be read: ${answer.status} ${text}`)];
  const total = Number(answer.headers.get('X-Total-Bytes') ?? text.length);
  const isCut = total > new TextEncoder().encode(text).length;
  const about = element(
    'p',
    {},
    isCut && 'Only the beginning is shown. ',
    download(`${path}/download`, `Download the whole mail (${sizeText(total)})`),
  );
  return [about, plain(text, 'Source')];
}

/** It takes the place of `placeholder`, unless something else has by then. */
async function showSource(placeholder: HTMLElement, path: string): Promise<void> {
  try {
    placeholder.replaceWith(...(await sourceOf(path)));
  } catch (error) {
    placeholder.textContent = `The source cannot be read: ${(error as Error).message}`;
  }
}

function headerTable({ headers, properties }: MailFacts): HTMLElement[] {
  const table = (caption: string, rows: MailFacts['headers']) =>
    element(
      'table',
      {},
      element('caption', {}, caption),
      element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Name'), element('th', { scope: 'col' }, 'Value'))),
      element(
        'tbody',
        {},
        ...rows.map(({ name, value }) =>
          element('tr', {}, element('th', { scope: 'row' }, visible(name)), element('td', {}, element('bdi', {}, visible(value)))),
        ),
      ),
    );
  return [table('Header fields', headers), ...(properties.length === 0 ? [] : [table('Extended properties', properties)])];
}

function attachmentList({ attachments }: MailFacts, path: string): HTMLElement {
  if (attachments.length === 0) return element('p', {}, 'The mail has no attachments.');
  const items = attachments.map(({ name, contentType, size, isInline }, index) =>
    element(
      'li',
      {},
      download(`${path}/attachments/${index}`, visibleLine(name) || `attachment ${index + 1}`),
      ` ${visibleLine(contentType ?? '')}, ${sizeText(size)}${isInline ? ', inline' : ''}`,
    ),
  );
  return element('ul', { class: 'attachments' }, ...items);
}

export function showForm(parent: HTMLElement, mail: MailFacts, form: Form): void {
  const path = `/viewer/${mailPath(keyOf(mail))}`;
  keepCurrent(parent, [keyOf(mail), mail.version, form], () => {
    if (form === 'html') return [htmlFrame(`${path}/body`)];
    if (form === 'headers') return headerTable(mail);
    if (form === 'attachments') return [attachmentList(mail, path)];
    if (form === 'text')
      return [mail.isTextCut && element('p', {}, 'Only the beginning is shown. The source has all of it.'), plain(mail.text, 'Text')];
    const placeholder = element('p', {}, 'The source is being read.');
    void showSource(placeholder, path);
    return [placeholder];
  });
}
