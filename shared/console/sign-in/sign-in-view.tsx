// The page before anybody has signed in.
import { useState } from 'preact/hooks';
import type { Session, SessionStart } from './session.ts';

interface Props {
  start: SessionStart;
  began: (session: Session) => void;
}

function KeyForm({ take, began }: { take: (key: string) => Session; began: Props['began'] }) {
  const [key, setKey] = useState('');
  const use = (event: Event) => {
    event.preventDefault();
    if (key.trim() !== '') began(take(key.trim()));
  };
  return (
    <form onSubmit={use}>
      <p>
        Callers prove who they are with a key of the function app. The lists of all mailboxes, pauses and actions need the master key. The
        page keeps the key in memory only: it is gone when the page is closed or loaded again.
      </p>
      <label>
        Key of the function app
        <input type="password" value={key} onInput={({ currentTarget }) => setKey(currentTarget.value)} autocomplete="off" required />
      </label>
      <button type="submit">Use this key</button>
    </form>
  );
}

export function SignInView({ start, began }: Props) {
  const [trouble, setTrouble] = useState<string | undefined>(undefined);
  const signIn = (go: () => Promise<void>) => {
    setTrouble(undefined);
    go().catch((error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)));
  };
  return (
    <main class="sign-in">
      <h1>Mail queue</h1>
      {start.kind === 'keyWanted' && <KeyForm take={start.take} began={began} />}
      {start.kind === 'signedOut' && (
        <>
          <p>Sign in with your account of Microsoft Entra ID. What you see and do depends on the roles that you were given.</p>
          <button type="button" onClick={() => signIn(start.signIn)}>
            Sign in
          </button>
        </>
      )}
      {start.kind === 'impossible' && (
        <div class="trouble" role="alert">
          <h2>You cannot sign in</h2>
          <p>{start.why}</p>
          <button type="button" onClick={() => location.reload()}>
            Try again
          </button>
        </div>
      )}
      {trouble !== undefined && (
        <div class="trouble" role="alert">
          <h2>The sign-in failed</h2>
          <p>{trouble}</p>
        </div>
      )}
    </main>
  );
}
