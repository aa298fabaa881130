// What an operator runs against a real stack. `npx graph-mail-queue doctor`: green when everything is in place, and for each broken piece red with the advice
// that mends it. `npx graph-mail-queue pauses`: what is paused, and its end.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compiledScript } from '../support/compiled-script.ts';
import { type RunningStack, startRunningStack } from '../support/running-stack.ts';
import { until } from '../support/until.ts';

const scriptOf = (name: string) => fileURLToPath(new URL(`../../scripts/${name}.ts`, import.meta.url));
/** As people run it. */
const SOURCE = ['--import', 'tsx', scriptOf('doctor')];
const SAMPLE = '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1001';
const BOX = 'invoices@contoso.com';
const CLOSED = 'closed@contoso.com';
const directory = mkdtempSync(join(tmpdir(), 'doctor-'));
const policy = join(directory, 'policy.json');

let script: string;
let pausesScript: string;
let stack: RunningStack;
beforeAll(async () => {
  [script, pausesScript] = await Promise.all([compiledScript('scripts/doctor.ts'), compiledScript('scripts/pauses.ts')]);
  stack = await startRunningStack({ settings: { CALLER_AUTH: 'entra', SENDER_POLICY: policy, RECONCILE_SCHEDULE: '* * * * * *' } });
  await stack.graph('POST', 'mailboxes', { address: CLOSED, state: 'accessDenied' });
});
afterAll(async () => {
  await stack.close();
  rmSync(directory, { recursive: true });
});

const token = async (resource = 'api://graph-mail-queue', application = 'sample-app'): Promise<string> =>
  (await stack.graph<{ access_token: string }>('POST', 'token', { application, resource })).access_token;

interface Said {
  code: number | null;
  out: string;
}

function start(program: readonly string[], parts: readonly string[]): Promise<Said> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...program, ...parts], { env: { PATH: process.env['PATH'] } });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (out += chunk));
    child.on('close', (code) => resolve({ code, out }));
  });
}

const partsOf = (accessToken: string, mailbox: string): string[] => [
  ...['--url', stack.url('functions'), '--mailbox', mailbox, '--token', accessToken, '--patience', 'PT4M'],
];
const doctor = (accessToken: string, mailbox = BOX, ...more: string[]): Promise<Said> =>
  start([script], [...partsOf(accessToken, mailbox), ...more]);

test('from nothing to the first mail: the doctor names each broken piece and what mends it', async () => {
  const noPolicy = await doctor(await token());
  expect(noPolicy).toMatchObject({ code: 1, out: expect.stringMatching(/FAILED {3}sender policy.*\n.*npx graph-mail-queue policy put/) });
  expect(noPolicy.out).toContain('skipped  mailbox');

  writeFileSync(policy, JSON.stringify({ applications: [{ name: 'Sample', applicationId: SAMPLE, mailboxes: [BOX, CLOSED] }] }));
  const path = `${stack.url('functions')}/v1.0/users/${BOX}/preflight`;
  const headers = { Authorization: `Bearer ${await token()}` };
  await until(
    'the policy is read',
    async () => (await fetch(path, { headers })).status,
    (status) => status === 200,
  );

  const otherAudience = await doctor(await token('api://something-else'));
  expect(otherAudience).toMatchObject({ code: 1, out: expect.stringMatching(/FAILED {3}token.*\n.*audience something-else/) });
  expect(otherAudience.out).toContain('ENTRA_AUDIENCE');

  const notNamed = await doctor(await token(), 'ceo@contoso.com');
  expect(notNamed).toMatchObject({
    code: 1,
    out: expect.stringMatching(/FAILED {3}sender policy.*\n.*"mailboxes": \["ceo@contoso.com"\]/),
  });

  const noRight = await doctor(await token(), CLOSED);
  expect(noRight).toMatchObject({ code: 1, out: expect.stringMatching(/FAILED {3}mailbox.*\n.*grant-mailbox-rights\.ps1/) });

  const healthy = await doctor(await token());
  expect(healthy).toMatchObject({ code: 0, out: expect.stringMatching(/ok {7}first mail: .*is sent/) });
  expect(healthy.out).toMatch(/ok {7}non-delivery report: the non-delivery report was read: 5\.1\.10/);
  expect(healthy.out).toContain(`curl -i ${stack.url('functions')}/v1.0/users/${BOX}/sendMail`);
});

test('the doctor says what is missing where it is called the wrong way, and where nothing answers', async () => {
  const wrong = await doctor('x', 'no-address');
  expect(wrong).toMatchObject({ code: 2, out: expect.stringContaining('--mailbox takes a mail address') });
  const nowhere = await start(SOURCE, [...partsOf('x', BOX), '--url', 'http://127.0.0.1:3']);
  expect(nowhere).toMatchObject({
    code: 1,
    out: expect.stringContaining('FAILED   app: no connection to http://127.0.0.1:3: ECONNREFUSED'),
  });
});

test('pauses are listed and lifted through the API, by operators', async () => {
  const operator = await token(undefined, 'operator');
  const url = stack.url('functions');
  const headers = { Authorization: `Bearer ${operator}`, 'content-type': 'application/json' };
  const ids = ['everything', `mailbox:${BOX}`];
  for (const order of [{ scope: 'everything' }, { scope: 'mailbox', name: BOX }])
    await fetch(`${url}/v1.0/pauses`, { method: 'POST', headers, body: JSON.stringify({ ...order, reason: 'wrong template' }) });
  const pauses = (...parts: string[]) => start([pausesScript], ['--url', url, ...parts]);

  const listed = await pauses('--token', operator);
  expect(listed.code).toBe(0);
  for (const id of ids) expect(listed.out).toMatch(new RegExp(`^${id}\n {4}since \\S+Z by \\S+: wrong template$`, 'm'));

  const noOperator = await pauses('--token', await token());
  expect(noOperator).toMatchObject({ code: 1, out: expect.stringContaining('register-api.ps1 -Operator') });

  const nobody = await pauses('--state', join(directory, 'no-stack.json'));
  expect(nobody.code).toBe(2);
  expect(nobody.out.trim().split('\n')).toEqual([
    'The app asks for an access token.',
    expect.stringContaining('--scope api://APPLICATION_ID/.default'),
    expect.stringContaining('register-api.ps1'),
  ]);

  const lifted = await pauses('--token', operator, '--reason', 'mended', ...ids.flatMap((id) => ['--lift', id]));
  expect(lifted).toMatchObject({
    code: 0,
    out: expect.stringMatching(/everything is lifted.*\nmailbox:.* is lifted.*\nNothing is paused\.\n$/),
  });
  expect(await pauses('--token', operator, '--lift', 'everything')).toMatchObject({ code: 1, out: expect.stringContaining('404') });
});
