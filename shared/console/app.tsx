// The console: starts the session, and shows the view of the place in the URL.
import { render } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ConsoleConfig } from '../ports/console-page.ts';
import { PausesView } from './act/pauses-view.tsx';
import { Client } from './api/client.ts';
import { FindView } from './find/find-view.tsx';
import { Head } from './head.tsx';
import { MailView } from './mail/mail-view.tsx';
import { OverviewView } from './overview/overview-view.tsx';
import { SurroundingsContext } from './parts/context.ts';
import { type PagePlace, placeOfFragment } from './place.ts';
import type { Session, SessionStart } from './sign-in/session.ts';
import { SignInView } from './sign-in/sign-in-view.tsx';
import { startSession } from './sign-in/start-session.ts';

const TITLES: Record<PagePlace['view'], string> = {
  overview: 'Overview',
  find: 'Find',
  mail: 'One mail',
  pauses: 'Limits and pauses',
  unknown: 'No such page',
};

function View({ place }: { place: PagePlace }) {
  switch (place.view) {
    case 'overview':
      return <OverviewView />;
    case 'find':
      return <FindView search={place.search} />;
    case 'mail':
      return <MailView key={`${place.mailbox} ${place.id}`} mailbox={place.mailbox} id={place.id} />;
    case 'pauses':
      return <PausesView />;
    default:
      return (
        <p>
          There is no such page. <a href="#/">To the overview</a>
        </p>
      );
  }
}

function usePlace(): PagePlace {
  const [fragment, setFragment] = useState(location.hash);
  useEffect(() => {
    const follow = () => setFragment(location.hash);
    addEventListener('hashchange', follow);
    // It may have changed since the first render.
    follow();
    return () => removeEventListener('hashchange', follow);
  }, []);
  return useMemo(() => placeOfFragment(fragment), [fragment]);
}

/** What was said last, for those who see it and those who hear it. */
function useSaying(): [string, (text: string) => void] {
  const [said, setSaid] = useState('');
  const say = useCallback((text: string) => setSaid(text), []);
  useEffect(() => {
    if (said === '') return undefined;
    const timer = setTimeout(() => setSaid(''), 6_000);
    return () => clearTimeout(timer);
  }, [said]);
  return [said, say];
}

function Page({ config, session }: { config: ConsoleConfig; session: Session }) {
  const place = usePlace();
  const [said, say] = useSaying();
  const surroundings = useMemo(() => ({ client: new Client(session), session, config, say }), [session, config, say]);
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  useEffect(() => {
    document.title = `${TITLES[place.view]} – Mail queue`;
    // A reader of the screen begins where the new view begins.
    if (!first.current) heading.current?.focus();
    first.current = false;
  }, [place.view]);
  return (
    <SurroundingsContext.Provider value={surroundings}>
      <Head place={place} />
      <main id="main">
        <h1 ref={heading} tabIndex={-1}>
          {TITLES[place.view]}
        </h1>
        <View place={place} />
      </main>
      <p class={said === '' ? 'said' : 'said shown'} role="status">
        {said}
      </p>
    </SurroundingsContext.Provider>
  );
}

function Start({ config, start }: { config: ConsoleConfig; start: SessionStart }) {
  const [session, setSession] = useState(start.kind === 'ready' ? start.session : undefined);
  return session ? <Page config={config} session={session} /> : <SignInView start={start} began={setSession} />;
}

async function begin(root: HTMLElement): Promise<void> {
  const answer = await fetch('/console/config.json');
  if (!answer.ok) throw new Error(`/console/config.json answered ${answer.status}`);
  const config = (await answer.json()) as ConsoleConfig;
  const start = await startSession(config);
  root.replaceChildren();
  render(<Start config={config} start={start} />, root);
}

const root = document.getElementById('console') as HTMLElement;
begin(root).catch((error: unknown) => {
  const text = document.createElement('p');
  text.className = 'start';
  text.setAttribute('role', 'alert');
  text.textContent = `The page cannot start: ${error instanceof Error ? error.message : String(error)}. Reload it.`;
  root.replaceChildren(text);
});
