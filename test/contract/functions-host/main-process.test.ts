// The host as a process of its own: flags, ready line, signals, errors.
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { compiled } from '../../emulators/local-stack/compile.ts';
import { buildSampleApp, type SampleFolder, sampleHostJson, sampleSettings } from './sample-app.ts';

/** As its README starts it. Everywhere else it is the compiled one, as in the local stack. */
const SOURCE = [
  '--import',
  fileURLToPath(import.meta.resolve('tsx')),
  fileURLToPath(new URL('../../emulators/functions-host/main.ts', import.meta.url)),
];

let sample: SampleFolder;
let child: ChildProcess | undefined;

beforeAll(async () => {
  sample = await buildSampleApp();
});
afterEach(() => {
  child?.kill('SIGKILL');
  child = undefined;
});
afterAll(() => sample?.remove());

interface Options {
  env?: Record<string, string>;
  ipc?: boolean;
  program?: readonly string[];
}

interface Run {
  /** The next line on stdout, as JSON. */
  line(): Promise<Record<string, unknown>>;
  exit: Promise<{ code: number | null; stderr: string }>;
  process: ChildProcess;
}

function run(flags: string[], { env = {}, ipc = false, program = [compiled('functions-host')] }: Options = {}): Run {
  const args = [...program, '--bundle', sample.bundle, '--host-json', sampleHostJson, ...flags];
  const process_ = spawn(process.execPath, args, {
    // From another folder, so that nothing depends on where the host is started.
    cwd: sample.folder,
    env: { PATH: process.env['PATH'] ?? '', ...sampleSettings, ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? (['ipc'] as const) : [])],
  });
  child = process_;
  let stderr = '';
  process_.stderr!.setEncoding('utf8').on('data', (text) => (stderr += text));
  const lines: string[] = [];
  let rest = '';
  let wake = () => {};
  process_.stdout!.setEncoding('utf8').on('data', (text) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop()!;
    lines.push(...parts);
    wake();
  });
  const exit = new Promise<{ code: number | null; stderr: string }>((resolve) => process_.on('close', (code) => resolve({ code, stderr })));
  return {
    process: process_,
    exit,
    async line() {
      while (lines.length === 0)
        await Promise.race([
          new Promise<void>((resolve) => (wake = resolve)),
          exit.then(({ stderr: text }) => Promise.reject(new Error(text))),
        ]);
      return JSON.parse(lines.shift()!);
    },
  };
}

test('the ready line names the URL, both processes and the functions; SIGTERM ends with code 0', async () => {
  const host = run(['--port', '0'], { program: SOURCE });
  const ready = await host.line();
  expect(ready).toMatchObject({ ready: true, hostPid: host.process.pid, workerPid: expect.any(Number) });
  expect(ready['functions']).toContainEqual({ name: 'echo-send', type: 'httpTrigger', route: 'v1.0/users/{mailbox}/sendMail' });
  expect(ready['functions']).toContainEqual({ name: 'once-a-year', type: 'timerTrigger' });
  expect((await fetch(`${ready['url']}/nothing`)).status).toBe(204);
  host.process.kill('SIGTERM');
  expect((await host.exit).code).toBe(0);
});

test('with --control a POST kills the worker, and a line tells the new one', async () => {
  const host = run(['--port', '0', '--control']);
  const { url, workerPid } = await host.line();
  expect((await fetch(`${url}/admin/host/kill-worker`, { method: 'POST' })).status).toBe(202);
  const { worker } = (await host.line()) as { worker: { pid: number } };
  expect(worker.pid).not.toBe(workerPid);
  expect((await fetch(`${url}/nothing`)).status).toBe(204);
});

test('the third crash of the worker within half an hour ends the host; a worker that the host itself has ended does not count', async () => {
  const host = run(['--port', '0', '--control']);
  const { url } = await host.line();
  await fetch(`${url}/admin/host/kill-worker`, { method: 'POST' });
  await host.line();
  for (let crash = 1; crash <= 3; crash += 1) {
    expect((await fetch(`${url}/crashes`)).status).toBe(500);
    if (crash < 3) await host.line();
  }
  const { code, stderr } = await host.exit;
  expect(code).toBe(1);
  expect(stderr).toContain('Exceeded language worker restart retry count');
});

test('without --control nobody can kill the worker', async () => {
  const { url } = await run(['--port', '0']).line();
  expect((await fetch(`${url}/admin/host/kill-worker`, { method: 'POST' })).status).toBe(404);
});

test('when the host is killed, its worker ends too', async () => {
  const host = run(['--port', '0']);
  const workerPid = (await host.line())['workerPid'] as number;
  host.process.kill('SIGKILL');
  await host.exit;
  const alive = () => {
    try {
      return process.kill(workerPid, 0);
    } catch {
      return false;
    }
  };
  while (alive()) await new Promise((resolve) => setTimeout(resolve, 5));
});

test('when its parent is gone, the host ends', async () => {
  const host = run(['--port', '0'], { ipc: true });
  await host.line();
  // Not 'close': that one never comes for a channel that this side has disconnected.
  const exited = new Promise((resolve) => host.process.on('exit', resolve));
  host.process.disconnect();
  expect(await exited).toBe(0);
});

test('settings come from the file, and the environment wins', async () => {
  const settings = join(sample.folder, 'local.settings.json');
  writeFileSync(settings, JSON.stringify({ IsEncrypted: false, Values: { ONLY_FILE: 'file', BOTH: 'file' } }));
  const { url } = await run(['--port', '0', '--settings', settings], { env: { BOTH: 'environment' } }).line();
  expect(await (await fetch(`${url}/settings?name=ONLY_FILE`)).text()).toBe('file');
  expect(await (await fetch(`${url}/settings?name=BOTH`)).text()).toBe('environment');
});

test('an app that can’t be loaded: its error on stderr, exit code 1', async () => {
  const { code, stderr } = await run(['--port', '0'], { env: { SAMPLE_MODE: 'broken' } }).exit;
  expect(code).toBe(1);
  expect(stderr).toContain('SAMPLE_MODE is broken: not a valid setting');
});

test('a port in use: one clear line, exit code 1', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, resolve));
  const { port } = taken.address() as AddressInfo;
  const { code, stderr } = await run(['--port', String(port)]).exit;
  taken.close();
  expect([code, stderr.trim()]).toEqual([1, `functions-host: port ${port} is in use`]);
});
