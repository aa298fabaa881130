// A request as the operations see it: decoded path, query options, preferences, whole body.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { errors } from './errors.ts';

interface Preferences {
  readonly immutableIds: boolean;
  readonly pageSize: number | null;
  readonly textBodies: boolean;
  /** What goes into Preference-Applied. */
  readonly applied: readonly string[];
}

export interface GraphRequest {
  readonly method: string;
  readonly segments: readonly string[];
  /** Query options by name; names of system options are lower-cased. */
  readonly query: ReadonlyMap<string, string>;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** As the client named us: links in answers must lead back here. */
  readonly baseUrl: string;
  readonly requestId: string;
  readonly clientRequestId: string;
  readonly prefer: Preferences;
  readonly receivedAt: number;
}

function readPreferences(header: string | undefined): Preferences {
  const applied: string[] = [];
  let immutableIds = false;
  let textBodies = false;
  let pageSize: number | null = null;
  for (const part of (header ?? '').split(/[,;](?=(?:[^"]*"[^"]*")*[^"]*$)/)) {
    const [name = '', value = ''] = part.trim().split(/=(.*)/s);
    const bare = value.trim().replace(/^"(.*)"$/, '$1');
    if (/^idtype$/i.test(name) && /^immutableid$/i.test(bare)) {
      immutableIds = true;
      applied.push('IdType="ImmutableId"');
    } else if (/^odata\.maxpagesize$/i.test(name) && /^[1-9]\d*$/.test(bare)) {
      pageSize = Math.min(Number(bare), 1000);
      applied.push(`odata.maxpagesize=${bare}`);
    } else if (/^outlook\.body-content-type$/i.test(name) && /^text$/i.test(bare)) {
      textBodies = true;
      applied.push('outlook.body-content-type="text"');
    }
  }
  return { immutableIds, pageSize, textBodies, applied };
}

/** Splits a path into decoded segments; `users('x')` is the same as `users/x`, `delta()` and `microsoft.graph.delta` the same as `delta`. */
function splitPath(path: string): string[] {
  const segments: string[] = [];
  for (const raw of path.split('/').filter((part) => part !== '')) {
    let segment: string;
    try {
      segment = decodeURIComponent(raw);
    } catch {
      throw errors.invalidQuery('The request URI is not valid.');
    }
    const keyed = /^([A-Za-z]+)\('(.*)'\)$/s.exec(segment);
    if (keyed !== null) segments.push(keyed[1] ?? '', (keyed[2] ?? '').replaceAll("''", "'"));
    else segments.push(segment.replace(/^microsoft\.graph\./i, '').replace(/\(\)$/, ''));
  }
  return segments;
}

/** A "+" is a blank in a query, as in Graph: a Message-ID with one must be percent-encoded. */
function readQuery(search: string): Map<string, string> {
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(search)) query.set(name.startsWith('$') ? name.toLowerCase() : name, value);
  return query;
}

export function readRequest(message: IncomingMessage, body: Buffer, receivedAt: number, fallbackHost: string): GraphRequest {
  const [path = '', search = ''] = (message.url ?? '/').split(/\?(.*)/s);
  const requestId = randomUUID();
  const clientId = message.headers['client-request-id'];
  return {
    method: message.method ?? 'GET',
    segments: splitPath(path),
    query: readQuery(search),
    headers: message.headers,
    body,
    baseUrl: `${message.headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'}://${message.headers.host ?? fallbackHost}`,
    requestId,
    clientRequestId: (Array.isArray(clientId) ? clientId[0] : clientId) ?? requestId,
    prefer: readPreferences(message.headers['prefer'] as string | undefined),
    receivedAt,
  };
}

/** Reads the whole body; beyond the limit it is drained, so that the client gets to read the refusal. */
export async function readBody(message: IncomingMessage, limit: number): Promise<Buffer | 'tooLarge'> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size > limit ? 'tooLarge' : Buffer.concat(chunks);
}
