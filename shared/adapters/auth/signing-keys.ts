// The tenant's signing keys: fetched when first needed, kept for minutes, and fetched again for a key that isn't known.
//
// jose's createRemoteJWKSet is not used (read in its source): within its cooldown a token with a key that it does not know is refused, so strangers' key ids
// keep a token with a new key out; and once its cache is too old, an endpoint that is out of reach for a moment keeps everybody out.
import { setTimeout as pause } from 'node:timers/promises';
import { type CryptoKey, createLocalJWKSet, errors, type JSONWebKeySet, type JWK, type JWTHeaderParameters } from 'jose';
import type { Clock } from '../../ports/clock.ts';

/** A key that was withdrawn is trusted no longer than this, if the endpoint answers. https://learn.microsoft.com/entra/identity-platform/signing-key-rollover */
const REFRESH_MS = 300_000;
/** If the endpoint does not answer, the keys that we have are trusted for this long. */
const TRUSTED_MS = 3_600_000;
/** The shortest time between two fetches, for any key ids that tokens name. A token with an unknown key waits for the next fetch. */
const INTERVAL_MS = 2_000;
/** If a fetch did not bring a key id, the id is refused at once for this long. */
const ABSENT_MS = 10_000;
const MAXIMUM_ABSENT = 1_000;
/** Requests that wait for the next fetch. */
const MAXIMUM_WAITING = 100;
const TIMEOUT_MS = 5_000;

export class KeysUnavailable extends Error {
  override name = 'KeysUnavailable';
}

export interface SigningKeysOptions {
  url: string;
  clock: Clock;
  /** Whether a key may sign for our tenant: the tenant's key list names other issuers' keys too. */
  accepts: (issuer: string) => boolean;
}

interface Keys {
  find: ReturnType<typeof createLocalJWKSet>;
  fetchedAt: number;
  /** Number of the fetch. */
  fetch: number;
}

export class SigningKeys {
  readonly #options: SigningKeysOptions;
  readonly #absent = new Map<string, number>();
  #keys: Keys | undefined;
  #fetches = 0;
  #triedAt = Number.NEGATIVE_INFINITY;
  #fetching: Promise<boolean> | undefined;
  #next: Promise<boolean> | undefined;
  #waiting = 0;

  constructor(options: SigningKeysOptions) {
    this.#options = options;
  }

  /** The key that a token's header names. Throws JWKSNoMatchingKey if the tenant doesn't have it, KeysUnavailable if that cannot be found out now. */
  async keyFor(header: JWTHeaderParameters): Promise<CryptoKey> {
    const before = this.#fetches;
    if (this.#age() > REFRESH_MS && !this.#isTooSoon()) await this.#fetch();
    try {
      return await this.#inHand().find(header);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || this.#inHand().fetch > before || this.#isAbsent(header.kid)) throw error;
      return this.#keyOfNextFetch(header);
    }
  }

  async #keyOfNextFetch(header: JWTHeaderParameters): Promise<CryptoKey> {
    if (this.#waiting >= MAXIMUM_WAITING) throw new KeysUnavailable('too many tokens wait for the keys');
    this.#waiting++;
    try {
      if (!(await this.#fetchNext())) throw new KeysUnavailable(`the keys at ${this.#options.url} are out of reach`);
      return await this.#inHand().find(header);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) this.#rememberAbsent(header.kid);
      throw error;
    } finally {
      this.#waiting--;
    }
  }

  #inHand(): Keys {
    if (!this.#keys || this.#age() > TRUSTED_MS) throw new KeysUnavailable(`the keys at ${this.#options.url} are out of reach`);
    return this.#keys;
  }

  #age(): number {
    return this.#options.clock.now() - (this.#keys?.fetchedAt ?? Number.NEGATIVE_INFINITY);
  }

  #isTooSoon(): boolean {
    return !this.#fetching && this.#options.clock.now() - this.#triedAt < INTERVAL_MS;
  }

  #isAbsent(kid = ''): boolean {
    return this.#options.clock.now() - (this.#absent.get(kid) ?? Number.NEGATIVE_INFINITY) < ABSENT_MS;
  }

  #rememberAbsent(kid = ''): void {
    if (this.#absent.size >= MAXIMUM_ABSENT) this.#absent.clear();
    this.#absent.set(kid, this.#options.clock.now());
  }

  /** A fetch that begins after this call: one that is under way may have been answered before the key was published. */
  #fetchNext(): Promise<boolean> {
    this.#next ??= this.#whenDue().then(() => {
      this.#next = undefined;
      return this.#fetch();
    });
    return this.#next;
  }

  async #whenDue(): Promise<void> {
    await this.#fetching;
    const wait = this.#triedAt + INTERVAL_MS - this.#options.clock.now();
    if (wait > 0) await pause(Math.min(wait, INTERVAL_MS));
  }

  /** Whether the keys came. If not, the old ones are kept. */
  #fetch(): Promise<boolean> {
    this.#fetching ??= this.#load().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #load(): Promise<boolean> {
    const fetchedAt = this.#options.clock.now();
    this.#triedAt = fetchedAt;
    const number = ++this.#fetches;
    try {
      const response = await fetch(this.#options.url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (!response.ok) return false;
      const { keys } = (await response.json()) as JSONWebKeySet;
      this.#keys = { find: createLocalJWKSet({ keys: keys.filter((key) => this.#isOurs(key)) }), fetchedAt, fetch: number };
      return true;
    } catch {
      return false;
    }
  }

  #isOurs(key: JWK): boolean {
    const { issuer } = key as { issuer?: unknown };
    return key.kty === 'RSA' && (typeof issuer !== 'string' || this.#options.accepts(issuer));
  }
}
