// The access token for Graph: kept while it is fresh, fetched once for all who wait, replaced after Graph refused it. The only cache of tokens for these calls.
import type { AccessToken, TokenCredential } from '@azure/identity';
import type { Clock } from '../../ports/clock.ts';

/** A token is renewed this long before it ends: longer than any call to Graph lasts. */
const MARGIN_MS = 300_000;
/** After refusals another token is fetched at most this often: a new token may not remove the cause. */
const REPLACEMENT_INTERVAL_MS = 5_000;
/** If a token endpoint never answers, a later request must not wait for it for ever. */
const LONGEST_ASKING_MS = 30_000;

export interface TokenSourceOptions {
  /** Called for each token: a credential's own cache would hand out a refused one again. */
  makeCredential: () => TokenCredential;
  scope: string;
  clock: Clock;
}

export class TokenSource {
  readonly #options: TokenSourceOptions;
  #token: AccessToken | undefined;
  #refused: string | undefined;
  #replacementAskedAt = Number.NEGATIVE_INFINITY;
  #replacementFailed: Error | undefined;
  #asking: Promise<AccessToken> | undefined;

  constructor(options: TokenSourceOptions) {
    this.#options = options;
  }

  /** Rejects if there is none, or none before the signal. */
  async get(signal: AbortSignal): Promise<string> {
    const inHand = this.#token;
    if (inHand && !this.#asking && !this.#mustReplace(inHand)) {
      if (this.#replacementFailed) throw this.#replacementFailed;
      return inHand.token;
    }
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return (await orAborted(this.#asking, signal)).token;
  }

  /** Graph answered 401 to a call with this token. A late answer to an older one changes nothing. */
  refused(token: string): void {
    if (token === this.#token?.token) this.#refused = token;
  }

  #mustReplace({ token, expiresOnTimestamp }: AccessToken): boolean {
    const now = this.#options.clock.now();
    if (expiresOnTimestamp - MARGIN_MS <= now) return true;
    if (token !== this.#refused || now - this.#replacementAskedAt < REPLACEMENT_INTERVAL_MS) return false;
    this.#replacementAskedAt = now;
    return true;
  }

  async #ask(): Promise<AccessToken> {
    const abortSignal = AbortSignal.timeout(LONGEST_ASKING_MS);
    const asked = this.#options.makeCredential().getToken(this.#options.scope, { abortSignal });
    try {
      const token = await orAborted(asked, abortSignal);
      if (!token) throw new Error('The credential gave no token');
      this.#token = token;
      this.#replacementFailed = undefined;
      return token;
    } catch (error) {
      // The old token is not used again, because Graph would refuse it again.
      if (this.#token?.token === this.#refused) this.#replacementFailed = error as Error;
      throw error;
    }
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
