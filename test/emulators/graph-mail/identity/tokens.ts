// Signed access tokens of the emulator's tenant: keys with rotation, issuing, checking.
import { type CryptoKey, exportJWK, importJWK, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { EmulatorClock } from '../clock.ts';
import { errors } from '../http/errors.ts';
import { newGuid } from '../store/ids.ts';
import { firstKeyPair, type KeyPair, newKeyPair } from './key-pair.ts';

export const tenantId = '5f3c8a30-0c3d-4b3e-9d52-6d1b6f1c7a01';
/** Microsoft Graph's application id, an audience of its tokens as well as its URL. */
const graphAppId = '00000003-0000-0000-c000-000000000000';
const lifetime = 24 * 3600;

interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

export interface Tokens {
  issue(claims: JWTPayload, options?: { expiresIn?: number }): Promise<string>;
  /** The claims of a good token for Graph; else the 401 that Graph answers. */
  verifyForGraph(authorization: string | undefined, ownUrl: string): Promise<JWTPayload>;
  publicKeys(): JWK[];
  /** A new key signs from now on; the old one stays published unless told otherwise. */
  rotate(options?: { forgetOld?: boolean }): Promise<void>;
}

/** Tests start hundreds of emulators in a process: they take the same pairs in turn, each time under a new id. */
const PAIRS = 4;
const pairs: Promise<KeyPair>[] = [];

async function newKey(number: number): Promise<SigningKey> {
  const place = number % PAIRS;
  pairs[place] ??= place === 0 ? firstKeyPair() : newKeyPair();
  const { privateKey, publicKey } = await pairs[place];
  const kid = newGuid().replaceAll('-', '').slice(0, 27);
  return { kid, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' } };
}

export async function createTokens(clock: EmulatorClock): Promise<Tokens> {
  let made = 0;
  let keys = [await newKey(made++)];
  let verified = new Map<string, JWTPayload>();
  const seconds = () => Math.floor(clock.now() / 1000);

  async function verify(token: string, ownUrl: string): Promise<JWTPayload> {
    const known = verified.get(token);
    if (known !== undefined && (known.exp ?? 0) > seconds()) return known;
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = keys.find((one) => one.kid === kid);
        if (key === undefined) throw new Error('unknown key');
        return importJWK(key.jwk, 'RS256');
      },
      {
        algorithms: ['RS256'],
        audience: ['https://graph.microsoft.com', 'https://graph.microsoft.com/', graphAppId, ownUrl, `${ownUrl}/`],
        currentDate: new Date(clock.now()),
        clockTolerance: 5,
      },
    );
    if (verified.size > 1000) verified = new Map();
    verified.set(token, payload);
    return payload;
  }

  return {
    issue(claims, options = {}) {
      const now = seconds();
      const key = keys.at(-1) as SigningKey;
      return new SignJWT({ iat: now, nbf: now - 300, exp: now + (options.expiresIn ?? lifetime), tid: tenantId, uti: newGuid(), ...claims })
        .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: key.kid })
        .sign(key.privateKey);
    },
    async verifyForGraph(authorization, ownUrl) {
      const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined) throw errors.invalidToken('Access token is empty.');
      try {
        return await verify(token, ownUrl);
      } catch (error) {
        const code = (error as { code?: string; claim?: string }).code ?? '';
        if (code === 'ERR_JWT_EXPIRED') throw errors.invalidToken('Lifetime validation failed, the token is expired.');
        if ((error as { claim?: string }).claim === 'aud') throw errors.invalidToken('Access token validation failure. Invalid audience.');
        if (token.split('.').length !== 3) throw errors.invalidToken('CompactToken parsing failed with error code: 80049217');
        throw errors.invalidToken('Access token validation failure.');
      }
    },
    publicKeys: () => keys.map(({ jwk }) => jwk),
    async rotate(options = {}) {
      const key = await newKey(made++);
      keys = options.forgetOld ? [key] : [...keys, key];
      verified = new Map();
    },
  };
}
