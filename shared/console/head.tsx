// The head of the page: where one is, one box to find mail with, and who one is.
import { useEffect, useRef } from 'preact/hooks';
import { useSurroundings } from './parts/context.ts';
import { fragmentOf, type PagePlace } from './place.ts';
import { guess } from './search/fields.ts';

const VIEWS: readonly { view: PagePlace['view']; name: string; href: string }[] = [
  { view: 'overview', name: 'Overview', href: '#/' },
  { view: 'find', name: 'Find', href: '#/find' },
  { view: 'pauses', name: 'Limits and pauses', href: '#/pauses' },
];

function QuickFind() {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      box.current?.focus();
    };
    addEventListener('keydown', focus);
    return () => removeEventListener('keydown', focus);
  }, []);
  const find = (event: Event) => {
    event.preventDefault();
    const text = box.current?.value ?? '';
    if (text.trim() !== '') location.hash = fragmentOf({ view: 'find', search: guess(text) });
  };
  return (
    <search class="quick">
      <form onSubmit={find}>
        <input
          ref={box}
          type="search"
          aria-label="Find mail by id, Message-ID, address of a recipient, or words of the subject"
          aria-keyshortcuts="Control+K"
          placeholder="Id, Message-ID, recipient or subject (Ctrl+K)"
          autocomplete="off"
          spellcheck={false}
        />
        <button type="submit">Find</button>
      </form>
    </search>
  );
}

export function Head({ place }: { place: PagePlace }) {
  const { session, config } = useSurroundings();
  return (
    <header>
      <button type="button" class="skip" onClick={skip}>
        To the content
      </button>
      <strong class="name">Mail queue</strong>
      <nav aria-label="Views">
        {VIEWS.map(({ view, name, href }) => (
          <a key={view} href={href} aria-current={place.view === view ? 'page' : undefined}>
            {name}
          </a>
        ))}
        {config.mailboxViewer !== undefined && <a href={`${config.mailboxViewer}/mailbox`}>Mailboxes</a>}
      </nav>
      <QuickFind />
      <p class="who">
        <bdi>{session.who}</bdi>
        {session.signOut && (
          <button type="button" class="small" onClick={() => void session.signOut?.()}>
            Sign out
          </button>
        )}
      </p>
    </header>
  );
}

/** No link: the fragment is the place of the page. */
function skip(): void {
  document.querySelector<HTMLElement>('#main h1')?.focus();
}
