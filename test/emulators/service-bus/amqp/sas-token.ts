// Verifies shared access signatures (Microsoft Learn, "Service Bus access control with Shared Access Signatures").
import { createHmac, timingSafeEqual } from 'node:crypto';
import { BrokerError, conditions } from '../core/errors.ts';
import { covers, pathOf } from './rights.ts';

export interface SharedKey {
  readonly name: string;
  readonly value: string;
}

/** Returns when the token expires, in milliseconds. */
export function verifySasToken(token: string, audience: string, key: SharedKey, now: number): number {
  const [scheme, fields] = token.split(' ', 2);
  const values = new Map(fields?.split('&').map((field) => splitAt(field, field.indexOf('='))));
  const [resource, signature, expiry, keyName] = ['sr', 'sig', 'se', 'skn'].map((name) => values.get(name));
  if (scheme !== 'SharedAccessSignature' || !resource || !signature || !expiry || !keyName) throw refused('is malformed');
  if (decodeURIComponent(keyName) !== key.name) throw refused(`names the unknown key '${decodeURIComponent(keyName)}'`);
  const expected = createHmac('sha256', key.value).update(`${resource}\n${expiry}`).digest();
  const given = Buffer.from(decodeURIComponent(signature), 'base64');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw refused('has an invalid signature');
  const expiresAt = Number(expiry) * 1000;
  if (!(expiresAt > now)) throw refused('has expired');
  if (!covers(pathOf(decodeURIComponent(resource)), pathOf(audience))) throw refused('is for another resource');
  return expiresAt;
}

function splitAt(text: string, index: number): [string, string] {
  return [text.slice(0, index), text.slice(index + 1)];
}

function refused(why: string): BrokerError {
  return new BrokerError(conditions.unauthorized, `InvalidSignature: The token ${why}.`);
}
