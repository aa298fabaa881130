// What the worker returned, as an HTTP response.
import type { ServerResponse } from 'node:http';
import type { RpcHttpCookie, RpcInvocationResponse } from '../rpc.ts';

const sameSiteNames = { lax: 'Lax', strict: 'Strict', explicitNone: 'None' };
// Framing is the server's own business.
const skipped = new Set(['transfer-encoding', 'connection', 'content-length', 'keep-alive']);

function toSetCookie(cookie: RpcHttpCookie): string {
  const parts = [`${encodeURIComponent(cookie.name)}=${encodeURIComponent(cookie.value)}`];
  if (cookie.expires) parts.push(`expires=${new Date(cookie.expires.value.seconds * 1000).toUTCString()}`);
  if (cookie.maxAge) parts.push(`max-age=${Math.trunc(cookie.maxAge.value)}`);
  if (cookie.domain) parts.push(`domain=${cookie.domain.value}`);
  parts.push(`path=${cookie.path?.value ?? '/'}`);
  if (cookie.secure?.value) parts.push('secure');
  if (cookie.sameSite && cookie.sameSite !== 'none') parts.push(`samesite=${sameSiteNames[cookie.sameSite]}`);
  if (cookie.httpOnly?.value) parts.push('httponly');
  return parts.join('; ');
}

export function sendEmpty(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': '0' }).end();
}

export function sendRpcResponse(response: ServerResponse, rpc: RpcInvocationResponse): void {
  const http = rpc.returnValue?.http;
  // A function that returns nothing: 204, by the documentation of version 2 and later.
  if (!http) {
    sendEmpty(response, 204);
    return;
  }
  const status = Number.parseInt(http.statusCode ?? '200', 10);
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(http.headers ?? {})) if (!skipped.has(name.toLowerCase())) headers[name] = value;
  if (http.cookies && http.cookies.length > 0) headers['set-cookie'] = http.cookies.map(toSetCookie);
  const body = http.body?.bytes ?? (http.body?.string === undefined ? undefined : Buffer.from(http.body.string));
  if (status === 204 || status === 304) {
    response.writeHead(status, headers).end();
    return;
  }
  response.writeHead(status, { ...headers, 'content-length': String(body?.byteLength ?? 0) }).end(body);
}
