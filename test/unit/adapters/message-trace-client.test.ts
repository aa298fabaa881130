// What is asked of Graph's message trace, and what is made of its answers.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { MessageTraceClient, readTracePage } from '../../../shared/adapters/graph/message-trace-client.ts';
import { type CapturingServer, startCapturingServer } from '../../support/capturing-server.ts';

const NOW = Date.parse('2026-01-15T08:00:00.000Z');
const call = { mailbox: "o'brien@contoso.com", clientRequestId: 'c-1', timeoutMs: 20_000 };
const row = {
  id: 'r1',
  recipientAddress: 'anna@example.com',
  status: 'delivered',
  receivedDateTime: '2026-01-15T07:59:00Z',
  messageId: '<a@x>',
};

let server: CapturingServer;
let trace: MessageTraceClient;
beforeAll(async () => {
  server = await startCapturingServer();
  const getToken = async () => ({ token: 'secret-token', expiresOnTimestamp: NOW + 3_600_000 });
  trace = new MessageTraceClient({ baseUrl: `${server.url}/`, makeCredential: () => ({ getToken }), clock: { now: () => NOW } });
});
afterAll(() => server.close());
beforeEach(() => void server.captured.splice(0));

it('one sender and one window are asked for, in pages as large as they come', async () => {
  server.answer = (response) => void response.end(JSON.stringify({ value: [row], '@odata.nextLink': `${server.url}/next` }));
  const answer = await trace.list(call, { since: '2026-01-15T07:00:00.500Z', until: '2026-01-15T08:00:00.500Z' });
  expect(answer).toMatchObject({
    status: 200,
    body: {
      rows: [
        {
          id: 'r1',
          recipient: 'anna@example.com',
          status: 'delivered',
          receivedDateTime: row.receivedDateTime,
          internetMessageId: '<a@x>',
        },
      ],
      nextLink: `${server.url}/next`,
    },
  });
  const url = new URL(server.captured[0]?.target ?? '', server.url);
  expect(url.pathname).toBe('/v1.0/admin/exchange/tracing/messageTraces');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    $filter:
      "senderAddress eq 'o''brien@contoso.com' and receivedDateTime ge 2026-01-15T07:00:00Z and receivedDateTime le 2026-01-15T08:00:00.500Z",
    $top: '5000',
  });
  expect(server.captured[0]?.headers).toMatchObject({ authorization: 'Bearer secret-token' });
});

it('a link to another origin is not followed', async () => {
  expect(await trace.list(call, { link: 'https://graph.example.org/next' })).toMatchObject({ kind: 'notSent' });
  expect(server.captured).toEqual([]);
});

it('rows that lack what matters are passed over, and what is no list is no answer', () => {
  const read = (body: unknown) => readTracePage(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
  const { messageId: _, ...unnamed } = row;
  expect(read({ value: [null, 'x', {}, { ...row, status: '' }, { ...row, recipientAddress: 5 }, unnamed] })?.rows).toEqual([
    { id: 'r1', recipient: 'anna@example.com', status: 'delivered', receivedDateTime: row.receivedDateTime },
  ]);
  for (const body of ['', '<html>', 'null', '[]', '{"value":{}}']) expect(read(body)).toBeUndefined();
});
