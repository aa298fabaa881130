// An HTTP server that keeps every request as it arrived and answers as it is told.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Captured {
  method: string;
  /** Path and query, as sent. */
  target: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface CapturingServer {
  url: string;
  captured: Captured[];
  /** Answers from now on. */
  answer: (response: ServerResponse, request: Captured) => void;
  close(): Promise<void>;
}

export async function startCapturingServer(): Promise<CapturingServer> {
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url: target = '', headers } = incoming;
      const captured = { method, target, headers, body: Buffer.concat(chunks) };
      result.captured.push(captured);
      result.answer(response, captured);
    });
  });
  const result: CapturingServer = {
    url: '',
    captured: [],
    answer: (response) => void response.writeHead(202).end(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  result.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return result;
}
