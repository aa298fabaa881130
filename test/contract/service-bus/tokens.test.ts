// The token node: signatures are verified, JWTs are taken by shape, rights reach as far as their token.
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { covers, Rights } from '../../emulators/service-bus/amqp/rights.ts';
import { verifySasToken } from '../../emulators/service-bus/amqp/sas-token.ts';
import { startStack } from './support.ts';
import { JWT, WireClient } from './wire-client.ts';

const key = { name: 'RootManageSharedAccessKey', value: 'SAS_KEY_VALUE' };
const NOW = 1_700_000_000_000;

function sasToken(resource: string, { seconds = NOW / 1000 + 60, secret = key.value, name = key.name } = {}): string {
  const encoded = encodeURIComponent(resource);
  const signature = createHmac('sha256', secret).update(`${encoded}\n${seconds}`).digest('base64');
  return `SharedAccessSignature sr=${encoded}&sig=${encodeURIComponent(signature)}&se=${seconds}&skn=${name}`;
}

describe('a shared access signature', () => {
  test.each([
    ['for the queue', 'sb://host/q'],
    ['for the namespace', 'sb://host/'],
    ['in another case, as .NET signs it', 'AMQPS://HOST/Q'],
  ])('%s is taken', (_what, resource) => {
    expect(verifySasToken(sasToken(resource), 'sb://host/q', key, NOW)).toBe(NOW + 60_000);
  });

  test.each([
    ['of another key', sasToken('sb://host/q', { secret: 'other' }), /invalid signature/],
    ['of an unknown key name', sasToken('sb://host/q', { name: 'Other' }), /unknown key/],
    ['that has expired', sasToken('sb://host/q', { seconds: NOW / 1000 }), /has expired/],
    ['for another queue', sasToken('sb://host/other'), /another resource/],
    ['without a signature', 'SharedAccessSignature sr=x&se=1&skn=y', /malformed/],
    ['that is something else', 'Bearer x', /malformed/],
    ['with a changed expiry', sasToken('sb://host/q').replace(/se=\d+/, 'se=9999999999'), /invalid signature/],
  ])('%s is refused', (_what, token, why) => {
    expect(() => verifySasToken(token, 'sb://host/q', key, NOW)).toThrow(why);
  });
});

test('rights reach down from their path and end with their token', () => {
  const rights = new Rights(() => NOW);
  rights.grant('sb://host:5672/q', NOW + 1);
  rights.grant('sb://host/old', NOW);
  const wanted = ['q', '/Q/$management', 'q/$deadletterqueue', 'q2', 'old'];
  expect(wanted.filter((path) => rights.allows(path))).toEqual(['q', '/Q/$management', 'q/$deadletterqueue']);
  expect(covers('', 'anything')).toBe(true);
});

test('put-token answers by status', async () => {
  const stack = await startStack({ q: {} });
  const client = new WireClient(stack.emulator.port);
  const audience = `${stack.emulator.url}/q`;
  const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
  expect(await client.putToken(audience, JWT)).toBe(202);
  expect(await client.putToken(audience, jwt({}))).toBe(202);
  expect(await client.putToken(audience, jwt({ exp: 1 }))).toBe(401);
  expect(await client.putToken(audience, 'not a jwt')).toBe(401);
  expect(await client.putToken(audience, 'SharedAccessSignature x=y', 'servicebus.windows.net:sastoken')).toBe(401);
  expect(await client.putToken(audience, JWT, 'saml')).toBe(400);
  // Python calls each token a JWT.
  const seconds = Math.floor(Date.now() / 1000) + 60;
  expect(await client.putToken(audience, sasToken(audience, { seconds }), 'jwt')).toBe(202);
  expect(await client.putToken(audience, sasToken(audience, { seconds, secret: 'other' }), 'jwt')).toBe(401);
  await client.close();
  await stack.close();
});
