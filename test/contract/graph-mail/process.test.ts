// The emulator as a process: ready line, clean stop, a port in use.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { compiled } from '../../emulators/local-stack/compile.ts';

/** As its README starts it, and as the local stack does. */
const SOURCE = ['--import', 'tsx', fileURLToPath(new URL('../../emulators/graph-mail/main.ts', import.meta.url))];
const COMPILED = compiled('graph-mail');
const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

function start(program: readonly string[], ...flags: string[]): ChildProcess {
  const child = spawn(process.execPath, [...program, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  return child;
}

async function readyLine(child: ChildProcess): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    text += chunk;
    if (text.includes('\n')) break;
  }
  return JSON.parse(text) as Record<string, unknown>;
}

test('prints one ready line with its URLs, and stops cleanly on SIGTERM', async () => {
  const child = start(SOURCE, '--port', '0', '--control', '--stage-delay', '0');
  const ready = await readyLine(child);
  expect(ready).toMatchObject({ ready: true, tenantId: expect.any(String), identityHeader: expect.any(String) });
  for (const name of ['url', 'graphUrl', 'authorityHost', 'identityEndpoint', 'controlUrl'])
    expect(ready[name]).toMatch(/^http:\/\/localhost:\d+/);
  expect((await fetch(`${String(ready['controlUrl'])}/stats`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('compiled, it serves the viewer with its script, and has the sending limits of --limits; an open page does not keep it from ending', async () => {
  const child = start([COMPILED], '--port', '0', '--control', '--limits');
  const { url } = await readyLine(child);
  expect(await (await fetch(`${String(url)}/mailbox`)).text()).toContain('src="/viewer/app.js"');
  expect((await (await fetch(`${String(url)}/viewer/app.js`)).text()).length).toBeGreaterThan(5_000);
  expect(await (await fetch(`${String(url)}/control/switches`)).json()).toMatchObject({ messageRateLimit: 30, recipientRateLimit: 10_000 });
  expect((await fetch(`${String(url)}/viewer/changes`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('a port in use is one clear line and exit code 1', async () => {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const child = start([COMPILED], '--port', String(port));
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => (text += String(chunk)));
  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(text).toBe(`graph-mail: port ${port} is in use\n`);
  server.close();
});

test('a process with a channel to its parent ends when the channel does', async () => {
  const child = fork(COMPILED, ['--port', '0'], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  running.push(child);
  await readyLine(child);
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
});
