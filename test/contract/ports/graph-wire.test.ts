// What the Graph adapter puts on the wire, and what it makes of every way in which an answer can come or not come.
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GraphMailClient } from '../../../shared/adapters/graph/graph-mail-client.ts';
import type { CallContext, Payload } from '../../../shared/ports/graph-mail.ts';
import { type CapturingServer, startCapturingServer } from '../../support/capturing-server.ts';

const NOW = Date.parse('2026-01-15T08:00:00.000Z');
const JSON_PAYLOAD: Payload = { contentType: 'application/json', body: '{"message":{"subject":"Grüße"}}' };

describe('Graph adapter on the wire', () => {
  let server: CapturingServer;
  let graph: GraphMailClient;
  const connect = (baseUrl: string) =>
    new GraphMailClient({
      baseUrl,
      makeCredential: () => ({ getToken: async () => ({ token: 'secret-token', expiresOnTimestamp: NOW + 3_600_000 }) }),
      clock: { now: () => NOW },
      userAgent: 'graph-mail-queue/test',
    });
  const call = (more: Partial<CallContext> = {}): CallContext => ({
    mailbox: "o'brien+x@contoso.com",
    clientRequestId: 'c-1',
    timeoutMs: 20_000,
    ...more,
  });
  const answers = (status: number, headers: Record<string, string> = {}, body = '') => {
    server.answer = (response) => void response.writeHead(status, headers).end(body);
  };
  /** Headers and a first byte of a longer body, then the connection is cut. */
  const cutsOff = (status: number, headers: Record<string, string> = {}) => {
    server.answer = (response: ServerResponse) => {
      response.writeHead(status, { 'content-length': '100', ...headers });
      response.write('{', () => response.socket?.destroy());
    };
  };

  beforeAll(async () => {
    server = await startCapturingServer();
    graph = connect(server.url);
  });
  afterAll(() => server.close());
  beforeEach(() => void server.captured.splice(0));

  it('every call carries token, ids and preferences, and names and ids are encoded', async () => {
    answers(202);
    await graph.sendDraft(call(), 'AAMk/+=');
    const [sent] = server.captured;
    expect(sent).toMatchObject({ method: 'POST', target: "/v1.0/users/o'brien%2Bx%40contoso.com/messages/AAMk%2F%2B%3D/send" });
    expect(sent?.headers).toMatchObject({
      authorization: 'Bearer secret-token',
      accept: 'application/json',
      'client-request-id': 'c-1',
      'return-client-request-id': 'true',
      prefer: 'IdType="ImmutableId"',
      'user-agent': 'graph-mail-queue/test',
      'content-length': '0',
    });
    expect(sent?.headers).not.toHaveProperty('content-type');
  });

  it.each(['text', 'bytes'])('the base64 of a large MIME message arrives byte for byte, given as %s', async (form) => {
    answers(202);
    const base64 = Buffer.from(Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256)).toString('base64');
    await graph.submit(call(), 'sendMail', { contentType: 'text/plain', body: form === 'text' ? base64 : Buffer.from(base64) });
    const [sent] = server.captured;
    expect(sent?.headers).toMatchObject({ 'content-type': 'text/plain', 'content-length': String(base64.length) });
    expect(sent?.body.equals(Buffer.from(base64))).toBe(true);
  });

  it('JSON leaves as UTF-8', async () => {
    answers(202);
    await graph.submit(call(), 'sendMail', JSON_PAYLOAD);
    expect(server.captured[0]).toMatchObject({
      target: "/v1.0/users/o'brien%2Bx%40contoso.com/sendMail",
      body: Buffer.from(JSON_PAYLOAD.body),
    });
  });

  it('a look names the mark first, quotes doubled, and expands one property per query', async () => {
    answers(200, {}, '{"value":[]}');
    await graph.findByMark(call(), "it's");
    await graph.findByMessageId(call(), '<a+b&c@x>');
    const queries = server.captured.map(({ target }) => Object.fromEntries(new URL(target, server.url).searchParams));
    expect(queries.map(({ $filter }) => $filter)).toEqual([
      "singleValueExtendedProperties/any(ep: ep/id eq 'String {00020329-0000-0000-C000-000000000046} Name SendRequestId' and ep/value eq 'it''s')",
      "singleValueExtendedProperties/any(ep: ep/id eq 'String {00020386-0000-0000-C000-000000000046} Name x-send-request-id' and ep/value eq 'it''s')",
      "internetMessageId eq '<a+b&c@x>'",
    ]);
    for (const { $expand } of queries) expect($expand).toMatch(/^singleValueExtendedProperties\(\$filter=id eq '[^']+'\)$/);
  });

  it('an empty 202 is accepted, with the wait that it may name', async () => {
    answers(202, { 'request-id': 'r-1', 'retry-after': '2.128' });
    expect(await graph.submit(call(), 'sendMail', JSON_PAYLOAD)).toEqual({
      kind: 'answered',
      status: 202,
      requestId: 'r-1',
      retryAfterMs: 2_128,
    });
  });

  it('a 202 whose body breaks off is accepted', async () => {
    cutsOff(202);
    expect(await graph.submit(call(), 'sendMail', JSON_PAYLOAD)).toEqual({ kind: 'answered', status: 202 });
  });

  it('an error whose body breaks off still has its status and wait', async () => {
    cutsOff(503, { 'retry-after': 'Thu, 15 Jan 2026 08:01:00 GMT' });
    expect(await graph.submit(call(), 'sendMail', JSON_PAYLOAD)).toEqual({ kind: 'answered', status: 503, retryAfterMs: 60_000 });
  });

  it('a draft or a list whose body breaks off, or is no JSON, is no answer', async () => {
    cutsOff(201);
    expect(await graph.createDraft(call(), 'messages', JSON_PAYLOAD)).toMatchObject({ kind: 'noAnswer' });
    answers(200, {}, '<html>');
    expect(await graph.findByMark(call(), 'id')).toMatchObject({ kind: 'noAnswer' });
    answers(201, {}, '{"subject":"no id"}');
    expect(await graph.createDraft(call(), 'messages', JSON_PAYLOAD)).toMatchObject({ kind: 'noAnswer' });
  });

  it("a gateway's page in place of the draft that was changed is no answer", async () => {
    answers(200, { 'content-type': 'text/html' }, '<html><title>Sign in</title></html>');
    expect(await graph.updateDraft(call(), 'id', JSON_PAYLOAD)).toMatchObject({ kind: 'noAnswer' });
    answers(200, {}, '{"id":"id","isDraft":true}');
    expect(await graph.updateDraft(call(), 'id', JSON_PAYLOAD)).toEqual({ kind: 'answered', status: 200 });
  });

  it("Graph's error comes with code and message; other bodies come without", async () => {
    const error = { code: 'ErrorQuotaExceeded', message: 'Mailbox has exceeded maximum mailbox size.' };
    answers(403, {}, JSON.stringify({ error: { ...error, innerError: { date: 'x' } } }));
    expect(await graph.submit(call(), 'sendMail', JSON_PAYLOAD)).toEqual({ kind: 'answered', status: 403, ...error });
    for (const body of ['', '<html>', 'null', '[]', '{"error":null}', '{"error":"x"}', '{"error":{"code":5}}']) {
      answers(502, {}, body);
      expect(await graph.submit(call(), 'sendMail', JSON_PAYLOAD)).toEqual({ kind: 'answered', status: 502 });
    }
  });

  it.each([301, 302, 307, 308])('a redirect (%i) is an answer and is not followed', async (status) => {
    answers(status, { location: `${server.url}/elsewhere` });
    expect(await graph.submit(call(), 'sendMail', JSON_PAYLOAD)).toEqual({ kind: 'answered', status });
    expect(server.captured).toHaveLength(1);
  });

  it.each([429, 500, 502, 503, 504])('an answer of %i is not followed by a second request', async (status) => {
    answers(status, { 'retry-after': '0' });
    await graph.submit(call(), 'sendMail', JSON_PAYLOAD);
    expect(server.captured).toHaveLength(1);
  });

  it('a connection that is reset after the request is no answer, and not tried again', async () => {
    server.answer = (response) => void response.socket?.resetAndDestroy();
    expect(await graph.submit(call(), 'sendMail', JSON_PAYLOAD)).toMatchObject({ kind: 'noAnswer' });
    expect(server.captured).toHaveLength(1);
  });

  it('silence is no answer after the time-out of the call', async () => {
    server.answer = () => {};
    expect(await graph.submit(call({ timeoutMs: 1_000 }), 'sendMail', JSON_PAYLOAD)).toEqual({
      kind: 'noAnswer',
      reason: 'no answer within 1000 ms',
    });
  });

  it('nobody listening, and a server that speaks no TLS, mean that nothing was sent', async () => {
    const gone = await startCapturingServer();
    await gone.close();
    const refused = await connect(gone.url).submit(call(), 'sendMail', JSON_PAYLOAD);
    expect(refused).toMatchObject({ kind: 'notSent', reason: expect.stringContaining('ECONNREFUSED') });
    expect(await connect(server.url.replace('http', 'https')).submit(call(), 'sendMail', JSON_PAYLOAD)).toMatchObject({ kind: 'notSent' });
    expect(server.captured).toEqual([]);
  });

  it('links that lead to another origin are not followed', async () => {
    const link = 'https://graph.example.org/v1.0/next';
    expect(await graph.sentItemsDelta(call(), { link })).toMatchObject({ status: 410 });
    expect(await graph.listReports(call(), { link })).toMatchObject({ kind: 'notSent' });
    answers(200, {}, JSON.stringify({ value: [], '@odata.nextLink': link }));
    expect(await graph.findByMark(call(), 'id')).toMatchObject({ kind: 'notSent' });
  });

  it('a list of several pages is read to its end', async () => {
    server.answer = (response, { target }) => {
      const more = target.includes('page=2') ? {} : { '@odata.nextLink': `${server.url}/v1.0/list?page=2` };
      response.end(
        JSON.stringify({ value: [{ id: target.includes('page=2') ? 'two' : 'one', singleValueExtendedProperties: [] }], ...more }),
      );
    };
    expect(await graph.findByMark(call(), 'id')).toMatchObject({ body: [{ id: 'one' }, { id: 'two' }] });
  });
});
