// The tenant's signing keys: fetched when first needed, kept, and fetched again for a key that isn't known, at most once a minute.
import { type CryptoKey, createLocalJWKSet, errors, type JSONWebKeySet, type JWK, type JWTHeaderParameters } from 'jose';
import type { Clock } from '../../ports/clock.ts';

/** Entra announces new keys days before it signs with them. https://learn.microsoft.com/entra/identity-platform/signing-key-rollover */
const MAXIMUM_AGE_MS = 12 * 3_600_000;
/** A made-up key id must not turn every request into a fetch. */
const COOLDOWN_MS = 60_000;
/** Without any key no token can be checked: the next try comes sooner. */
const FIRST_COOLDOWN_MS = 2_000;
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

type KeySet = ReturnType<typeof createLocalJWKSet>;

export class SigningKeys {
  readonly #options: SigningKeysOptions;
  #keys: KeySet | undefined;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #fetching: Promise<boolean> | undefined;

  constructor(options: SigningKeysOptions) {
    this.#options = options;
  }

  /** The key that a token's header names. Throws JWKSNoMatchingKey for one that the tenant doesn't have, KeysUnavailable where none is known. */
  async keyFor(header: JWTHeaderParameters): Promise<CryptoKey> {
    if (this.#options.clock.now() - this.#fetchedAt > MAXIMUM_AGE_MS) await this.#refresh();
    const before = this.#keys;
    if (!before) throw new KeysUnavailable(`the keys at ${this.#options.url} are out of reach`);
    try {
      return await before(header);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !(await this.#refresh())) throw error;
      return await (this.#keys as KeySet)(header);
    }
  }

  /** Whether the keys were fetched again: not within the cooldown, and not where it failed. Those in hand stay. */
  #refresh(): Promise<boolean> {
    if (this.#fetching) return this.#fetching;
    const now = this.#options.clock.now();
    if (now - this.#triedAt < (this.#keys ? COOLDOWN_MS : FIRST_COOLDOWN_MS)) return Promise.resolve(false);
    this.#triedAt = now;
    this.#fetching = this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetch(): Promise<boolean> {
    try {
      const response = await fetch(this.#options.url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (!response.ok) return false;
      const { keys } = (await response.json()) as JSONWebKeySet;
      this.#keys = createLocalJWKSet({ keys: keys.filter((key) => this.#isOurs(key)) });
      this.#fetchedAt = this.#options.clock.now();
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
