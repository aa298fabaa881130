// The page with the list and the open mail.
import type { MailFacts, MailList, Overview } from '../shapes.ts';
import { mailPath, read } from './api.ts';
import { byId, element } from './dom.ts';
import { rowId, showFilters, showList } from './list-view.ts';
import { showMail, showNoMail } from './mail-view.ts';
import { bestCopy, keyOf, searchOf, type View } from './view-state.ts';

/** Changes what the page shows; `replace`: without a step in the browser's history. */
export type Go = (change: Partial<View>, how?: 'push' | 'replace') => void;

const PAGE = 50;
const TYPING_PAUSE = 120;
let top = PAGE;
let listed: MailList = { count: 0, value: [] };

export function mountMail(main: HTMLElement, view: View, go: Go): void {
  let typing: ReturnType<typeof setTimeout> | undefined;
  const narrow = (change: Partial<View>) => {
    top = PAGE;
    go({ ...change, mark: '', messageId: '' }, 'replace');
  };
  const search = element('input', {
    type: 'search',
    id: 'search',
    value: searchOf(view),
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: 500,
    'aria-keyshortcuts': '/',
    input: () => {
      clearTimeout(typing);
      typing = setTimeout(() => narrow({ q: search.value }), TYPING_PAUSE);
    },
  });
  const chosen = (event: Event): string => (event.target as HTMLSelectElement).value;
  const mailboxes = element('select', { id: 'mailbox', change: (event) => narrow({ mailbox: chosen(event) }) });
  const folders = element('select', { id: 'folder', change: (event) => narrow({ folder: chosen(event) }) });
  const form = element(
    'form',
    { role: 'search', class: 'fields', submit: (event) => event.preventDefault() },
    element('label', { class: 'wide' }, 'Search ', search),
    element('label', {}, 'Mailbox ', mailboxes),
    element('label', {}, 'Folder ', folders),
  );
  main.replaceChildren(
    element('h1', { class: 'unseen' }, 'Mail'),
    form,
    element(
      'section',
      { id: 'list', 'aria-label': 'Mails' },
      element('p', { id: 'count', role: 'status' }),
      element('div', { id: 'rows' }),
    ),
    element('article', { id: 'mail', 'aria-label': 'The open mail' }, element('div', { id: 'about' }), element('div', { id: 'content' })),
  );
}

async function showOpenMail(view: View): Promise<void> {
  const [about, content] = [byId('about'), byId('content')];
  if (view.mail === '') return showNoMail(about, content, '', view);
  try {
    showMail(about, content, await read<MailFacts>(mailPath(view.mail)), view);
  } catch (error) {
    // The connection is another matter, and the header says so.
    if (error instanceof TypeError) throw error;
    showNoMail(about, content, (error as Error).message, view);
  }
}

/** The path of the list that a view asks for. */
function listPath(view: View): string {
  const query = new URLSearchParams({ q: searchOf(view), mailbox: view.mailbox, folder: view.folder, top: String(top) });
  return `mails?${query}`;
}

export async function showMailPage(overview: Overview, view: View, go: Go): Promise<void> {
  listed = await read<MailList>(listPath(view));
  const best = view.mail === '' && (view.mark !== '' || view.messageId !== '') ? bestCopy(listed.value) : undefined;
  if (best !== undefined) return go({ mail: keyOf(best) }, 'replace');
  document.body.dataset['mail'] = view.mail === '' ? 'closed' : 'open';
  const search = byId('search') as HTMLInputElement;
  if (document.activeElement !== search) search.value = searchOf(view);
  showFilters(byId('mailbox'), byId('folder'), overview, view);
  showList(byId('rows'), byId('count'), listed, view, () => {
    top += PAGE;
    go({}, 'replace');
  });
  await showOpenMail(view);
}

/** With an open mail the next one is opened; without, the focus moves. */
export function step(by: 1 | -1, view: View, go: Go): void {
  const keys = listed.value.map(keyOf);
  const focused = document.activeElement?.id ?? '';
  const current = view.mail === '' ? keys.findIndex((key) => rowId(key) === focused) : keys.indexOf(view.mail);
  const next = keys[current === -1 ? 0 : Math.min(Math.max(current + by, 0), keys.length - 1)];
  if (next === undefined) return;
  if (view.mail === '') document.getElementById(rowId(next))?.focus();
  else if (next !== view.mail) go({ mail: next });
}
