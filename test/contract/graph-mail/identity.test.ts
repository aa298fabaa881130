// Tokens: App Service's managed-identity endpoint, the tenant's OpenID configuration and keys, and what Graph refuses.
import { ManagedIdentityCredential } from '@azure/identity';
import { createRemoteJWKSet, jwtVerify, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Client, mailbox, simpleMessage, startClient } from './support/client.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client.close());
beforeEach(() => client.emulator.control.reset());

test('@azure/identity gets a token from the managed-identity endpoint, and Graph takes it', async () => {
  const { identityEndpoint, identityHeader, url } = client.emulator;
  process.env['IDENTITY_ENDPOINT'] = identityEndpoint;
  process.env['IDENTITY_HEADER'] = identityHeader;
  try {
    const { token } = await new ManagedIdentityCredential().getToken(`${url}/.default`);
    const answer = await client.raw('GET', `${url}/v1.0/users/${mailbox}/messages`, undefined, { Authorization: `Bearer ${token}` });
    expect(answer.status).toBe(200);
  } finally {
    delete process.env['IDENTITY_ENDPOINT'];
    delete process.env['IDENTITY_HEADER'];
  }
});

test("an application's token is verified with the tenant's published keys, also after the keys were rotated", async () => {
  const { url, tenantId, control } = client.emulator;
  const configuration = (await client.raw('GET', `${url}/${tenantId}/v2.0/.well-known/openid-configuration`)).json;
  const form = 'grant_type=client_credentials&client_id=sample-app&client_secret=sample-app-secret&scope=api://graph-mail-queue/.default';
  const ask = () => client.raw('POST', configuration.token_endpoint, form, { 'Content-Type': 'application/x-www-form-urlencoded' });
  for (const rotate of [false, true]) {
    if (rotate) await control.rotateKeys();
    const { access_token } = (await ask()).json;
    const keys = createRemoteJWKSet(new URL(configuration.jwks_uri));
    const { payload } = await jwtVerify(access_token, keys, { issuer: configuration.issuer, audience: 'graph-mail-queue' });
    expect(payload['roles']).toEqual(['SendRequests.Create']);
  }
  expect(
    (
      await client.raw('POST', configuration.token_endpoint, form.replace('-secret', '-wrong'), {
        'Content-Type': 'application/x-www-form-urlencoded',
      })
    ).json.error,
  ).toBe('invalid_client');
});

test.each([
  ['no token', async () => undefined],
  ['an expired one', () => client.emulator.control.token({ expiresIn: -60 })],
  ['one for another audience', () => client.emulator.control.token({ resource: 'https://vault.azure.net' })],
  ['an unsigned one', async () => new UnsecuredJWT({ aud: 'https://graph.microsoft.com', roles: ['Mail.Send'] }).encode()],
  ['no token at all', async () => 'abc'],
])('Graph answers 401 InvalidAuthenticationToken to %s', async (_name, makeToken) => {
  const token = await makeToken();
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const answer = await client.raw('GET', `${client.emulator.url}/v1.0/users/${mailbox}/messages`, undefined, headers);
  expect([answer.status, answer.json.error.code]).toEqual([401, 'InvalidAuthenticationToken']);
});

test('an operation beyond the permissions in the token is 403 ErrorAccessDenied', async () => {
  const token = await client.emulator.control.token({ claims: { roles: ['Mail.Send'] } });
  const headers = { Authorization: `Bearer ${token}` };
  const list = await client.graph('GET', `/users/${mailbox}/messages`, undefined, headers);
  expect([list.status, list.json.error.code]).toEqual([403, 'ErrorAccessDenied']);
  expect((await client.graph('POST', `/users/${mailbox}/sendMail`, { message: simpleMessage() }, headers)).status).toBe(202);
});
