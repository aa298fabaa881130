// One table, as the adapters need it: absent rows and refusals are answers; a failure that a later attempt may not meet is StoreUnavailable.
import type { TableClient, TransactionAction } from '@azure/data-tables';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import type { OpenTableClient } from './table-client.ts';

/** A call fails within this time, whatever the SDK is still trying. */
const CALL_TIMEOUT_MS = 10_000;

export type Entity = { partitionKey: string; rowKey: string; etag: string; timestamp?: string; [property: string]: unknown };

type NewEntity = { partitionKey: string; rowKey: string; [property: string]: string };

/**
 * What a write came to. `refused`: a row was there (409), was changed (412), or wasn't there (404); nothing was written. `etags`: those of
 * the rows of a transaction, in its order, empty for a row that was deleted; `etag` is the first one.
 */
export type TableWrite = { kind: 'written'; etag: string; etags: readonly string[] } | { kind: 'refused'; status: 404 | 409 | 412 };

interface Failure {
  statusCode?: number;
  code?: string;
  details?: { odataError?: { code?: string } };
}

const statusOf = (error: unknown): number | undefined => (error as Failure | undefined)?.statusCode;
const codeOf = (error: unknown): string | undefined => (error as Failure).details?.odataError?.code ?? (error as Failure).code;
const isTableMissing = (error: unknown): boolean => statusOf(error) === 404 && codeOf(error) === 'TableNotFound';

/** A request that is itself wrong, and fails the next time too. Every other failure (overload, network, sign-in, rights) may pass. */
const isBug = (error: unknown): boolean => [400, 405, 411, 413, 415].includes(statusOf(error) ?? 0) || error instanceof TypeError;

/** The signal ends it when its time is over. */
type Call<T> = (client: TableClient, abortSignal: AbortSignal) => Promise<T>;

export class Table {
  readonly #client: OpenTableClient;
  readonly #callTimeoutMs: number;

  constructor(client: OpenTableClient, { callTimeoutMs = CALL_TIMEOUT_MS }: { callTimeoutMs?: number } = {}) {
    this.#client = client;
    this.#callTimeoutMs = callTimeoutMs;
  }

  async get(partitionKey: string, rowKey: string, select?: string[]): Promise<Entity | undefined> {
    return this.#reading((client, abortSignal) =>
      client.getEntity<Entity>(partitionKey, rowKey, { abortSignal, ...(select && { queryOptions: { select } }) }),
    );
  }

  /** Rows in key order; `top` ends the reading early. */
  async list(filter: string, options: { select?: string[]; top?: number } = {}): Promise<Entity[]> {
    const { select, top = Number.POSITIVE_INFINITY } = options;
    const found: Entity[] = [];
    await this.#reading(async (client, abortSignal) => {
      const query = client.listEntities<Entity>({ abortSignal, queryOptions: { filter, ...(select && { select }) } });
      for await (const page of query.byPage({ maxPageSize: Math.min(top, 1000) })) {
        found.push(...(page as Entity[]));
        if (found.length >= top) break;
      }
      return undefined;
    });
    return found.slice(0, top);
  }

  /** One entity-group transaction. */
  async transact(actions: TransactionAction[]): Promise<TableWrite> {
    return this.#writing(async (client, abortSignal) => (await client.submitTransaction(actions, { abortSignal })).subResponses);
  }

  async upsert(entity: NewEntity): Promise<TableWrite> {
    return this.#writing(async (client, abortSignal) => [await client.upsertEntity(entity, 'Merge', { abortSignal })]);
  }

  async merge(entity: NewEntity, etag: string): Promise<TableWrite> {
    return this.#writing(async (client, abortSignal) => [await client.updateEntity(entity, 'Merge', { abortSignal, etag })]);
  }

  async delete(partitionKey: string, rowKey: string, etag: string): Promise<TableWrite> {
    return this.#writing(async (client, abortSignal) => {
      await client.deleteEntity(partitionKey, rowKey, { abortSignal, etag });
      return [];
    });
  }

  /** Throws if the table is out of reach; makes it if it isn't there. */
  async check(): Promise<void> {
    await this.#healing(async (client, abortSignal) => {
      const pages = client.listEntities({ abortSignal, queryOptions: { filter: "PartitionKey eq '~check'" } });
      await pages.byPage({ maxPageSize: 1 }).next();
    });
  }

  /** The timer ends with the call: the one of AbortSignal.timeout runs on, and makes an exception for each call later. */
  async #inTime<T>(call: Call<T>): Promise<T> {
    const client = await this.#client();
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), this.#callTimeoutMs);
    try {
      return await call(client, deadline.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  async #reading<T>(read: Call<T>): Promise<T | undefined> {
    try {
      return await this.#inTime(read);
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw translate(error);
    }
  }

  async #writing(write: Call<readonly { etag?: string }[]>): Promise<TableWrite> {
    try {
      const etags = (await this.#healing(write)).map(({ etag = '' }) => etag);
      return { kind: 'written', etag: etags[0] ?? '', etags };
    } catch (error) {
      const status = statusOf(error);
      if (status === 404 || status === 409 || status === 412) return { kind: 'refused', status };
      throw error;
    }
  }

  /** Makes the table if it is missing, and repeats; other errors come out translated. */
  async #healing<T>(call: Call<T>): Promise<T> {
    try {
      return await this.#inTime(call);
    } catch (error) {
      if (!isTableMissing(error)) throw translate(error);
    }
    try {
      await this.#inTime((client, abortSignal) => client.createTable({ abortSignal }));
      return await this.#inTime(call);
    } catch (error) {
      throw isTableMissing(error) ? new StoreUnavailable('The table could not be created yet', { cause: error }) : translate(error);
    }
  }
}

function translate(error: unknown): unknown {
  const status = statusOf(error);
  if (error instanceof StoreUnavailable || isBug(error)) return error;
  if (status === 409 && codeOf(error) === 'TableBeingDeleted') return new StoreUnavailable('The table is being deleted', { cause: error });
  if (status === 404 || status === 409 || status === 412) return error;
  return new StoreUnavailable(`Table Storage is out of reach: ${codeOf(error) ?? status ?? (error as Error).message}`, { cause: error });
}
