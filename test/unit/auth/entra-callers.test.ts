// Access tokens of the emulator's tenant, really signed: who is let in, and every way of not being.
import { exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { AUDIENCE, type Claims, callers, clock, emulator, identify, keyFetches, refusalOf, SAMPLE, tokenOf, useTenant } from './tenant.ts';

useTenant();

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
    const token = await tokenOf({ scp: 'SendRequests.Create SendRequests.Manage.All', idtyp: 'user', roles: undefined });
    const value = { delegated: true, roles: ['SendRequests.Create'] };
    expect(await identify(token)).toMatchObject({ ok: true, value });
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
    ['that has expired', { exp: Math.floor(clock.time / 1000) - 61 }],
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
