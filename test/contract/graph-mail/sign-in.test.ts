// People who sign in: a code only for a known address and with PKCE, good once and for its verifier. That MSAL takes the rest shows the scenario of the console.
import { createHash } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Client, startClient } from './support/client.ts';

const VERIFIER = 'a-verifier-of-more-than-forty-three-characters-as-it-must-be';
const REDIRECT = 'http://localhost:7071/console';
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client.close());
beforeEach(() => client.emulator.control.reset());

const endpoint = (name: string) => `${client.emulator.url}/${client.emulator.tenantId}/oauth2/v2.0/${name}`;

function authorizeUrl(more: Record<string, string> = {}): string {
  const { consoleClientId } = client.emulator;
  const query = {
    client_id: consoleClientId,
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: `${consoleClientId}/access_as_user openid profile offline_access`,
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
    state: 's',
    nonce: 'n',
    person: 'olga@contoso.com',
  };
  return `${endpoint('authorize')}?${new URLSearchParams({ ...query, ...more })}`;
}

/** What the redirect brings back in the fragment. */
async function back(more: Record<string, string> = {}): Promise<URLSearchParams> {
  const answer = await fetch(authorizeUrl(more), { redirect: 'manual' });
  const location = new URL(answer.headers.get('location') as string);
  expect(`${location.origin}${location.pathname}`).toBe(REDIRECT);
  return new URLSearchParams(location.hash.slice(1));
}

async function redeem(more: Record<string, string>): Promise<{ status: number; json: Record<string, string> }> {
  const form = {
    grant_type: 'authorization_code',
    client_id: client.emulator.consoleClientId,
    redirect_uri: REDIRECT,
    code_verifier: VERIFIER,
    ...more,
  };
  const answer = await client.raw('POST', endpoint('token'), new URLSearchParams(form).toString(), FORM);
  return { status: answer.status, json: answer.json as Record<string, string> };
}

describe('a code', () => {
  test('gives tokens of the person once, with the roles that the person was given', async () => {
    const code = (await back()).get('code') as string;
    const { json } = await redeem({ code });
    const keys = createRemoteJWKSet(new URL(`${client.emulator.url}/${client.emulator.tenantId}/discovery/v2.0/keys`));
    const audience = client.emulator.consoleClientId;
    const access = (await jwtVerify(json['access_token'] as string, keys, { audience })).payload;
    expect(access).toMatchObject({ scp: 'access_as_user', azp: audience, roles: ['SendRequests.Read.All', 'SendRequests.Manage.All'] });
    expect((await jwtVerify(json['id_token'] as string, keys, { audience })).payload).toMatchObject({ nonce: 'n', oid: access['oid'] });
    expect((await redeem({ code })).json['error']).toBe('invalid_grant');
    const again = await redeem({ grant_type: 'refresh_token', refresh_token: json['refresh_token'] as string });
    expect(again.status).toBe(200);
  });

  test.each([
    ['another verifier', { code_verifier: 'x' }],
    ['another address', { redirect_uri: 'http://localhost:7072/console' }],
    ['another application', { client_id: 'sample-app' }],
  ])('is worth nothing with %s', async (_, wrong) => {
    const code = (await back()).get('code') as string;
    expect((await redeem({ code, ...wrong })).json['error']).toBe('invalid_grant');
  });

  test('is not given without PKCE, or if the person refuses', async () => {
    expect((await back({ code_challenge: '' })).get('error')).toBe('invalid_request');
    expect(Object.fromEntries(await back({ person: 'nobody' }))).toMatchObject({ error: 'access_denied', state: 's' });
  });
});

test.each([
  ['an address that is not registered', { redirect_uri: 'https://evil.example.com/console' }],
  ['an application to which nobody signs in', { client_id: '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1001' }],
  ['an application that is unknown', { client_id: '<script>' }],
])('%s gets a page, and no redirect', async (_, wrong) => {
  const answer = await fetch(authorizeUrl(wrong), { redirect: 'manual' });
  expect(answer.status).toBe(400);
  expect(await answer.text()).not.toContain('<script>');
});
