// Table Storage in memory as the adapter's client sees it, which counts what every call reads: rows of a key range count, also those that a filter drops.
import type { TableClient, TransactionAction } from '@azure/data-tables';

interface Row {
  partitionKey: string;
  rowKey: string;
  etag: string;
  [property: string]: unknown;
}
type Given = { partitionKey: string; rowKey: string; [property: string]: unknown };

const refused = (statusCode: number, code: string) => Object.assign(new Error(code), { statusCode, code });
const missing = () => refused(404, 'ResourceNotFound');

interface Range {
  partition: string;
  from: string;
  to: string;
  due: string | undefined;
}

/** The few shapes of filter that the adapters use. */
function readFilter(filter: string): Range {
  const shape = /^PartitionKey eq '([^']*)'(?: and RowKey (g[et]) '([^']*)' and RowKey (l[te]) '([^']*)')?(?: and due le '([^']*)')?$/.exec(
    filter,
  );
  if (!shape) throw new Error(`a filter that this table does not know: ${filter}`);
  const [, partition = '', lower, from = '', upper, to = '\uffff', due] = shape;
  return { partition, from: lower === 'gt' ? `${from}\0` : from, to: upper === 'le' ? `${to}\0` : to, due };
}

/** https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions */
function checkLimits(rows: readonly Given[]): void {
  if (rows.length > 100) throw refused(400, 'InvalidInput');
  if (new Set(rows.map(({ partitionKey }) => partitionKey)).size > 1) throw refused(400, 'CommandsInBatchActOnDifferentPartitions');
  if (new Set(rows.map(({ rowKey }) => rowKey)).size < rows.length) throw refused(400, 'InvalidDuplicateRow');
}

class Partition {
  readonly rows = new Map<string, Row>();
  #keys: string[] = [];

  set(row: Row): void {
    if (!this.rows.has(row.rowKey)) this.#keys.splice(this.#place(row.rowKey), 0, row.rowKey);
    this.rows.set(row.rowKey, row);
  }

  delete(rowKey: string): void {
    if (this.rows.delete(rowKey)) this.#keys.splice(this.#place(rowKey), 1);
  }

  between(from: string, to: string): Row[] {
    const keys = this.#keys.slice(this.#place(from), this.#place(to));
    return keys.flatMap((key) => this.rows.get(key) ?? []);
  }

  /** Many at once: sorted once. */
  fill(rows: readonly Row[]): void {
    for (const row of rows) this.rows.set(row.rowKey, row);
    this.#keys = [...this.rows.keys()].sort();
  }

  #place(key: string): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#keys[middle] as string) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export class CountingTableClient {
  calls = 0;
  rowsRead = 0;
  readonly #partitions = new Map<string, Partition>();
  #version = 0;

  /** As the SDK's own client. */
  asClient(): TableClient {
    return this as unknown as TableClient;
  }

  partition(key: string): Partition {
    const found = this.#partitions.get(key) ?? new Partition();
    this.#partitions.set(key, found);
    return found;
  }

  async createTable(): Promise<void> {}

  async getEntity(partitionKey: string, rowKey: string): Promise<Row> {
    this.calls++;
    this.rowsRead++;
    const row = this.partition(partitionKey).rows.get(rowKey);
    if (!row) throw missing();
    return structuredClone(row);
  }

  listEntities({ queryOptions }: { queryOptions: { filter: string } }) {
    const { partition, from, to, due } = readFilter(queryOptions.filter);
    const rows = () => {
      const range = this.partition(partition).between(from, to);
      this.rowsRead += range.length;
      return range.filter((row) => due === undefined || String(row['due']) <= due).map((row) => structuredClone(row));
    };
    const count = () => this.calls++;
    return {
      async *byPage({ maxPageSize }: { maxPageSize: number }) {
        const found = rows();
        for (let start = 0; start === 0 || start < found.length; start += maxPageSize) {
          count();
          yield found.slice(start, start + maxPageSize);
        }
      },
    };
  }

  async upsertEntity(entity: Given): Promise<{ etag: string }> {
    this.calls++;
    return { etag: this.#put(entity, true) };
  }

  async updateEntity(entity: Given, _mode: string, { etag }: { etag: string }): Promise<{ etag: string }> {
    this.calls++;
    this.#check(entity, etag);
    return { etag: this.#put(entity, true) };
  }

  async deleteEntity(partitionKey: string, rowKey: string, { etag }: { etag: string }): Promise<void> {
    this.calls++;
    this.#check({ partitionKey, rowKey }, etag);
    this.partition(partitionKey).delete(rowKey);
  }

  /** All or nothing: everything is checked first. */
  async submitTransaction(actions: TransactionAction[]): Promise<{ subResponses: { etag: string }[] }> {
    this.calls++;
    checkLimits(actions.map(([, entity]) => entity as Given));
    for (const [kind, entity, mode, options] of actions as [string, Given, unknown, { etag?: string } | undefined][]) {
      const row = this.partition(entity.partitionKey).rows.get(entity.rowKey);
      if (kind === 'create' && row) throw refused(409, 'EntityAlreadyExists');
      if ((kind === 'delete' || kind === 'update') && !row) throw missing();
      const etag = options?.etag ?? (mode as { etag?: string } | undefined)?.etag;
      if (kind === 'update' && etag) this.#check(entity, etag);
    }
    const etags = (actions as [string, Given, unknown][]).map(([kind, entity, mode]) => {
      if (kind !== 'delete') return this.#put(entity, mode === 'Merge');
      this.partition(entity.partitionKey).delete(entity.rowKey);
      return '';
    });
    return { subResponses: etags.map((etag) => ({ etag })) };
  }

  #check({ partitionKey, rowKey }: Given, etag: string): void {
    const row = this.partition(partitionKey).rows.get(rowKey);
    if (!row) throw missing();
    if (etag !== '*' && row.etag !== etag) throw refused(412, 'UpdateConditionNotSatisfied');
  }

  #put(entity: Given, merge: boolean): string {
    const partition = this.partition(entity.partitionKey);
    const etag = `W/"${++this.#version}"`;
    partition.set({ ...(merge ? partition.rows.get(entity.rowKey) : undefined), ...structuredClone(entity), etag });
    return etag;
  }
}
