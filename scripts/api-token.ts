// The access token with which a person calls the queue's API: given on the command line, from their own sign-in, or from the local stack's tenant.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CommandError, tokenFor } from './sign-in.ts';

/** Where `npm start` leaves its URLs. */
export const STATE = fileURLToPath(new URL('../dist/local-stack.json', import.meta.url));

export interface TokenOptions {
  /** The app. */
  url: string;
  token: string;
  scope?: string | undefined;
  /** State file of the local stack, and the application of its tenant. */
  state: string;
  app: string;
}

/** The local stack's own tenant gives a token to anybody. Undefined if no stack is known. */
async function localToken({ state, app }: TokenOptions): Promise<string | undefined> {
  let graph: string | undefined;
  try {
    graph = (JSON.parse(readFileSync(state, 'utf8')) as { urls: Record<string, string> }).urls['graph'];
  } catch {
    return undefined;
  }
  const response = await fetch(`${graph}/control/token`, {
    method: 'POST',
    body: JSON.stringify({ application: app, resource: 'api://graph-mail-queue' }),
  });
  if (!response.ok) throw new CommandError(`The local stack gives no token to ${app}: ${response.status}`);
  return ((await response.json()) as { access_token: string }).access_token;
}

/** Throws CommandError with what to do in three lines. */
export async function apiToken(options: TokenOptions): Promise<string> {
  if (options.token) return options.token;
  if (options.scope !== undefined) return tokenFor(options.scope);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(new URL(options.url).hostname);
  const local = isLocal ? await localToken(options) : undefined;
  if (local !== undefined) return local;
  throw new CommandError(
    'The app asks for an access token.\nGive --scope api://APPLICATION_ID/.default, and sign in first (az login).\ninfra/rights/register-api.ps1 prints the scope.',
  );
}
