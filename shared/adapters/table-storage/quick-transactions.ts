// The SDK's client of a table with less work for each call: transactions as one request of our own text, and no steps that nothing here uses.
import { randomUUID } from 'node:crypto';
import { createHttpHeaders, createPipelineRequest, type HttpClient, RestError } from '@azure/core-rest-pipeline';
import type { TableClient, TableTransactionResponse } from '@azure/data-tables';
import { readTransactionAnswer, transactionText } from './entity-group-transaction.ts';

/** Spans that nobody collects, lines of a log that is off, redirects that Table Storage does not send, and forms. */
const UNUSED = ['tracingPolicy', 'logPolicy', 'redirectPolicy', 'formDataPolicy', 'multipartPolicy'];

/** Retries, sign-in and connections stay those of the client. `httpClient` is the client's own. */
export function withQuickTransactions(client: TableClient, httpClient: HttpClient): TableClient {
  for (const name of UNUSED) client.pipeline.removePolicy({ name });
  const allowInsecureConnection = client.url.startsWith('http:');
  // A shared access signature goes with the request, and not with its rows.
  const [place = '', signature] = client.url.split('?');
  const base = place.replace(/\/$/, '');

  const submitTransaction: TableClient['submitTransaction'] = async (actions, { abortSignal } = {}): Promise<TableTransactionResponse> => {
    const transactionId = randomUUID();
    const request = createPipelineRequest({
      url: `${base}/$batch${signature === undefined ? '' : `?${signature}`}`,
      method: 'POST',
      body: transactionText(`${base}/${client.tableName}`, actions, transactionId, randomUUID()),
      headers: createHttpHeaders({
        accept: 'application/json',
        'x-ms-version': '2019-02-02',
        dataserviceversion: '3.0;',
        maxdataserviceversion: '3.0;NetFx',
        'content-type': `multipart/mixed; boundary=batch_${transactionId}`,
      }),
      allowInsecureConnection,
      ...(abortSignal && { abortSignal: abortSignal as AbortSignal }),
    });
    const response = await client.pipeline.sendRequest(httpClient, request);
    const { status, code, message, etags } = readTransactionAnswer(response.status, response.bodyAsText ?? '');
    if (status < 200 || status > 299)
      throw new RestError(message ?? 'The transaction was refused', { statusCode: status, ...(code !== undefined && { code }) });
    const subResponses = etags.map((etag) => ({ status: 204, ...(etag !== undefined && { etag }) }));
    return { status, subResponses, getResponseForEntity: () => undefined };
  };
  return Object.assign(client, { submitTransaction });
}
