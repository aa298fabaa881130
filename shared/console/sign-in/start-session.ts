// Begins a session in the way that the deployment asks for.
import type { ConsoleConfig } from '../../ports/console-page.ts';
import type { Session, SessionStart } from './session.ts';

const reload = async (): Promise<void> => location.reload();

const openSession: Session = {
  who: 'No sign-in: CALLER_AUTH=none',
  roles: undefined,
  headers: async () => ({}),
  signInAgain: reload,
};

/** The key is in this object only: whoever reloads the page gives it again. */
const keySession = (key: string): Session => ({
  who: 'Function key',
  roles: undefined,
  headers: async () => ({ 'x-functions-key': key }),
  signInAgain: reload,
});

export async function startSession({ signIn }: ConsoleConfig): Promise<SessionStart> {
  if (signIn.kind === 'none') return { kind: 'ready', session: openSession };
  if (signIn.kind === 'functionKey') return { kind: 'keyWanted', take: keySession };
  const { authority, clientId, scope } = signIn;
  if (clientId === undefined || scope === undefined) {
    const why =
      'The app does not know with which application people sign in. Set CONSOLE_CLIENT_ID, or put the application id into ENTRA_AUDIENCE.';
    return { kind: 'impossible', why };
  }
  if (!authority.startsWith('https:')) {
    const why = `The sign-in at ${authority} is not over https. On a laptop start the stack with --https.`;
    return { kind: 'impossible', why };
  }
  // Three times as large as the page itself: loaded only if people sign in.
  const { startEntraSession } = await import('./entra.ts');
  return startEntraSession({ authority, clientId, scope });
}
