// An HTTP request as the host sends it to the worker.
import type { IncomingMessage } from 'node:http';
import type { RpcHttpData, RpcNullable } from '../rpc.ts';
import { escapePath, type RequestTarget } from './request-path.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

function joined(pairs: Iterable<[string, string]>): Record<string, RpcNullable<string>> {
  const values: Record<string, RpcNullable<string>> = {};
  for (const [name, value] of pairs) values[name] = { value: values[name] === undefined ? value : `${values[name].value},${value}` };
  return values;
}

/** Lower-case names, repeated headers joined by a comma. Undefined: not UTF-8, or a NUL, which Kestrel answers with 400. */
export function readHeaders(request: IncomingMessage): Record<string, RpcNullable<string>> | undefined {
  const pairs: [string, string][] = [];
  try {
    for (let index = 0; index < request.rawHeaders.length; index += 2) {
      // Node reads header bytes as Latin-1, Kestrel as UTF-8.
      const value = strictUtf8.decode(Buffer.from(request.rawHeaders[index + 1]!, 'latin1'));
      if (value.includes('\0')) return undefined;
      pairs.push([request.rawHeaders[index]!.toLowerCase(), value]);
    }
  } catch {
    return undefined;
  }
  return joined(pairs);
}

/** Names ignore case; repeated names become one, joined by a comma (StringValues.ToString). */
function readQuery(query: string): Record<string, RpcNullable<string>> {
  const spelling = new Map<string, string>();
  const pairs: [string, string][] = [];
  for (const [name, value] of new URLSearchParams(query)) {
    const known = spelling.get(name.toLowerCase()) ?? name;
    spelling.set(name.toLowerCase(), known);
    pairs.push([known, value]);
  }
  return joined(pairs);
}

export interface RpcRequestParts {
  request: IncomingMessage;
  target: RequestTarget & { path: string };
  headers: Record<string, RpcNullable<string>>;
  params: Record<string, string>;
  body: Buffer | undefined;
}

export function toRpcHttpRequest({ request, target, headers, params, body }: RpcRequestParts): RpcHttpData {
  const rpc: RpcHttpData = {
    method: request.method ?? 'GET',
    url: `http://${request.headers.host ?? 'localhost'}${escapePath(target.path)}${target.query}`,
    nullableHeaders: headers,
    nullableParams: joined(Object.entries(params)),
    nullableQuery: readQuery(target.query),
  };
  if (body) rpc.body = { bytes: body };
  return rpc;
}
