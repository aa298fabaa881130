// What a connection may touch: the tokens put to $cbs, by path.
import { parseAddress } from './address.ts';

interface Right {
  readonly path: string;
  readonly expiresAt: number;
}

export class Rights {
  readonly #rights: Right[] = [];
  readonly #now: () => number;

  /** Tokens expire by real time, never by a test's clock. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  grant(audience: string, expiresAt: number): void {
    this.#rights.push({ path: pathOf(audience), expiresAt });
  }

  allows(address: string): boolean {
    const path = pathOf(address);
    return this.#rights.some((right) => right.expiresAt > this.#now() && covers(right.path, path));
  }
}

/** A token for an entity covers what lies below it; a token for the namespace covers everything. */
export function covers(granted: string, wanted: string): boolean {
  return granted === '' || granted === wanted || wanted.startsWith(granted + '/');
}

export function pathOf(address: string): string {
  const parsed = parseAddress(address);
  return parsed.node === 'cbs' ? '$cbs' : (parsed.queue + (parsed.node === 'management' ? '/$management' : '')).toLowerCase();
}
