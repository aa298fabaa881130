// What the tests of redirected mail share: the rule of an environment that is not production, and mail decoded as the HTTP handlers do.

import { type NonProduction, redirect } from '../../../shared/domain/accept/redirect.ts';
import { decodeOperation } from '../../../shared/domain/content/decode-operation.ts';
import type { Decoded } from '../../../shared/domain/content/decoded.ts';
import type { Operation } from '../../../shared/domain/operations.ts';

export const RULE: NonProduction = { redirectTo: 'test-mail@contoso.com', allowedDomains: ['contoso.com', '*.contoso.com'] };
export const bytes = (text: string) => new TextEncoder().encode(text);

export function decode(operation: Operation, format: 'json' | 'mime', body: unknown): Decoded {
  const text = format === 'json' ? JSON.stringify(body) : Buffer.from(body as string).toString('base64');
  const decoded = decodeOperation(operation, format, bytes(text), 500);
  if (!decoded.ok) throw new Error(decoded.problem.message);
  return decoded.value;
}

export function redirected(operation: Operation, format: 'json' | 'mime', body: unknown, rule = RULE): Decoded {
  const checked = redirect(operation, format, decode(operation, format, body), rule);
  if (!checked.ok) throw new Error(checked.problem.message);
  return checked.value;
}

export const STRANGERS = ['customer@example.com', 'boss@example.org'];
