// The local stack over https: clients that send a token, or ask for one, over https only can be tried. The certificate is made at each start.
import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { generate } from 'selfsigned';

export interface Certificate {
  /** PEM; the key never leaves this process. */
  key: string;
  cert: string;
}

export interface HttpsFront {
  url: string;
  close(): void;
}

const DAYS = 30;

/** For localhost only; it is its own issuer, so that a client can trust this one certificate. */
export async function makeCertificate(): Promise<Certificate> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + DAYS * 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key, cert };
}

/** Takes https on a free port and hands each request on to `target` as it is, with `X-Forwarded-Proto` as a gateway sets it. */
export function startHttpsFront(target: string, certificate: Certificate): Promise<HttpsFront> {
  const { hostname, port } = new URL(target);
  const handOn = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const { method, url: path, headers } = incoming;
    const onward = ask({ hostname, port, method, path, headers: { ...headers, 'x-forwarded-proto': 'https' } }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, outgoing, () => undefined);
    });
    onward.on('error', () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()));
    pipeline(incoming, onward, () => undefined);
  };
  const server = createServer(certificate, handOn);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const close = () => {
        server.close();
        server.closeAllConnections();
      };
      resolve({ url: `https://localhost:${(server.address() as AddressInfo).port}`, close });
    });
  });
}
