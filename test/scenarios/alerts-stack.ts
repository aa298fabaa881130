// A stack in which the condition of an alert can be made true: its tables can fail, its policy can be replaced, and what it tells is kept.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { type RunningStack, startRunningStack } from '../support/running-stack.ts';
import { newStorageAccount, type StorageAccount } from '../support/storage-account.ts';
import { ToldLines } from '../support/told.ts';

export interface AlertsStack {
  stack: RunningStack;
  account: StorageAccount;
  /** In front of the tables. */
  proxy: FaultProxy;
  told: ToldLines;
  /** Path of the sender policy. */
  policy: string;
  close(): Promise<void>;
}

export async function startAlertsStack(settings: Readonly<Record<string, string>> = {}): Promise<AlertsStack> {
  const told = new ToldLines();
  const folder = mkdtempSync(join(tmpdir(), 'policy-'));
  const policy = join(folder, 'policy.json');
  writeFileSync(policy, JSON.stringify({ applications: [{ name: 'x', applicationId: 'anonymous', mailboxes: ['*@contoso.com'] }] }));
  const account = await newStorageAccount();
  const proxy = await startFaultProxy(account.table);
  const stack = await startRunningStack({
    storage: account.at({ table: proxy.url, blob: account.blob }),
    settings: { RECONCILE_SCHEDULE: '* * * * * *', SENDER_POLICY: policy, ...settings },
    log: told.log,
  });
  const close = async () => {
    await stack.close();
    await Promise.all([proxy.close(), account.close()]);
    rmSync(folder, { recursive: true, force: true });
  };
  return { stack, account, proxy, told, policy, close };
}
