// The access token for Graph: kept while it is fresh, fetched once however many wait for it, forgotten when Graph refuses it.
import type { AccessToken, TokenCredential } from '@azure/identity';
import type { Clock } from '../../ports/clock.ts';

/** A token is renewed this long before it ends: longer than any call to Graph lasts. */
const MARGIN_MS = 300_000;

export interface TokenSourceOptions {
  /** Called again after a token was dropped: the libraries' own caches would hand out the refused one. */
  makeCredential: () => TokenCredential;
  scope: string;
  clock: Clock;
}

export class TokenSource {
  readonly #options: TokenSourceOptions;
  #credential: TokenCredential | undefined;
  #token: AccessToken | undefined;
  #asking: Promise<AccessToken> | undefined;

  constructor(options: TokenSourceOptions) {
    this.#options = options;
  }

  async get(signal: AbortSignal): Promise<string> {
    if (this.#token && this.#token.expiresOnTimestamp - MARGIN_MS > this.#options.clock.now()) return this.#token.token;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return (await orAborted(this.#asking, signal)).token;
  }

  drop(): void {
    this.#token = undefined;
    this.#asking = undefined;
    this.#credential = undefined;
  }

  async #ask(): Promise<AccessToken> {
    this.#credential ??= this.#options.makeCredential();
    const credential = this.#credential;
    const token = await credential.getToken(this.#options.scope);
    if (!token) throw new Error('The credential gave no token');
    if (credential === this.#credential) this.#token = token;
    return token;
  }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Error('No token in time'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
