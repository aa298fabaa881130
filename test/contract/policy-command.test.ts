// `npx graph-mail-queue policy put|get|history` against Azurite: what an operator sees, and that nobody's change is lost.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPolicy, writePolicy } from '../../scripts/policy/policy-store.ts';
import { compiledScript } from '../support/compiled-script.ts';
import { newStorageAccount, type StorageAccount } from '../support/storage-account.ts';

/** As npm runs it. */
const SOURCE = ['--import', 'tsx', fileURLToPath(new URL('../../scripts/policy.ts', import.meta.url))];
const directory = mkdtempSync(join(tmpdir(), 'policy-command-'));
const file = join(directory, 'policy.json');

const APP = '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1001';
const policy = (mailbox: string) =>
  `${JSON.stringify({ applications: [{ name: 'Invoicing', applicationId: APP, mailboxes: [mailbox] }] }, undefined, 2)}\n`;

let script: string;
let account: StorageAccount;
let container: ContainerClient;
beforeAll(async () => {
  script = await compiledScript('scripts/policy.ts');
  account = await newStorageAccount();
  container = BlobServiceClient.fromConnectionString(account.connectionString).getContainerClient('policy');
});
afterAll(async () => {
  await account.close();
  rmSync(directory, { recursive: true });
});

function start(argv: readonly string[]): Promise<{ code: number | null; out: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], STORAGE: account.connectionString };
    const child = spawn(process.execPath, argv, { env });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (out += chunk));
    child.on('close', (code) => resolve({ code, out }));
  });
}

const run = (...parts: string[]) => start([script, ...parts]);

describe('npx graph-mail-queue policy', () => {
  test('says what is missing while nothing is deployed, or no policy is there', async () => {
    writeFileSync(file, policy('a@contoso.com'));
    expect(await start([...SOURCE, 'put', file])).toMatchObject({ code: 2, out: expect.stringContaining('deploy first') });
    await container.create();
    expect(await run('get')).toMatchObject({ code: 2, out: expect.stringContaining('There is no sender policy') });
    expect(await run('history')).toMatchObject({ code: 2, out: expect.stringContaining('npx graph-mail-queue policy put FILE') });
  });

  test('put shows the difference, and changes nothing without --yes', async () => {
    expect(await run('put', file)).toMatchObject({ code: 0, out: expect.stringContaining('with --yes') });
    expect(await readPolicy(container, 'sender-policy.json')).toBeUndefined();
    expect(await run('put', file, '--yes')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Within a minute the policy is in force'),
    });
    expect((await run('get')).out).toBe(policy('a@contoso.com'));
    expect((await run('put', file, '--yes')).out).toContain('Nothing was changed');
    writeFileSync(file, policy('b@contoso.com'));
    const { out } = await run('put', file, '--yes');
    expect(out).toMatch(/^-.*a@contoso\.com/m);
    expect(out).toMatch(/^\+.*b@contoso\.com/m);
    expect((await run('history')).out).toContain('in force');
  });

  test('refuses a policy with a mistake, by line', async () => {
    writeFileSync(file, '{"applications": [{"name": "x"}]}');
    expect(await run('put', file, '--yes')).toMatchObject({ code: 1, out: expect.stringMatching(/line 1: .*Nothing was changed/s) });
    expect((await run('get')).out).toBe(policy('b@contoso.com'));
  });

  test('never replaces a policy that somebody else has changed meanwhile', async () => {
    const seen = await readPolicy(container, 'sender-policy.json');
    await writePolicy(container, 'sender-policy.json', policy('c@contoso.com'), seen);
    await expect(writePolicy(container, 'sender-policy.json', policy('d@contoso.com'), seen)).rejects.toThrow('Somebody else');
    await expect(writePolicy(container, 'sender-policy.json', policy('d@contoso.com'), undefined)).rejects.toThrow('Somebody else');
    expect((await readPolicy(container, 'sender-policy.json'))?.text).toBe(policy('c@contoso.com'));
  });
});
