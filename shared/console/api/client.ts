// Calls of the API as the person who uses the page. Never throws: an answer, or what went wrong.
import type { Session } from '../sign-in/session.ts';
import { type Trouble, troubleOf } from './trouble.ts';

export type ApiAnswer<T> = { ok: true; value: T } | { ok: false; trouble: Trouble };

export const failed = (trouble: Trouble): ApiAnswer<never> => ({ ok: false, trouble });

const TIMEOUT_MS = 60_000;

export interface ApiCall {
  method?: 'GET' | 'POST' | 'DELETE';
  body?: unknown;
}

export class Client {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** `path`: from the root of the app. */
  async call(path: string, { method = 'GET', body }: ApiCall = {}): Promise<ApiAnswer<unknown>> {
    const headers = await this.#session.headers();
    if (!headers) return failed({ kind: 'signInExpired' });
    try {
      const response = await fetch(path, {
        method,
        headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        cache: 'no-store',
        credentials: 'same-origin',
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const parsed: unknown = await response.json().catch(() => undefined);
      if (response.ok && parsed !== undefined) return { ok: true, value: parsed };
      return failed(troubleOf(response.ok ? 500 : response.status, parsed, response.headers.get('retry-after')));
    } catch {
      return failed({ kind: 'outOfReach' });
    }
  }
}

/** The value of a good answer, read. */
export function read<T>(answer: ApiAnswer<unknown>, reader: (value: unknown) => T): ApiAnswer<T> {
  return answer.ok ? { ok: true, value: reader(answer.value) } : answer;
}
