// A command that somebody runs without being signed in anywhere says what to do in three lines, and nothing else.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** An app that wants a token. */
const app = createServer((_request, response) => {
  response
    .writeHead(401, { 'content-type': 'application/json' })
    .end('{"error":{"code":"InvalidAuthenticationToken","message":"no token"}}');
});
beforeAll(() => new Promise<void>((listening) => app.listen(0, '127.0.0.1', listening)));
afterAll(() => new Promise((closed) => app.close(closed)));

function run(script: string, ...parts: string[]): Promise<{ code: number | null; lines: string[] }> {
  // No Azure CLI, Developer CLI or PowerShell is on this path.
  const child = spawn(process.execPath, ['--import', 'tsx', `scripts/${script}.ts`, ...parts], {
    env: { PATH: dirname(process.execPath) },
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (out += chunk));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, lines: out.trimEnd().split('\n') })));
}

const url = () => `http://127.0.0.1:${(app.address() as AddressInfo).port}`;

test.each<[string, () => string[]]>([
  ['policy', () => ['get', '--storage', 'https://contosomail.blob.core.windows.net']],
  ['pauses', () => ['--url', url(), '--scope', 'api://graph-mail-queue/.default']],
])('npm run %s', async (script, parts) => {
  const { code, lines } = await run(script, ...parts());
  expect(code).toBe(2);
  expect(lines).toEqual([
    expect.stringMatching(/^Nobody is signed in, so there is no token for /),
    expect.stringContaining('az login'),
    expect.stringContaining('AZURE_CLIENT_SECRET'),
    expect.stringContaining('AZURE_AUTHORITY_HOST'),
  ]);
});
