// Who uses the page: how it proves that to the API, and what it may do.
import type { ConsoleConfig } from '../../ports/console-page.ts';

export interface Session {
  /** In words, for the head of the page. */
  who: string;
  /** The roles that the person was given; undefined: the page cannot know. */
  roles: readonly string[] | undefined;
  /** Headers that prove it; undefined: the sign-in has expired. */
  headers(): Promise<Record<string, string> | undefined>;
  /** Ask for it again, and come back to this place. */
  signInAgain(): Promise<void>;
  signOut?(): Promise<void>;
}

export type SessionStart =
  | { kind: 'ready'; session: Session }
  | { kind: 'signedOut'; signIn: () => Promise<void> }
  | { kind: 'keyWanted'; take: (key: string) => Session }
  | { kind: 'impossible'; why: string };

const reload = async (): Promise<void> => location.reload();

export const openSession: Session = {
  who: 'Nobody signs in here: CALLER_AUTH=none',
  roles: undefined,
  headers: async () => ({}),
  signInAgain: reload,
};

/** The key is in this object only: whoever reloads the page gives it again. */
export const keySession = (key: string): Session => ({
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

/** Whether the person has the role; true if the page cannot know: then the API says so. */
export const mayHave = ({ roles }: Session, role: string): boolean => roles === undefined || roles.includes(role);
