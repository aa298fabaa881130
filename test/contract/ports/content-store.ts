// What every content store must do, whatever keeps it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContentStore } from '../../../shared/ports/content-store.ts';
import { newId } from '../../support/samples.ts';
import type { Harness } from './harness.ts';

export interface ContentHarness extends Harness<ContentStore> {
  /** What was set aside under a name. */
  poison(name: string): Promise<unknown>;
}

export function describeContentStore(name: string, harness: ContentHarness): void {
  describe(`content store contract: ${name}`, () => {
    let store: ContentStore;
    const some = () => newId('a@contoso.com');
    const bytes = (length: number): Uint8Array =>
      Buffer.alloc(
        length,
        Uint8Array.from({ length: 256 }, (_, index) => index),
      );
    beforeAll(async () => {
      store = await harness.create();
    });
    afterAll(() => harness.dispose());

    it.each([0, 1, 5_000_000])('%i bytes come back as they were put', async (length) => {
      const claimCheck = await store.put(some(), bytes(length));
      expect(claimCheck.length).toBe(length);
      expect(Buffer.compare((await store.get(claimCheck)) ?? Buffer.from('nothing'), bytes(length))).toBe(0);
    });

    it('the same content put twice is one claim check, other content another', async () => {
      const id = some();
      const first = await store.put(id, bytes(10));
      expect(await store.put(id, bytes(10))).toEqual(first);
      expect((await store.put(id, bytes(11))).name).not.toBe(first.name);
      expect(await store.get(first)).toHaveLength(10);
    });

    it('content that was removed is gone, and removing it again is no error', async () => {
      const claimCheck = await store.put(some(), bytes(10));
      await store.remove(claimCheck);
      await store.remove(claimCheck);
      expect(await store.get(claimCheck)).toBeUndefined();
    });

    it('what is kept for a resend is there under the id of its request, and stays when the content goes', async () => {
      const id = some();
      const claimCheck = await store.put(id, bytes(10));
      await store.keep(id, bytes(10));
      await store.keep(id, bytes(10));
      await store.remove(claimCheck);
      expect(await store.kept(id)).toHaveLength(10);
      expect(await store.kept(some())).toBeUndefined();
    });

    it('what is kept and not needed any more is gone, and forgetting it again is no error', async () => {
      const id = some();
      await store.keep(id, bytes(10));
      await store.forget(id);
      await store.forget(id);
      expect(await store.kept(id)).toBeUndefined();
    });

    it('what nobody can handle is set aside with its reason', async () => {
      await store.setAside('strange/../name?', { any: ['thing'] }, 'The body is no queue message');
      await store.setAside('strange/../name?', { any: ['thing'] }, 'The body is no queue message');
      expect(await harness.poison('strange/../name?')).toEqual({ reason: 'The body is no queue message', body: { any: ['thing'] } });
    });

    it('check passes while the store answers', async () => {
      await expect(store.check()).resolves.toBeUndefined();
    });
  });
}
