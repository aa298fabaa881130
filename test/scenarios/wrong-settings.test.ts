// A wrong or missing setting stops the start: the host ends with 1, and every problem is listed with its setting and an example.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compiled } from '../emulators/local-stack/compile.ts';
import { bundle } from '../support/running-stack.ts';

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

function start(settings: Record<string, string>): Promise<{ code: number | null; words: string; ready: boolean }> {
  const { PATH = '', HOME = '' } = process.env;
  const argv = [compiled('functions-host'), '--bundle', bundle, '--host-json', hostJson, '--port', '0'];
  const child = spawn(process.execPath, argv, { env: { PATH, HOME, ...settings }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let words = '';
  child.stderr?.on('data', (text) => (words += text));
  let ready = false;
  child.stdout?.on('data', (text) => {
    ready ||= String(text).includes('"ready":true');
    child.kill('SIGTERM');
  });
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code, words, ready })));
}

test('all problems are listed at once, each with its setting, what is wrong, and an example', async () => {
  const { SERVICE_BUS: _, ...rest } = RIGHT;
  const wrong = { GRAPH_TIMEOUT: '100 seconds', GRAPH_RIGHTS: 'all', LANES_PER_MAILBOX: '9', TELEMETRY_MAILBOX: 'hash' };
  const { code, words } = await start({ ...rest, ...wrong });
  expect(code).toBe(1);
  const problems = words.split('\n').filter((line) => line.trim().startsWith('- '));
  expect(problems.map((line) => /- (\w+)/.exec(line)?.[1]).sort()).toEqual(
    ['GRAPH_RIGHTS', 'GRAPH_TIMEOUT', 'LANES_PER_MAILBOX', 'SERVICE_BUS__fullyQualifiedNamespace', 'TELEMETRY_HASH_KEY'].sort(),
  );
  for (const line of problems) expect(line).toMatch(/Example: \S/);
  expect(words).toContain('5 problem(s) in the application settings');
});

test.each([
  [
    'a call to Graph that outlasts the lock of its queue message',
    { GRAPH_TIMEOUT: 'PT2M', IN_DOUBT_GRACE: 'PT10M' },
    'GRAPH_TIMEOUT must be shorter',
  ],
  ['a grace that ends before a slow call does', { GRAPH_TIMEOUT: 'PT60S', IN_DOUBT_GRACE: 'PT60S' }, 'IN_DOUBT_GRACE must be longer'],
  [
    'a longest wait below the first',
    { RETRY_INITIAL_INTERVAL: 'PT2H', RETRY_MAXIMUM_INTERVAL: 'PT1H' },
    'RETRY_MAXIMUM_INTERVAL must not be shorter',
  ],
  ['callers that nobody checks, in Azure', { AZURE_FUNCTIONS_ENVIRONMENT: 'Production' }, 'CALLER_AUTH is "none"'],
])('refused: %s', async (_what, settings, words) => {
  const result = await start({ ...RIGHT, ...settings });
  expect(result.code).toBe(1);
  expect(result.words).toContain(words);
});

test('right settings start', async () => {
  const { ready, words } = await start(RIGHT);
  expect({ ready, words: words.match(/.*problem.*/)?.[0] }).toEqual({ ready: true, words: undefined });
});
