// Content in memory: claim checks, what is kept for a resend, and what was set aside.
import { createHash } from 'node:crypto';
import type { ClaimCheck } from '../../shared/domain/log/send-request.ts';
import type { ContentStore } from '../../shared/ports/content-store.ts';
import { StoreUnavailable } from '../../shared/ports/store-unavailable.ts';

export class InMemoryContentStore implements ContentStore {
  readonly contents = new Map<string, Uint8Array>();
  readonly keptContents = new Map<string, Uint8Array>();
  readonly poison = new Map<string, { body: unknown; reason: string }>();
  /** Names of the calls made, for tests that count them. */
  readonly calls: string[] = [];
  down = false;

  async put(id: string, bytes: Uint8Array): Promise<ClaimCheck> {
    this.#called('put');
    const name = `${id}/${createHash('sha256').update(bytes).digest('hex')}`;
    this.contents.set(name, bytes.slice());
    return { name, length: bytes.length };
  }

  async get({ name }: ClaimCheck): Promise<Uint8Array | undefined> {
    this.#called('get');
    return this.contents.get(name)?.slice();
  }

  async remove({ name }: ClaimCheck): Promise<void> {
    this.#called('remove');
    this.contents.delete(name);
  }

  async keep(id: string, bytes: Uint8Array): Promise<ClaimCheck> {
    this.#called('keep');
    if (!this.keptContents.has(id)) this.keptContents.set(id, bytes.slice());
    return { name: id, length: bytes.length };
  }

  async kept(id: string): Promise<Uint8Array | undefined> {
    this.#called('kept');
    return this.keptContents.get(id)?.slice();
  }

  async forget(id: string): Promise<void> {
    this.#called('forget');
    this.keptContents.delete(id);
  }

  async setAside(name: string, body: unknown, reason: string): Promise<void> {
    this.#called('setAside');
    if (!this.poison.has(name)) this.poison.set(name, { body: structuredClone(body), reason });
  }

  async check(): Promise<void> {
    this.#called('check');
  }

  #called(call: string): void {
    this.calls.push(call);
    if (this.down) throw new StoreUnavailable('down');
  }
}
