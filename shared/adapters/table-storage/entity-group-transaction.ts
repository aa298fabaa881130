// An entity group transaction on the wire, and its answer.
// https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
// The SDK makes a client with a pipeline of its own for each transaction, and sends each row through it to get its text: that takes
// three times the CPU of the request. The text here is the same as the SDK's, byte for byte (test/unit/adapters/entity-group-transaction.test.ts).
import type { TransactionAction } from '@azure/data-tables';

const LINE = '\r\n';

type Entity = { partitionKey: string; rowKey: string; [property: string]: unknown };

const NAMES: Readonly<Record<string, string>> = {
  partitionKey: 'PartitionKey',
  rowKey: 'RowKey',
  etag: 'odata.etag',
  timestamp: 'Timestamp',
};

/** What rows of this project have: text, numbers, booleans, and times. Any other value is a bug. */
function jsonOf(entity: Entity): string {
  const properties: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entity)) {
    const name = NAMES[key] ?? key;
    const isTime = value instanceof Date;
    if (!isTime && (typeof value === 'object' || typeof value === 'bigint'))
      throw new TypeError(`${key} of a row is no text, number or time`);
    properties[name] = value;
    if (isTime) properties[`${name}@odata.type`] = 'Edm.DateTime';
  }
  return JSON.stringify(properties);
}

const quoted = (key: string): string => `'${encodeURIComponent(key.replaceAll("'", "''"))}'`;

interface Part {
  method: string;
  entity: Entity;
  headers: readonly string[];
  body?: string;
}

const WITH_BODY = ['Content-Type: application/json', 'DataServiceVersion: 3.0', 'Accept: application/json'];
const METHODS = { Merge: 'PATCH', Replace: 'PUT' } as const;

function partOf(action: TransactionAction): Part {
  const [kind, given] = action;
  const entity = given as Entity;
  if (kind === 'delete')
    return {
      method: 'DELETE',
      entity,
      headers: ['Accept: application/json;odata=minimalmetadata', 'DataServiceVersion: 3.0', 'If-Match: *'],
    };
  const body = jsonOf(entity);
  if (kind === 'create') {
    const types = ['Content-Type: application/json;odata=nometadata', 'Accept: application/json;odata=minimalmetadata'];
    return { method: 'POST', entity, headers: [...types, 'DataServiceVersion: 3.0', 'Prefer: return-no-content'], body };
  }
  const method = METHODS[action[2] ?? 'Merge'];
  if (kind === 'upsert') return { method, entity, headers: WITH_BODY, body };
  return { method, entity, headers: [...WITH_BODY, `If-Match: ${action[3]?.etag ?? '*'}`], body };
}

/** `url` is that of the table; the ids name the parts, and must be in no row. */
export function transactionText(url: string, actions: readonly TransactionAction[], transactionId: string, changesetId: string): string {
  const lines = [`--batch_${transactionId}`, `content-type: multipart/mixed; boundary=changeset_${changesetId}`, '', ''];
  for (const action of actions) {
    const { method, entity, headers, body } = partOf(action);
    const { partitionKey, rowKey } = entity;
    const place = method === 'POST' ? url : `${url}(PartitionKey=${quoted(partitionKey)},RowKey=${quoted(rowKey)})`;
    lines.push(`--changeset_${changesetId}`, 'content-type: application/http', 'content-transfer-encoding: binary', '');
    lines.push(`${method} ${place} HTTP/1.1`, ...headers, '', '');
    if (body !== undefined) lines.push(body);
  }
  lines.push(`--changeset_${changesetId}--`, `--batch_${transactionId}--`, '');
  return lines.join(LINE);
}

export interface TransactionAnswer {
  /** Of the row that was refused, and then of the whole; otherwise 202. */
  status: number;
  /** The error's code in Table Storage, if there is one. */
  code?: string;
  message?: string;
  /** By the order of the actions; a deletion has none. */
  etags: readonly (string | undefined)[];
}

function errorIn(text: string): Pick<TransactionAnswer, 'code' | 'message'> {
  const json = /\{.*\}/s.exec(text)?.[0];
  try {
    const { code, message } =
      (JSON.parse(json ?? '{}') as { 'odata.error'?: { code?: string; message?: { value?: string } } })['odata.error'] ?? {};
    return { ...(code !== undefined && { code }), ...(message?.value !== undefined && { message: message.value }) };
  } catch {
    return {};
  }
}

/** Either every row was written, or the one answer that is there says which was refused, and why. */
export function readTransactionAnswer(status: number, text: string): TransactionAnswer {
  if (status < 200 || status > 299) return { status, etags: [], ...errorIn(text) };
  const parts = text.split('--changesetresponse_').slice(1, -1);
  const refused = parts.find((part) => !/HTTP\/1\.1 2\d\d/.test(part));
  if (refused !== undefined) return { status: Number(/HTTP\/1\.1 (\d{3})/.exec(refused)?.[1] ?? 500), etags: [], ...errorIn(refused) };
  return { status, etags: parts.map((part) => /^ETag: (.*)$/im.exec(part)?.[1]?.trim()) };
}
