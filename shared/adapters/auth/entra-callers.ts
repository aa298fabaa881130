// Callers by Microsoft Entra access tokens, checked here: signature by the tenant's keys, issuer, tenant, audience, time, roles.
// https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens
import { errors, type JWTHeaderParameters, type JWTPayload, jwtVerify } from 'jose';
import { accessProblems } from '../../domain/accept/access-problems.ts';
import { type Caller, ROLES } from '../../domain/accept/caller.ts';
import { type Checked, ok, problems, refused } from '../../domain/content/problem.ts';
import type { Callers, Credentials } from '../../ports/callers.ts';
import type { Clock } from '../../ports/clock.ts';
import { KeysUnavailable, SigningKeys } from './signing-keys.ts';

export interface EntraOptions {
  tenantId: string;
  /** The API's application id and application id URIs. */
  audiences: readonly string[];
  /** Such as https://login.microsoftonline.com; national clouds have their own. */
  authorityHost: string;
  clock: Clock;
}

/** Entra's tokens have some 2 KB; with many groups a little more. */
const MAXIMUM_TOKEN = 16_384;
const CLOCK_TOLERANCE_SECONDS = 60;
/** The longest-lived access tokens (continuous access evaluation) last 28 hours. */
const MAXIMUM_AGE = '48h';

/** Issuers of v1.0 tokens, which an application registration asks for by default. 21Vianet has a host of its own. */
const stsOf = (authorityHost: string): string =>
  authorityHost.endsWith('.partner.microsoftonline.cn') ? 'https://sts.chinacloudapi.cn' : 'https://sts.windows.net';

/** v2.0 tokens name the application id, v1.0 tokens the URI that was asked for. */
const spellingsOf = (audience: string): string[] => {
  const bare = audience.replace(/^api:\/\//, '').replace(/\/$/, '');
  return [audience, bare, `api://${bare}`];
};

const wordsOf = (value: unknown): string[] => (typeof value === 'string' ? value.split(' ') : []);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** A person's token carries scopes, and roles only if the person was given them; consent alone never makes an operator. */
function rolesOf(payload: JWTPayload): Caller['roles'] {
  const given = listOf(payload['roles']);
  const scopes = wordsOf(payload['scp']);
  return ROLES.filter((role) => given.includes(role) || (role === 'SendRequests.Create' && scopes.includes(role)));
}

function whyRefused(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'Lifetime validation failed, the token is expired.';
  if (error instanceof errors.JWTClaimValidationFailed) return `Access token validation failure. Invalid ${error.claim}.`;
  if (error instanceof errors.JWKSNoMatchingKey) return 'Access token validation failure. The tenant does not have the key that signed it.';
  return 'Access token validation failure.';
}

export class EntraCallers implements Callers {
  readonly #options: EntraOptions;
  readonly #issuers: string[];
  readonly #audiences: string[];
  readonly #keys: SigningKeys;

  constructor(options: EntraOptions) {
    const { tenantId, clock } = options;
    const authority = options.authorityHost.replace(/\/+$/, '');
    this.#options = options;
    this.#issuers = [`${authority}/${tenantId}/v2.0`, `${stsOf(authority)}/${tenantId}/`];
    this.#audiences = options.audiences.flatMap(spellingsOf);
    this.#keys = new SigningKeys({
      url: `${authority}/${tenantId}/discovery/v2.0/keys`,
      clock,
      accepts: (issuer) => this.#issuers.includes(issuer.replace('{tenantid}', tenantId)),
    });
  }

  async identify({ authorization }: Credentials): Promise<Checked<Caller>> {
    const token = /^Bearer +(\S+)$/i.exec(authorization?.slice(0, MAXIMUM_TOKEN + 10) ?? '')?.[1];
    if (!token) return refused(accessProblems.tokenMissing(this.#options.audiences));
    if (token.length > MAXIMUM_TOKEN)
      return refused(accessProblems.notAuthenticated('The access token is longer than any token of Microsoft Entra ID.'));
    try {
      return await this.#callerOf(token);
    } catch (error) {
      if (error instanceof KeysUnavailable) return refused(problems.unavailable('access tokens cannot be checked now'));
      return refused(accessProblems.notAuthenticated(whyRefused(error)));
    }
  }

  async #callerOf(token: string): Promise<Checked<Caller>> {
    const { payload } = await jwtVerify(token, (header) => this.#keyFor(header), {
      algorithms: ['RS256'],
      issuer: this.#issuers,
      audience: this.#audiences,
      currentDate: new Date(this.#options.clock.now()),
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      maxTokenAge: MAXIMUM_AGE,
      requiredClaims: ['exp', 'tid'],
    });
    if (payload['tid'] !== this.#options.tenantId)
      return refused(accessProblems.notAuthenticated('The access token is from another tenant.'));
    const application = payload['azp'] ?? payload['appid'];
    if (typeof application !== 'string' || application === '') {
      return refused(accessProblems.notAuthenticated('The access token names no application.'));
    }
    const delegated = payload['scp'] !== undefined || payload['idtyp'] === 'user';
    const user = delegated ? payload['oid'] : undefined;
    return ok({
      application: application.toLowerCase(),
      roles: rolesOf(payload),
      delegated,
      ...(typeof user === 'string' && /^[0-9a-f-]{36}$/i.test(user) && { user: user.toLowerCase() }),
    });
  }

  /** A token without a key id is never Entra's. */
  #keyFor(header: JWTHeaderParameters) {
    if (!header.kid) throw new errors.JWKSNoMatchingKey();
    return this.#keys.keyFor(header);
  }
}
