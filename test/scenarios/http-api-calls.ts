// What the HTTP API's scenarios are made of: requests over sockets, answers in Graph's envelope, and what a request left behind.
import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { expect } from 'vitest';
import { TABLE_NAME } from '../../shared/adapters/table-storage/table-client.ts';
import { expectDescribed } from '../support/described-answers.ts';
import type { RunningStack } from '../support/running-stack.ts';

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
  error?: { code: string; message: string; innerError: Record<string, string> };
}

export interface Request {
  method?: string;
  mailbox?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

export const at = (...addresses: string[]) => addresses.map((address) => ({ emailAddress: { address } }));
export const mail = (message: Record<string, unknown> = {}) => ({
  message: { subject: 'x', toRecipients: at('bob@contoso.com'), ...message },
});
export const base64 = (text: string | Uint8Array): string => Buffer.from(text as string).toString('base64');

export const json = (body: unknown, headers: Record<string, string> = {}): Request => ({
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
});
export const mime = (body: string | Uint8Array, headers: Record<string, string> = {}): Request => ({
  headers: { 'content-type': 'text/plain', ...headers },
  body,
});

const URN_UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export async function ask(stack: RunningStack, request: Request): Promise<Answer> {
  const { method = 'POST', mailbox = 'sender@contoso.com', path = `/v1.0/users/${mailbox}/sendMail`, headers = {}, body } = request;
  const response = await fetch(stack.url('functions') + path, {
    method,
    headers,
    ...(body !== undefined && { body }),
  });
  expectDescribed(method, response);
  const text = await response.text();
  const parsed = (text ? JSON.parse(text) : {}) as Answer['body'] & Pick<Answer, 'error'>;
  return { status: response.status, headers: response.headers, body: parsed, ...(parsed.error && { error: parsed.error }) };
}

/** Graph's envelope, with the ids of the headers in it. */
export function expectEnvelope({ headers, body, error }: Answer): void {
  expect(headers.get('content-type')).toBe('application/json');
  const requestId = headers.get('request-id');
  expect(requestId).toMatch(URN_UUID);
  expect(body).toEqual({
    error: {
      code: expect.stringMatching(/^\w+$/),
      message: expect.stringMatching(/^[\x20-\x7e]+$/),
      innerError: {
        date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
        'request-id': requestId,
        'client-request-id': headers.get('client-request-id'),
      },
    },
  });
  expect(error?.message.length).toBeLessThan(1_000);
}

async function rowsOf(connection: string): Promise<string[]> {
  const client = TableClient.fromConnectionString(connection, TABLE_NAME, { allowInsecureConnection: true });
  const rows: string[] = [];
  try {
    for await (const { rowKey } of client.listEntities({ queryOptions: { select: ['rowKey'] } })) rows.push(rowKey as string);
  } catch (error) {
    // The table is made by the first write.
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
  }
  return rows;
}

async function blobsOf(connection: string): Promise<number> {
  const service = BlobServiceClient.fromConnectionString(connection);
  let blobs = 0;
  for await (const container of service.listContainers()) {
    for await (const _ of service.getContainerClient(container.name).listBlobsFlat()) blobs++;
  }
  return blobs;
}

export interface Traces {
  /** Queue messages, successors too. */
  sends: number;
  rows: number;
  /** Send requests in the log. */
  requests: number;
  blobs: number;
  /** Calls of Graph that hand over a mail. */
  submissions: number;
}

/** Everything that a request could have left. */
export async function traces(stack: RunningStack): Promise<Traces> {
  const storage = stack.stack.settings['STORAGE'] as string;
  const counters = (await (await fetch(`${stack.url('serviceBusControl')}/counters`)).json()) as Record<string, { sends: number }>;
  const { totals } = await stack.graph<{ totals: Record<string, number> }>('GET', 'stats');
  const rows = await rowsOf(storage);
  return {
    sends: counters['send-requests']?.sends ?? 0,
    rows: rows.length,
    requests: rows.filter((key) => key.startsWith('r!')).length,
    blobs: await blobsOf(storage),
    submissions: (totals['sendMail'] ?? 0) + (totals['createDraft'] ?? 0),
  };
}

export const NOTHING: Traces = { sends: 0, rows: 0, requests: 0, blobs: 0, submissions: 0 };
