// A process of its own that calls Graph with the credential of its environment: the libraries keep tokens per process.
import { graphCredential } from '../../shared/adapters/graph/graph-credential.ts';
import { GraphMailClient } from '../../shared/adapters/graph/graph-mail-client.ts';
import type { GraphMail } from '../../shared/ports/graph-mail.ts';

export interface ClientOrder {
  /** Milliseconds by which the clock goes on before the calls. */
  advance: number;
  /** Methods of the client with their arguments after the context; all at the same time. */
  calls: [method: keyof GraphMail, ...args: unknown[]][];
}

let offset = 0;
const graph = new GraphMailClient({
  baseUrl: process.argv[2] as string,
  makeCredential: () => graphCredential(process.env['MANAGED_CLIENT_ID']),
  clock: { now: () => Date.now() + offset },
});

process.on('message', async ({ advance, calls }: ClientOrder) => {
  offset += advance;
  const context = { mailbox: 'sender@contoso.com', clientRequestId: 'c', timeoutMs: 30_000 };
  const answers = await Promise.all(
    calls.map(([method, ...args]) => (graph[method] as (...all: unknown[]) => Promise<{ kind: string }>).call(graph, context, ...args)),
  );
  process.send?.(answers.map(({ kind, ...more }) => ('status' in more ? more.status : { kind, ...more })));
});
process.send?.('ready');
