// The guard, with a library that waits for its request as the real one does: the invocation ends in every case.
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpRequest, type HttpResponse, InvocationContext } from '@azure/functions';
import { afterEach, expect, test } from 'vitest';
import { ForwardedRequests } from '../../../shared/adapters/http/forwarded-requests.ts';
import { guardedModel } from '../../../shared/adapters/http/guarded-model.ts';
import type { CoreInvocationContext, ProgrammingModel } from '../../../shared/adapters/http/programming-model.ts';

const ID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const HEADER = 'x-ms-invocation-id';
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Keeps each request until its invocation asks, and never gives up waiting. */
function library(makeRequest: () => HttpRequest): ProgrammingModel {
  const kept = new Map<string, [IncomingMessage, ServerResponse]>();
  const waiting = new Map<string, () => void>();
  return {
    name: 'fake',
    version: '1',
    async getCapabilities() {
      server = createServer((incoming, response) => {
        const id = String(incoming.headers[HEADER]);
        kept.set(id, [incoming, response]);
        waiting.get(id)?.();
      });
      await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
      return { HttpUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
    },
    getInvocationModel: ({ invocationId }) => ({
      async getArguments() {
        if (!kept.has(invocationId)) await new Promise<void>((resolve) => waiting.set(invocationId, resolve));
        return { context: new InvocationContext({ invocationId }), inputs: [makeRequest()] };
      },
      invokeFunction: async (context, inputs, callback) => callback(...inputs, context),
      async getResponse(_context, result) {
        const [, response] = kept.get(invocationId) ?? [];
        if (!response) throw new Error('no such request');
        kept.delete(invocationId);
        const answer = result as HttpResponse;
        response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
        return { invocationId };
      },
    }),
  };
}

const core = (headers: Record<string, string> = {}): CoreInvocationContext => ({
  invocationId: ID,
  metadata: { name: 'test', bindings: { req: { type: 'httpTrigger', route: 'a/{b}' } } },
  request: { triggerMetadata: { Headers: { json: JSON.stringify(headers) } } },
  log: () => undefined,
});

const honest = () => new HttpRequest({ method: 'GET', url: 'http://localhost/a/1' });

async function guarded(makeRequest = honest, answerMs = 200) {
  const model = guardedModel(library(makeRequest), { graceMs: 100, answerMs });
  const { HttpUri = '' } = (await model.getCapabilities?.({})) ?? {};
  /** What the host forwards. */
  const forward = (id: string, unfinished = false): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const headers = { [HEADER]: id, ...(unfinished && { 'content-length': '9' }) };
      const sent = request(HttpUri, { method: unfinished ? 'POST' : 'GET', headers, agent: false }, async (answer) => {
        let text = '';
        for await (const chunk of answer) text += chunk;
        resolve({ status: answer.statusCode ?? 0, text });
      }).on('error', reject);
      if (unfinished) sent.write('abc');
      else sent.end();
    });
  /** The course of an invocation in the worker. */
  const invoke = async (context: CoreInvocationContext, handler: (...inputs: unknown[]) => unknown): Promise<unknown> => {
    const invocation = model.getInvocationModel(context);
    const { context: given, inputs } = await invocation.getArguments();
    return invocation.getResponse(given, await invocation.invokeFunction(given, inputs, handler));
  };
  return { forward, invoke };
}

const never = () => new Promise(() => {});
const unused = () => {
  throw new Error('no handler may run');
};

test('an invocation and its request find each other, whichever comes first', async () => {
  const { forward, invoke } = await guarded();
  const handler = (input: unknown) => ({ status: 202, jsonBody: (input as HttpRequest).params });
  for (const first of ['invocation', 'request']) {
    const invoked = first === 'invocation' ? invoke(core(), handler) : undefined;
    const [answer] = await Promise.all([forward(ID), invoked ?? new Promise((r) => setImmediate(r)).then(() => invoke(core(), handler))]);
    expect(answer).toEqual({ status: 202, text: '{"b":"1"}' });
  }
});

test('an idle connection is kept for longer than the host’s client keeps it, which is 60 s', async () => {
  const { forward, invoke } = await guarded();
  const handler = () => ({ status: 202 });
  const said = async (): Promise<string | undefined> => {
    const agent = new Agent({ keepAlive: true });
    let keepAlive: string | undefined;
    const answered = new Promise<void>((resolve) => {
      const { port } = (server as Server).address() as AddressInfo;
      request({ port, headers: { [HEADER]: ID }, agent }, (answer) => {
        keepAlive = String(answer.headers['keep-alive']);
        answer.resume().on('end', resolve);
      }).end();
    });
    await Promise.all([answered, invoke(core(), handler)]);
    agent.destroy();
    return keepAlive;
  };
  await Promise.all([forward(ID), invoke(core(), handler)]);
  expect(Number(/timeout=(\d+)/.exec((await said()) ?? '')?.[1])).toBeGreaterThan(60);
});

test('an invocation whose request never comes ends, and no handler runs', async () => {
  const { invoke } = await guarded();
  await invoke(core(), unused);
});

test('a request that comes when another was sent in its place is 503, whichever of the two comes first', async () => {
  const watched: string[] = [];
  const requests = new ForwardedRequests(100, ({ response }, why) => {
    watched.push(why);
    response.writeHead(503).end();
  });
  const two = createServer((incoming, response) => {
    // As the library does it: the response of an id is that of its last request.
    responses.set(String(incoming.headers[HEADER]), response);
  });
  const responses = new Map<string, ServerResponse>();
  server = two;
  await new Promise<void>((resolve) => two.listen(0, '127.0.0.1', resolve));
  const { port } = two.address() as AddressInfo;
  requests.watch(`http://127.0.0.1:${port}/`);
  const sent = (): Promise<number | undefined> =>
    new Promise((resolve) => request({ port, headers: { [HEADER]: ID }, agent: false }, (answer) => resolve(answer.statusCode)).end());
  const arrival = requests.of(ID, true);
  const answers = Promise.all([sent(), sent()]);
  await arrival;
  await expect.poll(() => watched).toEqual(['late']);
  responses.get(ID)?.writeHead(503).end();
  expect(await answers).toEqual([503, 503]);
});

test('a request whose invocation never comes is 503; with a caller’s own id, which no host makes, it is 400', async () => {
  const { forward } = await guarded();
  expect(await forward(ID)).toMatchObject({ status: 503, text: expect.stringContaining('may be repeated') });
  expect(await forward('mine')).toMatchObject({ status: 400, text: expect.stringContaining(HEADER) });
});

test('a caller’s id in the form of the host’s is 400 at once, in whatever order the two arrive', async () => {
  const foreign = '3f2504e0-4f89-41d3-9a0c-0305e82c3302';
  const { forward, invoke } = await guarded();
  for (let i = 0; i < 2; i++) {
    const answer = i === 0 ? forward(foreign) : undefined;
    await invoke(core({ [HEADER]: foreign }), unused);
    expect((await (answer ?? forward(foreign))).status).toBe(400);
  }
});

test('a request that the library cannot read is 400', async () => {
  const { forward, invoke } = await guarded(() => {
    throw new TypeError('Invalid URL');
  });
  const [answer] = await Promise.all([forward(ID), invoke(core(), unused)]);
  expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('Host header') });
});

test('a handler that never answers is answered for: 503, or 408 if the body has not come', async () => {
  const { forward, invoke } = await guarded();
  expect((await Promise.all([forward(ID), invoke(core(), never)]))[0]).toMatchObject({
    status: 503,
    text: expect.stringContaining('Idempotency-Key'),
  });
  expect((await Promise.all([forward(ID, true), invoke(core(), never)]))[0]).toMatchObject({
    status: 408,
    text: expect.stringContaining('did not come'),
  });
});

test('a function without HTTP gets the metadata that it reads, whatever the case of the first letter; one with HTTP gets all', async () => {
  const model = guardedModel(library(honest), { graceMs: 100, answerMs: 200, metadata: ['messageId', 'lockToken'] });
  const given = { MessageId: { string: 'id' }, lockToken: { string: 'token' }, EnqueuedTimeUtc: { string: '2026-01-15' } };
  const queue = { ...core(), metadata: { bindings: { message: { type: 'serviceBusTrigger' } } }, request: { triggerMetadata: given } };
  model.getInvocationModel(queue);
  expect(Object.keys(queue.request.triggerMetadata)).toEqual(['MessageId', 'lockToken']);
  const http = core();
  model.getInvocationModel(http);
  expect(Object.keys(http.request.triggerMetadata ?? {})).toEqual(['Headers']);
});
