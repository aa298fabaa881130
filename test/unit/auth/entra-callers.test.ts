// Access tokens of the emulator's tenant, really signed: who is let in, and every way of not being.
import { exportSPKI, generateKeyPair, importJWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EntraCallers } from '../../../shared/adapters/auth/entra-callers.ts';
import { type GraphMailEmulator, startGraphMailEmulator } from '../../emulators/graph-mail/index.ts';

const AUDIENCE = 'api://graph-mail-queue';
let emulator: GraphMailEmulator;
let now = Date.now();
const clock = { now: () => now };

beforeAll(async () => {
  emulator = await startGraphMailEmulator();
});
afterAll(() => emulator.close());

const callers = (more: Partial<ConstructorParameters<typeof EntraCallers>[0]> = {}) =>
  new EntraCallers({ tenantId: emulator.tenantId, audiences: [AUDIENCE], authorityHost: emulator.authorityHost, clock, ...more });
/** A claim that is undefined is left out. */
type Claims = { [claim in keyof JWTPayload]: unknown };
const tokenOf = (claims: Claims = {}, options: { application?: string; expiresIn?: number } = {}) =>
  emulator.control.token({ application: 'sample-app', ...options, claims: claims as JWTPayload });
const identify = (token: string | null, whom = callers()) =>
  whom.identify({ authorization: token === null ? null : `Bearer ${token}`, operatorsOnly: false });
const keyFetches = () => emulator.control.stats().totals['keys'] ?? 0;

async function refusalOf(token: string | null, whom = callers()) {
  const identified = await identify(token, whom);
  if (identified.ok) throw new Error('was let in');
  expect(identified.problem).toMatchObject({ status: 401, code: 'InvalidAuthenticationToken' });
  return identified.problem.message;
}

const SAMPLE = '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1001';

describe('a token of the tenant', () => {
  test('names the application and its roles', async () => {
    expect(await identify(await tokenOf())).toEqual({
      ok: true,
      value: { application: SAMPLE, roles: ['SendRequests.Create'], delegated: false },
    });
    const operator = await identify(await tokenOf({}, { application: 'operator' }));
    expect(operator).toMatchObject({ value: { roles: ['SendRequests.Read.All', 'SendRequests.Manage.All'] } });
  });

  test('may be of version 1.0, with its own issuer, audience and name for the application', async () => {
    const token = await tokenOf({
      iss: `https://sts.windows.net/${emulator.tenantId}/`,
      aud: AUDIENCE,
      azp: undefined,
      appid: SAMPLE.toUpperCase(),
      ver: '1.0',
    });
    expect(await identify(token)).toMatchObject({ ok: true, value: { application: SAMPLE } });
  });

  test('may be for any of several audiences', async () => {
    const whom = callers({ audiences: ['11111111-2222-3333-4444-555555555555', `${AUDIENCE}/`] });
    expect(await identify(await tokenOf({ aud: 'api://11111111-2222-3333-4444-555555555555' }), whom)).toMatchObject({ ok: true });
    expect(await identify(await tokenOf(), whom)).toMatchObject({ ok: true });
  });

  test('of a signed-in person is told apart, and a scope never makes an operator of the application', async () => {
    const oid = '0A1B9A34-91A5-4C39-A3D7-0F5F3F4E1002';
    const token = await tokenOf({ scp: 'SendRequests.Create SendRequests.Manage.All', idtyp: 'user', roles: undefined, oid });
    const value = { delegated: true, roles: ['SendRequests.Create'], user: oid.toLowerCase() };
    expect(await identify(token)).toMatchObject({ ok: true, value });
    expect(await identify(await tokenOf({ oid }))).not.toHaveProperty('value.user');
  });

  test('without a role names none', async () => {
    expect(await identify(await tokenOf({ roles: ['Something.Else'] }))).toMatchObject({ ok: true, value: { roles: [] } });
  });

  test('is within the tolerance of clocks', async () => {
    expect(await identify(await tokenOf({}, { expiresIn: -30 }))).toMatchObject({ ok: true });
  });
});

describe('no caller', () => {
  test.each([
    ['without a token', null],
    ['with an empty one', ''],
    ['with text', 'abc'],
    ['with three parts of nothing', 'a.b.c'],
  ])('%s', async (_, token) => {
    await refusalOf(token);
  });

  test('with another scheme', async () => {
    const identified = await callers().identify({ authorization: `Basic ${await tokenOf()}`, operatorsOnly: false });
    expect(identified).toMatchObject({ ok: false, problem: { status: 401 } });
  });

  test.each<[string, Claims, { expiresIn?: number }?]>([
    ['of another issuer', { iss: 'https://login.microsoftonline.com/common/v2.0' }],
    ['of another tenant by its issuer', { iss: 'https://sts.windows.net/00000000-0000-4000-8000-000000000000/' }],
    ['of another tenant', { tid: '00000000-0000-4000-8000-000000000000' }],
    ['without a tenant', { tid: undefined }],
    ['for another audience', { aud: 'https://graph.microsoft.com' }],
    ['that has expired', { exp: Math.floor(now / 1000) - 61 }],
    ['without an end', { exp: undefined }],
    ['that is not valid yet', { nbf: Math.floor(Date.now() / 1000) + 3600 }],
    ['issued in the far future', { iat: 4_102_444_800, exp: 4_102_448_400 }],
    ['issued long ago, whenever it ends', { iat: Math.floor(Date.now() / 1000) - 50 * 3600, exp: 4_102_444_800 }],
    ['that names no application', { azp: undefined }],
    ['whose application is no text', { azp: 7 }],
  ])('with a token %s', async (_, claims, options) => {
    await refusalOf(await tokenOf(claims, options));
  });

  test("without a token, saying why Microsoft's clients send none, and which scope to ask for", async () => {
    for (const words of ['Access token is empty.', 'allowedHosts', '/v1.0', `${AUDIENCE}/.default`])
      expect(await refusalOf(null)).toContain(words);
  });

  test('with an unsigned token', async () => {
    const claims = {
      aud: AUDIENCE,
      iss: `${emulator.url}/${emulator.tenantId}/v2.0`,
      tid: emulator.tenantId,
      azp: SAMPLE,
      roles: ['SendRequests.Create'],
    };
    await refusalOf(new UnsecuredJWT(claims).setIssuedAt().setExpirationTime('1h').encode());
  });

  test('with a token signed by HS256 and the public key as its secret', async () => {
    const { keys } = (await (await fetch(`${emulator.authorityHost}/${emulator.tenantId}/discovery/v2.0/keys`)).json()) as {
      keys: { kid: string }[];
    };
    const publicKey = await exportSPKI(
      (await importJWK({ ...keys[0], ext: true }, 'RS256', { extractable: true })) as Parameters<typeof exportSPKI>[0],
    );
    for (const secret of [publicKey, JSON.stringify(keys[0])]) {
      const token = new SignJWT({ tid: emulator.tenantId, azp: SAMPLE, roles: ['SendRequests.Create'] })
        .setProtectedHeader({ alg: 'HS256', kid: keys[0]?.kid as string })
        .setIssuer(`${emulator.url}/${emulator.tenantId}/v2.0`)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime('1h');
      await refusalOf(await token.sign(new TextEncoder().encode(secret)));
    }
  });

  test("with another's signature under a key id of the tenant, or none", async () => {
    const { keys } = (await (await fetch(`${emulator.authorityHost}/${emulator.tenantId}/discovery/v2.0/keys`)).json()) as {
      keys: { kid: string }[];
    };
    const { privateKey } = await generateKeyPair('RS256');
    for (const header of [{ alg: 'RS256', kid: keys[0]?.kid as string }, { alg: 'RS256' }]) {
      const token = new SignJWT({ tid: emulator.tenantId, azp: SAMPLE, aud: AUDIENCE, iss: `${emulator.url}/${emulator.tenantId}/v2.0` });
      await refusalOf(await token.setProtectedHeader(header).setIssuedAt().setExpirationTime('1h').sign(privateKey));
    }
  });

  test('with a token of a megabyte, which is not even read', async () => {
    const before = keyFetches();
    expect(await refusalOf('a'.repeat(1_048_576))).toContain('longer than any token');
    expect(keyFetches()).toBe(before);
  });

  test('is told anything of its token', async () => {
    const token = await tokenOf({ aud: 'https://secret.example.com' });
    const message = await refusalOf(token);
    expect(message).not.toContain('secret.example.com');
    expect(message).not.toContain(token.slice(0, 20));
  });
});

describe("the tenant's keys", () => {
  test('are fetched once for many tokens at the same time', async () => {
    const whom = callers();
    const before = keyFetches();
    const token = await tokenOf();
    const answers = await Promise.all(Array.from({ length: 50 }, () => identify(token, whom)));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(keyFetches() - before).toBe(1);
  });

  test('are fetched again for a key that is not known, so that a new key is known at once', async () => {
    const whom = callers();
    for (let n = 0; n < 3; n++) {
      await emulator.control.rotateKeys();
      expect(await identify(await tokenOf(), whom)).toMatchObject({ ok: true });
    }
  });

  /** Signed by a key of its own, under a key id that nobody has. */
  const ownKey = generateKeyPair('RS256');
  const strangers = async (kid: string) => {
    const { privateKey } = await ownKey;
    return new SignJWT({ tid: emulator.tenantId, azp: SAMPLE }).setProtectedHeader({ alg: 'RS256', kid }).setIssuedAt().sign(privateKey);
  };

  test("that strangers' tokens name are looked for once, together, and keep no good token out", async () => {
    const whom = callers();
    const known = await tokenOf();
    await identify(known, whom);
    const forged = await Promise.all(Array.from({ length: 40 }, (_, n) => strangers(`no-such-key-${n}`)));
    const before = keyFetches();
    const refusals = Promise.all(forged.map((token) => refusalOf(token, whom)));
    await emulator.control.rotateKeys();
    const [good] = await Promise.all([identify(await tokenOf(), whom), refusals]);
    expect(good).toMatchObject({ ok: true });
    expect(await identify(known, whom)).toMatchObject({ ok: true });
    expect(keyFetches() - before).toBe(1);
    // The same ones again: they are known not to be there.
    for (const token of forged) await refusalOf(token, whom);
    expect(keyFetches() - before).toBe(1);
  });

  test('are waited for by a hundred tokens at most; a token with a known key never waits', async () => {
    const whom = callers();
    const known = await tokenOf();
    await identify(known, whom);
    const forged = await Promise.all(Array.from({ length: 110 }, (_, n) => strangers(`another-key-${n}`)));
    const answers = forged.map((token) => identify(token, whom));
    expect(await identify(known, whom)).toMatchObject({ ok: true });
    const statuses = (await Promise.all(answers)).map((answer) => (answer.ok ? 200 : answer.problem.status));
    expect([statuses.filter((status) => status === 401).length, statuses.filter((status) => status === 503).length]).toEqual([100, 10]);
  });

  test('that were withdrawn are trusted for five minutes at most', async () => {
    const whom = callers();
    const token = await tokenOf();
    expect(await identify(token, whom)).toMatchObject({ ok: true });
    await emulator.control.rotateKeys({ forgetOld: true });
    now += 300_001;
    await refusalOf(token, whom);
    now = Date.now();
  });

  test('that cannot be fetched make it a matter of time, and those in hand stay in use for an hour', async () => {
    const nowhere = callers({ authorityHost: 'http://127.0.0.1:1' });
    expect(await identify(await tokenOf(), nowhere)).toMatchObject({ ok: false, problem: { status: 503, retryAfter: 10 } });
    const away = await startGraphMailEmulator();
    const there = new EntraCallers({ tenantId: away.tenantId, audiences: [AUDIENCE], authorityHost: away.authorityHost, clock });
    const theirs = await away.control.token({ application: 'sample-app', expiresIn: 14 * 3600 });
    expect(await identify(theirs, there)).toMatchObject({ ok: true });
    await away.close();
    now += 3_600_000;
    expect(await identify(theirs, there)).toMatchObject({ ok: true });
    const unknown = await strangers('who-knows');
    expect(await identify(unknown, there)).toMatchObject({ ok: false, problem: { status: 503 } });
    now += 2_001;
    expect(await identify(theirs, there)).toMatchObject({ ok: false, problem: { status: 503 } });
    now = Date.now();
  });
});
