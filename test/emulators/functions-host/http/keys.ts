// Function keys: who may call functions of authLevel `function` and `admin`, and the host's admin API.
import { timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface FunctionKeys {
  masterKey?: string;
  /** Valid for every function. */
  hostKeys?: Record<string, string>;
  /** By function name. */
  functionKeys?: Record<string, Record<string, string>>;
}

export const readFunctionKeys = (file: string): FunctionKeys => JSON.parse(readFileSync(file, 'utf8')) as FunctionKeys;

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Without keys everything is open, as with Core Tools on a developer's machine. */
export function isAuthorized(
  keys: FunctionKeys | undefined,
  level: string,
  functionName: string | undefined,
  given: string | undefined,
): boolean {
  if (!keys || level === 'anonymous') return true;
  if (!given) return false;
  const accepted = keys.masterKey ? [keys.masterKey] : [];
  if (level === 'function') {
    const own = Object.entries(keys.functionKeys ?? {}).find(([name]) => name.toLowerCase() === functionName?.toLowerCase());
    accepted.push(...Object.values(keys.hostKeys ?? {}), ...Object.values(own?.[1] ?? {}));
  }
  return accepted.some((key) => equal(key, given));
}
