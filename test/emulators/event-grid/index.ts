// The Event Grid emulator: topics that take CloudEvents, what they have taken, and faults on demand.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type Fault, Faults, readFault } from './faults.ts';
import { isLocalCaller, LOCAL_CALLERS_ONLY } from './local-caller.ts';
import { readEvents, type TakenEvent } from './topic.ts';

export interface EventGridOptions {
  /** 0: any free port. */
  port?: number;
  key?: string;
}

export interface EventGridEmulator {
  url: string;
  /** Of the custom topic, and of a topic of the namespace. */
  topicEndpoint: string;
  namespaceTopicEndpoint: string;
  key: string;
  /** All that was taken, the oldest first. */
  events: TakenEvent[];
  faults: Faults;
  close(): Promise<void>;
}

const KEY = 'ZW11bGF0b3Igb2YgZXZlbnQgZ3JpZCwgbm8gc2VjcmV0IQ==';
/** More than any topic takes; the rest is not read. */
const READ_AT_MOST = 4 * 1024 * 1024;
/** The oldest are forgotten. */
const KEPT = 50_000;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    if (length < READ_AT_MOST) chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
  }
  return Buffer.concat(chunks);
}

interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, { ...(text && { 'content-type': 'application/json; charset=utf-8' }), ...headers }).end(text);
}

function refusal({ status = 503, retryAfter }: Fault): Answer {
  const body = { error: { code: 'Fault', message: 'as it was armed' } };
  return { status, body, ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }) };
}

class Emulator {
  readonly events: TakenEvent[] = [];
  readonly faults = new Faults();
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const answer = await this.#answer(request, body);
    if (answer === 'none') request.socket.destroy();
    else send(response, answer);
  }

  async #answer(request: IncomingMessage, body: Buffer): Promise<Answer | 'none'> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (/^\/(events|faults)?$/.test(url.pathname)) return this.#control(request, url.pathname, body.toString());
    const read = readEvents({ method: request.method ?? '', url, headers: request.headers, body }, this.#key);
    if ('status' in read) return read;
    const fault = this.faults.take(body.toString());
    if (fault?.kind === 'refuse') return refusal(fault);
    if (fault?.kind === 'slow') await pause(fault.delay ?? 1_000);
    this.events.push(...read.taken, ...(fault?.kind === 'repeat' ? read.taken : []));
    this.events.splice(0, Math.max(0, this.events.length - KEPT));
    if (fault?.kind === 'dropAnswer') return 'none';
    return { status: 200, ...(read.kind === 'namespace' && { body: {} }) };
  }

  #control({ method = '', headers }: IncomingMessage, path: string, body: string): Answer {
    if (!isLocalCaller(headers)) return { status: 403, body: { error: LOCAL_CALLERS_ONLY } };
    switch (`${method} ${path}`) {
      case 'GET /':
      case 'GET /events':
        return { status: 200, body: { count: this.events.length, value: this.events } };
      case 'DELETE /events':
        this.events.length = 0;
        return { status: 204 };
      case 'GET /faults':
        return { status: 200, body: { value: this.faults.armed } };
      case 'POST /faults':
        return this.#arm(body);
      case 'DELETE /faults':
        this.faults.clear();
        return { status: 204 };
      default:
        return { status: 404, body: { error: 'There are GET and DELETE /events, GET, POST and DELETE /faults.' } };
    }
  }

  #arm(body: string): Answer {
    try {
      this.faults.arm(readFault(JSON.parse(body)));
      return { status: 200, body: { value: this.faults.armed } };
    } catch (error) {
      return { status: 400, body: { error: (error as Error).message } };
    }
  }
}

export async function startEventGridEmulator({ port = 0, key = KEY }: EventGridOptions = {}): Promise<EventGridEmulator> {
  const emulator = new Emulator(key);
  // Node closes an idle connection after 5 seconds, perhaps just as a busy client asks again.
  const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
    emulator.handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const url = `http://localhost:${(server.address() as { port: number }).port}`;
  return {
    url,
    topicEndpoint: `${url}/api/events`,
    namespaceTopicEndpoint: `${url}/topics/mail:publish`,
    key,
    events: emulator.events,
    faults: emulator.faults,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
