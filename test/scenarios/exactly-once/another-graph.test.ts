// `npx graph-mail-queue start --graph URL`: another Graph in place of the emulator, which isn't started then.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { type StrangersGraph, startStrangersGraph } from './strangers-graph.ts';

interface State {
  urls: Record<string, string>;
  pids: Record<string, number>;
}

const directory = mkdtempSync(join(tmpdir(), 'another-graph-'));
let graph: StrangersGraph;
let stack: ChildProcess;
let state: State;

beforeAll(async () => {
  graph = await startStrangersGraph();
  const file = join(directory, 'state.json');
  const command = [
    '--import',
    'tsx',
    'test/emulators/local-stack.ts',
    '--port',
    '0',
    '--graph',
    graph.url,
    '--state',
    file,
    '--quiet',
    '--no-build',
  ];
  stack = spawn(process.execPath, command, {
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    env: { ...process.env, RECONCILE_SCHEDULE: '* * * * * *', IN_DOUBT_GRACE: 'PT6S', RETRY_INITIAL_INTERVAL: 'PT0.5S' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await until(
    'up',
    () => Promise.resolve(existsSync(file)),
    (is) => is,
  );
  state = JSON.parse(readFileSync(file, 'utf8')) as State;
});
afterAll(async () => {
  const ended = new Promise((resolve) => stack.once('exit', resolve));
  stack.kill('SIGTERM');
  await ended;
  await graph.close();
  rmSync(directory, { recursive: true, force: true });
});

async function send(subject: string): Promise<string> {
  const message = {
    subject,
    body: { contentType: 'Text', content: 'Hello' },
    toRecipients: [{ emailAddress: { address: 'customer@example.com' } }],
  };
  const response = await fetch(`${state.urls['functions']}/v1.0/users/sender@contoso.com/sendMail`, {
    method: 'POST',
    body: JSON.stringify({ message }),
    headers: { 'content-type': 'application/json' },
  });
  expect(response.status).toBe(202);
  return new URL(response.headers.get('location') ?? '', state.urls['functions']).href;
}

const isSent = (location: string) =>
  until(
    'sent',
    async () => (await (await fetch(location)).json()) as { status: string },
    ({ status }) => status === 'sent',
  );
const sent = (subject: string) => graph.sent.filter((mail) => mail['subject'] === subject);

test('the emulator is not started', () => {
  expect(state.urls['graph']).toBe(graph.url);
  expect(Object.keys(state.pids)).not.toContain('graph');
});

test('a mail goes out through it, once', async () => {
  await isSent(await send('through another Graph'));
  expect(sent('through another Graph')).toHaveLength(1);
});

test('a mail whose answer it loses is found there, and not sent again', async () => {
  let lost = 0;
  graph.losesAnswer = () => lost++ === 0;
  await isSent(await send('lost by another Graph'));
  expect(lost).toBe(1);
  expect(sent('lost by another Graph')).toHaveLength(1);
});
