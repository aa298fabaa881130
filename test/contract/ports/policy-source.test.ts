// Where a sender policy may be: a file or a blob, both with a cheap way to tell that nothing has changed.
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BlobPolicySource, POLICY_CONTAINER } from '../../../shared/adapters/blob-storage/blob-policy-source.ts';
import { FilePolicySource } from '../../../shared/adapters/files/file-policy-source.ts';
import type { PolicySource } from '../../../shared/ports/policy-source.ts';
import { StoreUnavailable } from '../../../shared/ports/store-unavailable.ts';
import { newStorageAccount, type StorageAccount } from '../../support/storage-account.ts';

let account: StorageAccount;
let blobs: BlobServiceClient;
const directory = mkdtempSync(join(tmpdir(), 'policy-'));
const file = join(directory, 'policy.json');
let touched = 1_000_000;

beforeAll(async () => {
  account = await newStorageAccount();
  blobs = BlobServiceClient.fromConnectionString(account.connectionString);
});
afterAll(async () => {
  await account.close();
  rmSync(directory, { recursive: true });
});

const kinds: [string, () => PolicySource, (text: string) => Promise<unknown>][] = [
  [
    'a file',
    () => new FilePolicySource(file),
    async (text) => {
      writeFileSync(file, text);
      utimesSync(file, touched, ++touched);
    },
  ],
  [
    'a blob',
    () => new BlobPolicySource(async () => blobs, 'eu/policy.json'),
    async (text) => {
      const container = blobs.getContainerClient(POLICY_CONTAINER);
      await container.createIfNotExists();
      await container.getBlockBlobClient('eu/policy.json').upload(text, Buffer.byteLength(text));
    },
  ],
];

describe.each(kinds)('%s', (_, make, write) => {
  test('is missing, read, unchanged, and read again once it was written anew', async () => {
    const source = make();
    expect(await source.read()).toEqual({ kind: 'missing' });
    await write('{"a":"ü"}');
    const first = await source.read();
    if (first.kind !== 'read') throw new Error(first.kind);
    expect(first.text).toBe('{"a":"ü"}');
    expect(await source.read(first.version)).toEqual({ kind: 'unchanged' });
    await write('{"a":"ö"}');
    const second = await source.read(first.version);
    expect(second).toMatchObject({ kind: 'read', text: '{"a":"ö"}' });
    expect(source.place).toMatch(/policy\.json$/);
  });
});

test('a store that is out of reach says so', async () => {
  const nowhere = BlobServiceClient.fromConnectionString(account.at({ blob: 'http://127.0.0.1:1' }), {
    retryOptions: { maxTries: 1 },
  });
  await expect(new BlobPolicySource(async () => nowhere, 'x').read()).rejects.toThrow(StoreUnavailable);
  await expect(new FilePolicySource(directory).read()).rejects.toThrow(StoreUnavailable);
});
