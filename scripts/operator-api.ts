// Calls of the API's operators' routes from the command line, with the operator's own sign-in. A token is fetched only if the app asks for one.
import { apiToken, STATE } from './api-token.ts';
import { CommandError } from './sign-in.ts';

/** For `parseArgs`. */
export const SIGN_IN_OPTIONS = {
  url: { type: 'string' },
  reason: { type: 'string' },
  scope: { type: 'string' },
  token: { type: 'string', default: process.env['TOKEN'] ?? '' },
  key: { type: 'string' },
  app: { type: 'string', default: 'operator' },
  state: { type: 'string', default: STATE },
} as const;

export interface SignInValues {
  url?: string | undefined;
  scope?: string | undefined;
  token: string;
  key?: string | undefined;
  app: string;
  state: string;
}

/** The app has answered with an error. */
export class Refused extends Error {}

export type Json = Record<string, unknown>;

const ADVICE =
  '\nThis is for operators: infra/rights/register-api.ps1 -Operator OBJECT_ID gives the role SendRequests.Manage.All.\nOnly a new token has the new role; an old token is valid for about an hour.';

/** A call may take as long as the app lets a function run over HTTP. */
const TIMEOUT_MS = 230_000;

export class OperatorApi {
  readonly #values: SignInValues & { url: string };
  #token: string | undefined;

  /** Throws CommandError if the URL of the app is missing. */
  constructor(values: SignInValues) {
    const { url } = values;
    if (!url || !URL.canParse(url)) throw new CommandError('--url takes the URL of the app.');
    this.#values = { ...values, url: url.replace(/\/+$/, '') };
  }

  /** `what`: names the call in an error. Throws Refused. */
  async call(method: 'GET' | 'POST' | 'DELETE', path: string, what: string, order?: Json): Promise<Json> {
    const { url, key } = this.#values;
    const response = await fetch(`${url}/v1.0/${path}`, {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        ...(order && { 'Content-Type': 'application/json' }),
        ...(this.#token !== undefined && { Authorization: `Bearer ${this.#token}` }),
        ...(key !== undefined && { 'x-functions-key': key }),
      },
      ...(order && { body: JSON.stringify(order) }),
    });
    if (response.status === 401 && this.#token === undefined && key === undefined) {
      this.#token = await apiToken(this.#values);
      return this.call(method, path, what, order);
    }
    const text = await response.text();
    const body = response.headers.get('content-type')?.includes('json') ? (JSON.parse(text) as Json) : {};
    if (response.ok) return body;
    const { code, message } = (body['error'] ?? {}) as { code?: string; message?: string };
    const advice = response.status === 401 || response.status === 403 ? ADVICE : '';
    throw new Refused(`${what}: ${response.status} ${code ?? ''} ${message ?? text.slice(0, 200)}`.trim() + advice);
  }
}

/** Says what went wrong, and sets the exit code: 2 for a wrong call or no credentials, 1 for a refusal. */
export function failed(error: unknown): void {
  const { message, cause } = error as Error & { cause?: Error };
  console.error(cause === undefined ? message : `${message}: ${cause.message}`);
  process.exitCode = error instanceof CommandError ? 2 : 1;
}
