// The mailbox viewer's page: what it shows follows from its address, and is read again whenever the emulator says that something has changed.
import type { Deliveries, Overview } from '../shapes.ts';
import { read } from './api.ts';
import { mountDeliveries, showDeliveries } from './deliveries-view.ts';
import { byId, element, keepCurrent } from './dom.ts';
import { mountFaults, showFaults } from './faults-view.ts';
import { rowId } from './list-view.ts';
import { followChanges } from './live.ts';
import { type Go, mountMail, showMailPage, step } from './mail-page.ts';
import { openHelp, shortcutsAreOn, startHelp, startTheme } from './preferences.ts';
import { actionOf } from './shortcuts.ts';
import { addressOf, closed, readView, type View } from './view-state.ts';

const main = byId('main');
let view = readView(location.search);
let mounted = '';
/** What gets the focus once it is there. */
let focusNext = '';
let isReading = false;
let isStale = false;

const titles = { mail: 'Mail', faults: 'Faults and holds', deliveries: 'Handed on' } as const;

function showPages(): void {
  document.title = `${titles[view.page]} – Graph mail emulator`;
  keepCurrent(byId('pages'), view.page, () =>
    (Object.keys(titles) as View['page'][]).map((page) =>
      element('a', { href: addressOf({ ...readView(''), page }), 'aria-current': page === view.page && 'page' }, titles[page]),
    ),
  );
}

function mount(): void {
  if (mounted === view.page) return;
  mounted = view.page;
  document.body.dataset['page'] = view.page;
  if (view.page === 'mail') mountMail(main, view, go);
  else if (view.page === 'faults') mountFaults(main);
  else mountDeliveries(main);
}

async function show(): Promise<void> {
  showPages();
  mount();
  const overview = await read<Overview>('overview');
  byId('clock').textContent = overview.isFrozen ? `The clock stands at ${overview.now}.` : '';
  if (view.page === 'mail') await showMailPage(overview, view, go);
  else if (view.page === 'faults') showFaults(overview);
  else showDeliveries(await read<Deliveries>('deliveries'));
  const wanted = focusNext === '' ? null : document.getElementById(focusNext);
  wanted?.focus();
  if (wanted !== null) focusNext = '';
}

/** One at a time; what changes in between is read right after. */
async function refresh(): Promise<void> {
  isStale = true;
  if (isReading) return;
  isReading = true;
  try {
    while (isStale) {
      isStale = false;
      await show();
    }
  } catch (error) {
    byId('connection').textContent = `The emulator does not answer. (${(error as Error).message})`;
  } finally {
    isReading = false;
  }
}

const go: Go = (change, how = 'push') => {
  const before = view;
  view = { ...view, ...change };
  if (how === 'push') history.pushState(null, '', addressOf(view));
  else history.replaceState(null, '', addressOf(view));
  if (view.page !== before.page) focusNext = view.page === 'mail' ? 'search' : 'title';
  else if (view.mail !== before.mail && view.mail !== '') focusNext = 'subject';
  else if (before.mail !== '' && view.mail === '') focusNext = rowId(before.mail);
  void refresh();
};

/** Links within the page change its address without loading it anew; a modified click does what it does anywhere. */
function follow(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (link.origin !== location.origin || link.pathname !== '/mailbox' || link.hash !== '') return;
  event.preventDefault();
  go(readView(link.search));
}

function press(event: KeyboardEvent): void {
  if ((byId('help') as HTMLDialogElement).open) return;
  const target = event.target as HTMLElement;
  const action = actionOf(event, /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName), shortcutsAreOn());
  if (action === undefined) return;
  if (action !== 'help' && view.page !== 'mail') return;
  event.preventDefault();
  if (action === 'help') openHelp();
  else if (action === 'search') byId('search').focus();
  else if (action === 'next') step(1, view, go);
  else if (action === 'previous') step(-1, view, go);
  else if (target.id === 'search') target.blur();
  else if (view.mail !== '') go(closed(view));
}

startTheme();
startHelp();
document.addEventListener('click', follow);
document.addEventListener('keydown', press);
window.addEventListener('popstate', () => {
  view = readView(location.search);
  void refresh();
});
followChanges(refresh, (text) => {
  byId('connection').textContent = text;
});
void refresh();
