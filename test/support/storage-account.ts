// A storage account of its own (tables and blobs) for whoever asks: one Azurite process has many, and keeps them in memory.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Part } from '../emulators/local-stack/part.ts';
import { storage } from '../emulators/local-stack/parts.ts';

/** Origins, without an account's name. */
interface Origins {
  table: string;
  blob: string;
}

export interface StorageAccount extends Origins {
  connectionString: string;
  /** The same account by other ways, such as a proxy's; only what is named. */
  at(origins: Partial<Origins>): string;
  close(): Promise<void>;
}

/** What a process that was started after Azurite needs to take an account of it. */
interface Shared extends Origins {
  key: string;
  /** A folder below it for each account that is taken. */
  taken: string;
}

const ACCOUNTS = 400;
/** Set for the processes of a test run by `startAzurite`. */
const AZURITE = 'TEST_AZURITE';

const nameOf = (n: number): string => `account${n}`;

interface Azurite {
  shared: Shared;
  stop(): Promise<void>;
}

async function startProcess(): Promise<Azurite> {
  const key = randomBytes(64).toString('base64');
  const accounts = Array.from({ length: ACCOUNTS }, (_, n) => `${nameOf(n)}:${key}`).join(';');
  const env = { ...process.env, AZURITE_ACCOUNTS: accounts };
  const part = new Part({ ...storage(), env, log: () => undefined, changed: () => undefined });
  await part.start();
  const origin = (name: string): string => `http://127.0.0.1:${part.said[name]}`;
  const taken = mkdtempSync(join(tmpdir(), 'storage-accounts-'));
  return {
    shared: { table: origin('tablePort'), blob: origin('blobPort'), key, taken },
    stop: async () => {
      await part.stop();
      rmSync(taken, { recursive: true, force: true });
    },
  };
}

/** One Azurite for all tests of a run; ends with what it returns. */
export async function startAzurite(): Promise<() => Promise<void>> {
  const { shared, stop } = await startProcess();
  process.env[AZURITE] = JSON.stringify(shared);
  return stop;
}

/** Making a folder is atomic: no two processes take the same account. */
function take({ taken }: Shared): string {
  for (let n = 0; n < ACCOUNTS; n++) {
    try {
      mkdirSync(join(taken, nameOf(n)));
      return nameOf(n);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  throw new Error(`all ${ACCOUNTS} storage accounts are taken`);
}

function accountOf({ shared, stop }: Azurite): StorageAccount {
  const name = take(shared);
  const at = ({ table, blob }: Partial<Origins>): string =>
    [
      'DefaultEndpointsProtocol=http',
      `AccountName=${name}`,
      `AccountKey=${shared.key}`,
      ...(table ? [`TableEndpoint=${table}/${name}`] : []),
      ...(blob ? [`BlobEndpoint=${blob}/${name}`] : []),
    ].join(';');
  return { table: shared.table, blob: shared.blob, connectionString: at(shared), at, close: stop };
}

/** Of the Azurite of a test run; undefined outside of one. */
export function sharedAccount(): StorageAccount | undefined {
  const given = process.env[AZURITE];
  return given ? accountOf({ shared: JSON.parse(given) as Shared, stop: async () => undefined }) : undefined;
}

export const newStorageAccount = async (): Promise<StorageAccount> => sharedAccount() ?? accountOf(await startProcess());
