// Rules for internetMessageHeaders: names that start with x-, at most five of them.
import { errors } from '../http/errors.ts';
import type { InternetHeader } from '../store/item.ts';
import type { Json } from './check.ts';

const maximum = 5;

export function checkHeaders(value: unknown): InternetHeader[] {
  const headers = ((value as Json[] | null) ?? []).map((header) => ({
    name: String(header['name'] ?? ''),
    value: String(header['value'] ?? ''),
  }));
  for (const { name } of headers) if (!/^x-./i.test(name)) throw errors.invalidHeaderName(name);
  if (headers.length > maximum) throw errors.tooManyHeaders();
  return headers;
}
