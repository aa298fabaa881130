// The programs of docs/clients.md in JavaScript and .NET, as they stand there, against the local stack over https: real tokens, and one mail each.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dotnetMissing, GUIDE_PROGRAM, runDotnet } from '../../support/dotnet-clients.ts';
import { type RunningStack, startRunningStack } from '../../support/running-stack.ts';
import { PATIENCE_MS, until } from '../../support/until.ts';
import { mailsIn, transported } from '../operations/operations.ts';

const run = promisify(execFile);
const root = new URL('../../../', import.meta.url);
const guide = readFileSync(new URL('docs/clients.md', root), 'utf8');
const folder = fileURLToPath(new URL('dist/clients/programs/', root));
const SAMPLE_APP = '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1001';

let stack: RunningStack;
const directory = mkdtempSync(join(tmpdir(), 'documented-programs-'));

beforeAll(async () => {
  const policy = join(directory, 'policy.json');
  const mailboxes = ['older@contoso.com', 'kiota@contoso.com', 'dotnet@contoso.com'];
  const application = { name: 'Sample', applicationId: SAMPLE_APP, mailboxes };
  writeFileSync(policy, JSON.stringify({ mailboxes: mailboxes.map((name) => ({ name })), applications: [application] }));
  stack = await startRunningStack({
    https: true,
    settings: { CALLER_AUTH: 'entra', SENDER_POLICY: policy, RECONCILE_SCHEDULE: '*/2 * * * * *' },
  });
});
afterAll(async () => {
  await stack?.close();
  rmSync(directory, { recursive: true, force: true });
});

type Language = 'js' | 'csharp';

/** MSAL asks Microsoft about an authority that it does not know, unless it is told not to. */
const OPTIONS: Record<Language, string> = {
  js: '{ disableInstanceDiscovery: true }',
  csharp: 'new ClientSecretCredentialOptions { DisableInstanceDiscovery = true }',
};

/** The program below a heading, with the values of this stack in place of the guide's. */
function programOf(heading: string, mailbox: string, language: Language = 'js'): string {
  const code = guide.split(`\n## ${heading}\n`)[1]?.split(`\`\`\`${language}\n`)[1]?.split('```')[0];
  if (!code) throw new Error(`docs/clients.md has no program below ${heading}`);
  const { ENTRA_TENANT_ID = '' } = stack.stack.settings;
  return code
    .replace(/(['"])CLIENT_SECRET['"]/, `$&, ${OPTIONS[language]}`)
    .replace('TENANT_ID', ENTRA_TENANT_ID)
    .replace('CLIENT_ID', SAMPLE_APP)
    .replace('CLIENT_SECRET', 'sample-app-secret')
    .replaceAll('https://mail-queue.contoso.com', stack.url('functionsHttps'))
    .replaceAll(/(['"])mail-queue\.contoso\.com\1/g, '$1localhost$1')
    .replaceAll('api://QUEUE_APP_ID', 'api://graph-mail-queue')
    .replaceAll('invoices@contoso.com', mailbox);
}

async function runProgram(name: string, code: string, more: Record<string, string> = {}): Promise<string> {
  // Within the checkout, so that it finds the packages.
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, code);
  const env = { ...process.env, AZURE_AUTHORITY_HOST: stack.url('graphHttps'), NODE_EXTRA_CA_CERTS: stack.stack.certificate, ...more };
  const { stdout } = await run(process.execPath, [path], { env, timeout: PATIENCE_MS });
  return stdout;
}

/** One mail has left the mailbox, and one draft lies in it. */
async function untilOneMail(mailbox: string): Promise<void> {
  const left = () => transported(stack, mailbox);
  expect(await until('handed on', left, (mails) => mails.length > 0)).toHaveLength(1);
  expect((await mailsIn(stack, mailbox)).filter(({ isDraft }) => isDraft)).toHaveLength(1);
}

const NO_DOTNET = await dotnetMissing('guide');
const PROGRAMS = [
  ['JavaScript: @microsoft/microsoft-graph-client', 'older'],
  ['JavaScript: @microsoft/msgraph-sdk', 'kiota'],
] as const;

describe('docs/clients.md', () => {
  test.concurrent.each(PROGRAMS)('%s: sends one mail and makes one draft, run twice', async (heading, name) => {
    const mailbox = `${name}@contoso.com`;
    const code = programOf(heading, mailbox);
    expect(await runProgram(name, code)).toMatch(/true\n$/);
    await runProgram(name, code);
    await untilOneMail(mailbox);
  });

  test.skipIf(NO_DOTNET !== undefined)(
    `.NET: Microsoft.Graph 5: sends one mail and makes one draft${NO_DOTNET === undefined ? '' : ` (skipped: ${NO_DOTNET})`}`,
    async () => {
      const mailbox = 'dotnet@contoso.com';
      mkdirSync(dirname(GUIDE_PROGRAM), { recursive: true });
      writeFileSync(GUIDE_PROGRAM, programOf('.NET: Microsoft.Graph 5', mailbox, 'csharp'));
      const env = { AZURE_AUTHORITY_HOST: stack.url('graphHttps'), SSL_CERT_FILE: stack.stack.certificate };
      expect(await runDotnet('guide', [], env, 40_000)).toBe('True\n');
      await untilOneMail(mailbox);
    },
  );

  test.concurrent.each([
    ['JavaScript: @microsoft/microsoft-graph-client', 'customHosts', /\n *customHosts:.*/],
    ['JavaScript: @microsoft/msgraph-sdk', 'allowedHosts', /, undefined, allowedHosts/],
  ] as const)('%s: without %s it sends no token, and hears 401', async (heading, name, part) => {
    const code = programOf(heading, 'older@contoso.com');
    const without = code.replace(part, '');
    expect(without).not.toBe(code);
    await expect(runProgram(`without-${name.toLowerCase()}`, without)).rejects.toThrow(/InvalidAuthenticationToken|401/);
  });
});

describe('https of the local stack', () => {
  const status = (ca: string | undefined) =>
    new Promise<number | undefined>((resolve, reject) => {
      request(`${stack.url('functionsHttps')}/health/live`, { ca, agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });

  test('is trusted with the certificate that it names, and not without', async () => {
    expect(await status(readFileSync(stack.stack.certificate ?? '', 'utf8'))).toBe(200);
    await expect(status(undefined)).rejects.toThrow(/self-signed/);
  });
});
