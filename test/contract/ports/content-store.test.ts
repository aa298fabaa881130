// The content store contract against the fake and against Blob Storage (Azurite); and Blob Storage that is out of reach.
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BlobContentStore } from '../../../shared/adapters/blob-storage/blob-content-store.ts';
import { StoreUnavailable } from '../../../shared/ports/store-unavailable.ts';
import { InMemoryContentStore } from '../../fakes/in-memory-content-store.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';
import { describeContentStore } from './content-store.ts';

const fake = new InMemoryContentStore();
describeContentStore('in memory', { create: async () => fake, dispose: async () => {}, poison: async (name) => fake.poison.get(name) });

let account: StorageAccount;
let service: BlobServiceClient;
describeContentStore('Blob Storage', {
  create: async () => {
    account = await newStorageAccount();
    service = BlobServiceClient.fromConnectionString(account.connectionString);
    return new BlobContentStore(async () => service);
  },
  dispose: () => account.close(),
  poison: async () => {
    for await (const { name } of service.getContainerClient('poison').listBlobsFlat()) {
      const text = await service.getContainerClient('poison').getBlobClient(name).downloadToBuffer();
      return JSON.parse(text.toString());
    }
    return undefined;
  },
});

describe('content store on Blob Storage', () => {
  let blobs: StorageAccount;
  let proxy: FaultProxy;
  let store: BlobContentStore;
  const retryOptions = { maxTries: 1 };
  beforeAll(async () => {
    blobs = await newStorageAccount();
    proxy = await startFaultProxy(blobs.blob);
    const behindProxy = BlobServiceClient.fromConnectionString(blobs.at({ blob: proxy.url }), { retryOptions });
    store = new BlobContentStore(async () => behindProxy);
    await store.check();
    proxy.passed.splice(0);
  });
  afterAll(async () => {
    await proxy.close();
    await blobs.close();
  });
  const cost = () => proxy.passed.splice(0).map(({ method }) => method);

  it('putting, reading and removing cost one request each', async () => {
    const claimCheck = await store.put('id', Buffer.from('content'));
    await store.get(claimCheck);
    await store.remove(claimCheck);
    expect(cost()).toEqual(['PUT', 'GET', 'DELETE']);
  });

  it('a container is made when it is first missed', async () => {
    await store.keep('id', Buffer.from('content'));
    expect(cost()).toEqual(['PUT', 'PUT', 'PUT']);
    expect(await store.kept('id')).toHaveLength(7);
  });

  it('a put whose answer was lost can be repeated', async () => {
    proxy.inject([{ kind: 'loseAnswer' }]);
    await expect(store.put('lost', Buffer.from('content'))).rejects.toThrow(StoreUnavailable);
    const claimCheck = await store.put('lost', Buffer.from('content'));
    expect(await store.get(claimCheck)).toHaveLength(7);
  });

  const answer = (status: number, code: string) => ({
    kind: 'answer' as const,
    status,
    headers: { 'x-ms-error-code': code, 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>no</Message></Error>`,
  });

  it.each([
    [503, 'ServerBusy'],
    [500, 'InternalError'],
    [403, 'AuthorizationFailure'],
    [409, 'ContainerBeingDeleted'],
  ])('an answer of %i %s is StoreUnavailable, never success nor absence', async (status, code) => {
    for (const call of [
      () => store.put('id', Buffer.from('new')),
      () => store.get({ name: 'id/x', length: 1 }),
      () => store.remove({ name: 'x', length: 1 }),
    ]) {
      proxy.inject([answer(status, code)]);
      await expect(call()).rejects.toThrow(StoreUnavailable);
    }
  });

  it('a store that cannot be reached is StoreUnavailable', async () => {
    const nowhere = new BlobContentStore(async () =>
      BlobServiceClient.fromConnectionString(blobs.at({ blob: 'http://127.0.0.1:1' }), { retryOptions }),
    );
    await expect(nowhere.check()).rejects.toThrow(StoreUnavailable);
    await expect(nowhere.get({ name: 'x', length: 1 })).rejects.toThrow(StoreUnavailable);
  });
});
