// Our text of a transaction, and our reading of its answer, against the SDK's own.
import { type HttpClient, type PipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { TableClient, type TransactionAction } from '@azure/data-tables';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { transactionText } from '../../../shared/adapters/table-storage/entity-group-transaction.ts';
import { withQuickTransactions } from '../../../shared/adapters/table-storage/quick-transactions.ts';

const SIGNED = 'TableEndpoint=https://account.table.core.windows.net;SharedAccessSignature=sv=2022-11-02&ss=t&sig=a%2Fb%3D';
const CONNECTION = 'DefaultEndpointsProtocol=http;AccountName=account;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:1/account';

interface Client {
  client: TableClient;
  sent: PipelineRequest[];
}

/** A client whose requests go nowhere, and are answered with this. */
function clientOf(answer: { status: number; text: string }, quick: boolean, connection = CONNECTION): Client {
  const sent: PipelineRequest[] = [];
  const httpClient: HttpClient = {
    sendRequest: async (request) => {
      sent.push(request);
      return { request, status: answer.status, headers: request.headers, bodyAsText: answer.text };
    },
  };
  const options = { allowInsecureConnection: true, httpClient, retryOptions: { maxRetries: 0 } };
  const client = TableClient.fromConnectionString(connection, 'sendRequests', options);
  return { client: quick ? withQuickTransactions(client, httpClient) : client, sent };
}

const partOf = (status: string, headers: string[], body = '') =>
  [
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    '',
    `HTTP/1.1 ${status}`,
    'X-Content-Type-Options: nosniff',
    ...headers,
    '',
    body,
    '',
  ].join('\r\n');
const answerOf = (...parts: string[]) =>
  `--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_2\r\n\r\n${parts.map((part) => `--changesetresponse_2\r\n${part}`).join('')}--changesetresponse_2--\r\n--batchresponse_1--\r\n`;
const errorOf = (code: string, message: string) =>
  JSON.stringify({ 'odata.error': { code, message: { lang: 'en-us', value: `${message}\nRequestId:1\nTime:2026-01-01` } } });
const WRITTEN = answerOf(partOf('204 No Content', ['DataServiceVersion: 1.0;', 'ETag: W/"datetime\'2026-01-01T00%3A00%3A00.1Z\'"']));

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const entity = fc
  .record({
    rowKey: text,
    text: fc.option(text, { nil: undefined }),
    count: fc.integer(),
    share: fc.double({ noNaN: true, noDefaultInfinity: true }),
    done: fc.boolean(),
    at: fc.date({ noInvalidDate: true, min: new Date('1970-01-01'), max: new Date('2999-01-01') }),
  })
  .map((row) => ({ partitionKey: "o'brien@contoso.com", ...row }));
const mode = fc.constantFrom('Merge' as const, 'Replace' as const);
const action: fc.Arbitrary<TransactionAction> = fc.oneof(
  entity.map((row): TransactionAction => ['create', row]),
  entity.map((row): TransactionAction => ['delete', row]),
  fc.tuple(entity, mode).map(([row, how]): TransactionAction => ['upsert', row, how]),
  fc.tuple(entity, mode).map(([row, how]): TransactionAction => ['update', row, how]),
  fc.tuple(entity, mode, text).map(([row, how, etag]): TransactionAction => ['update', row, how, { etag: `W/"${etag}"` }]),
);

test('the text of a transaction is that of the SDK, byte for byte', async () => {
  const { client, sent } = clientOf({ status: 202, text: WRITTEN }, false);
  const check = async (actions: TransactionAction[]) => {
    await client.submitTransaction(actions);
    const body = String(sent.pop()?.body);
    const [, transaction = ''] = /^--batch_(\S+)/.exec(body) ?? [];
    const [, changeset = ''] = /boundary=changeset_(\S+)/.exec(body) ?? [];
    expect(transactionText('http://127.0.0.1:1/account/sendRequests', actions, transaction, changeset)).toBe(body);
  };
  await fc.assert(fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 4 }), check), { seed: 7, numRuns: 300 });
});

test('the request has the headers of the SDK, and is signed', async () => {
  const [own, sdk] = [clientOf({ status: 202, text: WRITTEN }, true), clientOf({ status: 202, text: WRITTEN }, false)];
  for (const { client } of [own, sdk]) await client.submitTransaction([['delete', { partitionKey: 'a', rowKey: 'b' }]]);
  const [mine, theirs] = [own, sdk].map(({ sent }) => sent[0] as PipelineRequest) as [PipelineRequest, PipelineRequest];
  expect([mine.method, mine.url]).toEqual([theirs.method, theirs.url]);
  const headers = (request: PipelineRequest) => {
    const { 'x-ms-client-request-id': _, 'x-ms-date': at, ...rest } = request.headers.toJSON();
    expect(Date.parse(String(at))).toBeGreaterThan(0);
    return { ...rest, 'content-type': String(rest['content-type']).replace(/[0-9a-f-]{36}$/, 'ID') };
  };
  // What only says something of characters and connections, both of which HTTP/1.1 has like this without it.
  const { 'accept-charset': _, connection: __, ...expected } = headers(theirs) as Record<string, string>;
  const dated = (request: PipelineRequest) => request.headers.get('x-ms-date');
  if (dated(mine) !== dated(theirs)) delete (expected as Record<string, string>)['authorization'];
  expect(headers(mine)).toMatchObject(expected);
  expect(mine.headers.get('authorization')).toMatch(/^SharedKeyLite account:/);
});

test('a shared access signature is where the SDK puts it', async () => {
  const [own, sdk] = [clientOf({ status: 202, text: WRITTEN }, true, SIGNED), clientOf({ status: 202, text: WRITTEN }, false, SIGNED)];
  const rows = async ({ client, sent }: Client) => {
    await client.submitTransaction([['upsert', { partitionKey: 'a', rowKey: 'b' }, 'Replace']]);
    const [request] = sent;
    return { url: request?.url, row: /^PUT .*$/m.exec(String(request?.body))?.[0].trim() };
  };
  expect(await rows(own)).toEqual(await rows(sdk));
});

const ANSWERS: Record<string, { status: number; text: string }> = {
  'every row was written': { status: 202, text: WRITTEN },
  'several rows, one of them deleted': {
    status: 202,
    text: answerOf(
      partOf('204 No Content', ['ETag: W/"datetime\'1\'"']),
      partOf('204 No Content', []),
      partOf('204 No Content', ['ETag: W/"datetime\'3\'"']),
    ),
  },
  'a row is there': {
    status: 202,
    text: answerOf(partOf('409 Conflict', [], errorOf('EntityAlreadyExists', '1:The specified entity already exists.'))),
  },
  'a row was changed': {
    status: 202,
    text: answerOf(partOf('412 Precondition Failed', [], errorOf('UpdateConditionNotSatisfied', '0:x'))),
  },
  'the table is missing': { status: 202, text: answerOf(partOf('404 Not Found', [], errorOf('TableNotFound', '0:x'))) },
  'the whole is refused': { status: 403, text: errorOf('AuthenticationFailed', 'x') },
  'a gateway answers': { status: 502, text: '<html>Bad Gateway</html>' },
  'a gateway answers with braces': { status: 504, text: '<style>a{b}</style>' },
};

test.each(Object.entries(ANSWERS))('%s: read as the SDK reads it', async (_, answer) => {
  const outcome = async (quick: boolean) => {
    try {
      const { subResponses } = await clientOf(answer, quick).client.submitTransaction([['create', { partitionKey: 'a', rowKey: 'b' }]]);
      return subResponses.map(({ etag }) => etag?.trim());
    } catch (error) {
      const { statusCode, code } = error as RestError;
      expect(error).toBeInstanceOf(RestError);
      return { statusCode, code };
    }
  };
  expect(await outcome(true)).toEqual(await outcome(false));
});

test('a value that rows of this project do not have is a bug, and nothing is sent', async () => {
  const { client, sent } = clientOf({ status: 202, text: WRITTEN }, true);
  for (const value of [null, 7n, { a: 1 }, new Uint8Array(1)])
    await expect(client.submitTransaction([['create', { partitionKey: 'a', rowKey: 'b', value }]])).rejects.toThrow(TypeError);
  expect(sent).toEqual([]);
});
