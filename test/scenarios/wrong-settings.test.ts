// Wrong or missing settings: only the probes and a refusal of everything else run, each problem is in the log, and the doctor says what to do.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { postdeploy } from '../../scripts/azd-postdeploy.mjs';
import { compiled } from '../emulators/local-stack/compile.ts';
import { bundle } from '../support/running-stack.ts';

const doctor = fileURLToPath(new URL('../../scripts/doctor.ts', import.meta.url));
const hostJson = fileURLToPath(new URL('../../host.json', import.meta.url));

/** Nothing is connected to before the settings are read, so none of these has to be there. */
const RIGHT = {
  AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
  CALLER_AUTH: 'none',
  QUEUE_NAME: 'send-requests',
  RECONCILE_SCHEDULE: '0 * * * * *',
  SERVICE_BUS: 'Endpoint=sb://localhost:1;SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true;',
  STORAGE:
    'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=Yg==;BlobEndpoint=http://localhost:1/a;TableEndpoint=http://localhost:1/a;',
};

const hosts: ChildProcess[] = [];
afterEach(async () => {
  await Promise.all(
    hosts.splice(0).map((host) => {
      const ended = new Promise((exit) => host.once('exit', exit));
      host.kill('SIGTERM');
      return ended;
    }),
  );
});

interface Started {
  url: string;
  functions: string[];
  /** What the host has logged so far. */
  words(): string;
}

/** The Functions host with the app, and nothing else. */
function start(settings: Record<string, string>): Promise<Started> {
  const { PATH = '', HOME = '' } = process.env;
  const argv = [compiled('functions-host'), '--bundle', bundle, '--host-json', hostJson, '--port', '0'];
  const child = spawn(process.execPath, argv, { env: { PATH, HOME, ...settings }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  hosts.push(child);
  let words = '';
  child.stderr?.on('data', (text) => (words += text));
  return new Promise((resolve, reject) => {
    let out = '';
    child.stdout?.on('data', (text) => {
      out += text;
      const line = out.split('\n').find((one) => one.includes('"ready":true'));
      if (!line) return;
      const said = JSON.parse(line) as { url: string; functions: { name: string }[] };
      resolve({ url: said.url, functions: said.functions.map(({ name }) => name).sort(), words: () => words });
    });
    child.once('exit', (code) => reject(new Error(`the host ended with ${code}: ${words}`)));
  });
}

const ONLY_THESE = ['health-live', 'health-ready', 'unknown-path'];

const problemsIn = (words: string): string[] => [...new Set(words.split('\n').filter((line) => line.trim().startsWith('- ')))];

const ready = async ({ url }: Started): Promise<{ status: number; body: Record<string, unknown> }> => {
  const response = await fetch(`${url}/health/ready`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

test('all problems are in the log at once, each with its setting, what is wrong, and an example; whoever asks gets the names', async () => {
  const { SERVICE_BUS: _, ...rest } = RIGHT;
  const wrong = { GRAPH_TIMEOUT: '100 seconds', GRAPH_RIGHTS: 'all', LANES_PER_MAILBOX: '9', TELEMETRY_MAILBOX: 'hash' };
  const started = await start({ ...rest, ...wrong });
  const names = ['GRAPH_RIGHTS', 'GRAPH_TIMEOUT', 'LANES_PER_MAILBOX', 'SERVICE_BUS__fullyQualifiedNamespace', 'TELEMETRY_HASH_KEY'];
  const { status, body } = await ready(started);
  expect(status).toBe(503);
  expect([...(body['settings'] as string[])].sort()).toEqual(names);
  expect(JSON.stringify(body)).not.toContain('100 seconds');
  const problems = problemsIn(started.words());
  expect(problems.map((line) => /- (\w+)/.exec(line)?.[1]).sort()).toEqual(names);
  for (const line of problems) expect(line).toMatch(/Example: \S/);
  expect(started.words()).toContain('error not ready: the app has not started: 5 problem(s) in the application settings');
});

test('nothing is taken from the queue, no timer runs, and a mail is answered 503 in the words of Graph', async () => {
  const { url, functions } = await start({ ...RIGHT, GRAPH_RIGHTS: 'all' });
  expect(functions).toEqual(ONLY_THESE);
  const answer = await fetch(`${url}/v1.0/users/sender@contoso.com/sendMail`, { method: 'POST', body: '{"message":{}}' });
  expect({ status: answer.status, retry: answer.headers.get('retry-after') }).toEqual({ status: 503, retry: '60' });
  expect(await answer.json()).toMatchObject({ error: { code: 'serviceNotAvailable' } });
});

test('in Azure the doctor is red for a wrong hash key, and says what to do; so does azd after a deployment', async () => {
  const azure = { ...RIGHT, AZURE_FUNCTIONS_ENVIRONMENT: 'Production', CALLER_AUTH: 'function-key' };
  const { url } = await start({ ...azure, TELEMETRY_MAILBOX: 'hash', TELEMETRY_HASH_KEY: 'short' });
  const child = spawn(process.execPath, ['--import', 'tsx', doctor, '--url', url, '--mailbox', 'sender@contoso.com']);
  let out = '';
  child.stdout.on('data', (text) => (out += text));
  const code = await new Promise((exit) => child.once('close', exit));
  expect({ code, out }).toMatchObject({
    code: 1,
    out: expect.stringMatching(/FAILED {3}app: the app has not started: application settings are wrong: TELEMETRY_HASH_KEY\n/),
  });
  expect(out).toMatch(/-> TELEMETRY_HASH_KEY: If TELEMETRY_MAILBOX=hash: the key of the hash, at least 16 characters/);
  expect(out).toContain('infra/main.bicepparam');
  expect(out).toContain('Key Vault Secrets User');
  expect(out).toContain('skipped  first mail');

  const said: string[] = [];
  expect(await postdeploy(url, (line) => said.push(line), { wrongSettingsMs: 0 })).toBe(false);
  expect(said.join('\n')).toContain('is not ready: the app has not started: application settings are wrong: TELEMETRY_HASH_KEY');
});

test('settings that are wrong together are refused', async () => {
  const together = {
    AZURE_FUNCTIONS_ENVIRONMENT: 'Production',
    GRAPH_TIMEOUT: 'PT2M',
    IN_DOUBT_GRACE: 'PT60S',
    RETRY_INITIAL_INTERVAL: 'PT2H',
    RETRY_MAXIMUM_INTERVAL: 'PT1H',
  };
  const started = await start({ ...RIGHT, ...together });
  expect(started.functions).toEqual(ONLY_THESE);
  expect((await ready(started)).status).toBe(503);
  const expected = [
    'GRAPH_TIMEOUT must be shorter',
    'IN_DOUBT_GRACE must be longer',
    'RETRY_MAXIMUM_INTERVAL must not be shorter',
    'CALLER_AUTH is "none"',
  ];
  for (const words of expected) expect(started.words()).toContain(words);
});

test('a connection string that cannot be read is named, and its value is told to nobody', async () => {
  const started = await start({ ...RIGHT, STORAGE: 'AccountKey=secret' });
  expect((await ready(started)).body).toMatchObject({ status: 'notStarted', settings: ['STORAGE'] });
  expect(started.words()).toContain('STORAGE is not a connection string of a storage account');
  expect(started.words()).not.toContain('secret');
});

test('right settings start', async () => {
  const { functions, words } = await start(RIGHT);
  expect(functions).toEqual(expect.arrayContaining(['send-mail', 'submit-send-request', 'reconcile-mailboxes', ...ONLY_THESE]));
  expect(words()).not.toContain('problem');
});
