// The Bicep compiler as a process that stays: what takes it two seconds the first time takes a third of one later. It ends with this process.
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node.js';

const id = (last: number): string => `00000000-0000-0000-0000-00000000000${last}`;

/** Where the template is deployed to. */
const SCOPE = { tenantId: id(2), subscriptionId: id(1), resourceGroup: 'rg-mail', location: 'westeurope', deploymentName: null };

const connections = new Map<string, MessageConnection>();

function connect(program: string): MessageConnection {
  const child = spawn(program, ['jsonrpc', '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.listen();
  process.on('exit', () => child.kill());
  for (const handle of [child, child.stdin as Socket, child.stdout as Socket]) handle.unref();
  return connection;
}

/** What a deployment of a `.bicepparam` file would make. Rejects with the engine's words if the template or its parameters are refused. */
export async function snapshotOf<T>(program: string, path: string): Promise<T> {
  const connection = connections.get(program) ?? connect(program);
  connections.set(program, connection);
  // While an answer is waited for, the timer keeps this process alive: the connection itself does not.
  const alive = setInterval(() => undefined, 60_000);
  try {
    const answer = await connection.sendRequest<{ snapshot: string }>('bicep/getSnapshot', { path, metadata: SCOPE, externalInputs: null });
    return JSON.parse(answer.snapshot) as T;
  } finally {
    clearInterval(alive);
  }
}
