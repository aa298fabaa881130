// What the browser remembers: the theme, and whether single-key shortcuts act.
import { byId, element } from './dom.ts';
import { shortcuts } from './shortcuts.ts';

const THEME = 'graph-mail-theme';
const SHORTCUTS = 'graph-mail-shortcuts';

export const shortcutsAreOn = (): boolean => localStorage.getItem(SHORTCUTS) !== 'off';

function applyTheme(theme: string): void {
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;
  else delete document.documentElement.dataset['theme'];
}

export function startTheme(): void {
  const select = byId('theme') as HTMLSelectElement;
  select.value = localStorage.getItem(THEME) ?? 'system';
  applyTheme(select.value);
  select.addEventListener('change', () => {
    localStorage.setItem(THEME, select.value);
    applyTheme(select.value);
  });
}

export function startHelp(): void {
  const dialog = byId('help') as HTMLDialogElement;
  const toggle = element('input', {
    type: 'checkbox',
    checked: shortcutsAreOn(),
    change: () => localStorage.setItem(SHORTCUTS, toggle.checked ? 'on' : 'off'),
  });
  dialog.replaceChildren(
    element('h2', { id: 'help-title' }, 'Help'),
    element('dl', {}, ...shortcuts.flatMap(({ keys, does }) => [element('dt', {}, element('kbd', {}, keys)), element('dd', {}, does)])),
    element('p', {}, element('label', {}, toggle, ' Single keys act')),
    element(
      'p',
      {},
      'The search takes words, "words in quotation marks", and from:, to:, subject:, text:, message-id: and mark: before a word. All must be in a mail.',
    ),
    element('button', { type: 'button', click: () => dialog.close() }, 'Close'),
  );
  byId('help-button').addEventListener('click', () => dialog.showModal());
}

export const openHelp = (): void => (byId('help') as HTMLDialogElement).showModal();
