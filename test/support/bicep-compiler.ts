// One Bicep compiler for all processes of a test run: what takes it two seconds the first time takes a third of one later. It starts when it is first asked.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node.js';
import { bicepProgram } from '../../scripts/bicep.ts';

const id = (last: number): string => `00000000-0000-0000-0000-00000000000${last}`;

/** Where the template is deployed to. */
const SCOPE = { tenantId: id(2), subscriptionId: id(1), resourceGroup: 'rg-mail', location: 'westeurope', deploymentName: null };

/** Where the compiler of this test run is, for the processes that the run starts. */
interface Shared {
  url: string;
  /** What was compiled already. */
  folder: string;
}
/** Set by `startBicepCompiler`. */
const COMPILER = 'TEST_BICEP_COMPILER';
const shared = (): Shared => JSON.parse(process.env[COMPILER] as string) as Shared;

/** Of .NET: what makes long runs quicker costs these short ones a third more (https://learn.microsoft.com/dotnet/core/runtime-config/). */
export const SHORT_RUNS = { DOTNET_TieredPGO: '0', DOTNET_gcConcurrent: '0' };
const env = { ...process.env, ...SHORT_RUNS };

interface Compiler {
  child: ChildProcess;
  connection: MessageConnection;
}

function startProcess(): Compiler {
  const child = spawn(bicepProgram() as string, ['jsonrpc', '--stdio'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.listen();
  return { child, connection };
}

interface Order {
  /** Of a `.bicepparam` file. */
  path: string;
  /** The same for the same parameters: they are deployed once. */
  key: string;
}

/** Ends with what it returns. */
export async function startBicepCompiler(): Promise<() => Promise<void>> {
  let compiler: Compiler | undefined;
  const known = new Map<string, Promise<string>>();

  const snapshot = async ({ path }: Order): Promise<string> => {
    compiler ??= startProcess();
    const order = { path, metadata: SCOPE, externalInputs: null };
    return (await compiler.connection.sendRequest<{ snapshot: string }>('bicep/getSnapshot', order)).snapshot;
  };

  // Node closes an idle connection after 5 seconds, perhaps just as a busy test asks again.
  const server = createServer({ keepAliveTimeout: 600_000 }, async (request, response) => {
    const order = JSON.parse(await text(request)) as Order;
    const answer = known.get(order.key) ?? snapshot(order);
    known.set(order.key, answer);
    answer.then(
      (json) => response.end(json),
      (error: Error) => response.writeHead(400).end(error.message),
    );
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'bicep-compiled-'));
  process.env[COMPILER] = JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, folder } satisfies Shared);
  return async () => {
    compiler?.child.kill();
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** What a deployment of a `.bicepparam` file would make. Rejects with the engine's words if the template or its parameters are refused. */
export async function snapshotOf<T>(path: string, key: string): Promise<T> {
  const response = await fetch(shared().url, { method: 'POST', body: JSON.stringify({ path, key } satisfies Order) });
  const answer = await response.text();
  if (!response.ok) throw new Error(answer);
  return JSON.parse(answer) as T;
}

/** The ARM JSON of a `.bicep` file in that folder; `version` changes with the file. */
export function templateOf<T>(folder: string, name: string, version: string): T {
  const file = join(shared().folder, `${name}-${version}.json`);
  if (!existsSync(file)) {
    const args = ['build', name, '--stdout', '--no-restore'];
    const json = execFileSync(bicepProgram() as string, args, { cwd: folder, env, maxBuffer: 64 * 1024 * 1024, encoding: 'utf8' });
    writeFileSync(`${file}.${process.pid}`, json);
    renameSync(`${file}.${process.pid}`, file);
  }
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
