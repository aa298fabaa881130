// `npx graph-mail-queue pauses` shows a pause and lifts it.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Table } from '../../../shared/adapters/table-storage/table.ts';
import { TableAccountPauses } from '../../../shared/adapters/table-storage/table-account-pauses.ts';
import { makeTableClient } from '../../../shared/adapters/table-storage/table-client.ts';
import { newStorageAccount } from '../../support/storage-account.ts';

const script = fileURLToPath(new URL('../../../scripts/pauses.ts', import.meta.url));
const MAILBOX = 'sender@contoso.com';

test('the command shows a pause and lifts it', async () => {
  const account = await newStorageAccount();
  const { connectionString } = account;
  const run = (...parts: string[]) =>
    new Promise<string>((resolve) => {
      const env = { PATH: process.env['PATH'], STORAGE: connectionString };
      const child = spawn(process.execPath, ['--import', 'tsx', script, ...parts], { env });
      let out = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (out += chunk));
      child.on('close', () => resolve(out));
    });
  try {
    const now = Date.now();
    const store = () => new TableAccountPauses(new Table(makeTableClient({ connectionString })), { now: () => Date.now() });
    const until = new Date(now + 3_600_000).toISOString();
    await store().pause(MAILBOX, { until, reason: '5.1.8: blocked', since: new Date(now).toISOString() });
    expect(await run('--mailbox', MAILBOX)).toBe(`${MAILBOX} is paused until ${until}: 5.1.8: blocked\n`);
    expect(await run('--mailbox', MAILBOX, '--lift')).toContain('The pause is lifted');
    expect(await store().current(MAILBOX)).toBeUndefined();
    expect(await run('--lift')).toContain('--mailbox is missing');
  } finally {
    await account.close();
  }
});
