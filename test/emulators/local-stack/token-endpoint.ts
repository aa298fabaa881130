// A managed-identity endpoint for another Graph that brings none: it hands out a token that means nothing.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TokenEndpoint {
  url: string;
  close(): void;
}

/** Answers as App Service's endpoint does (api-version 2019-08-01). A fake Graph takes any token; the real one takes this never. */
export function startTokenEndpoint(): Promise<TokenEndpoint> {
  const server = createServer((request, response) => {
    const resource = new URL(request.url ?? '/', 'http://localhost').searchParams.get('resource') ?? '';
    const expires = Math.floor(Date.now() / 1000) + 86_400;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ access_token: 'local-stack', expires_on: String(expires), resource, token_type: 'Bearer' }));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({ url: `http://127.0.0.1:${port}/msi/token`, close: () => server.close() });
    });
  });
}
