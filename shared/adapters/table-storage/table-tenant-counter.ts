// The tenant's counter in Table Storage: one row, in a partition of its own.
import { EMPTY_TENANT_USAGE, type TenantUsage } from '../../domain/limits/tenant-usage.ts';
import type { Versioned } from '../../ports/status-log.ts';
import type { TenantCounter } from '../../ports/tenant-counter.ts';
import { LIMITS_PARTITION } from './keys.ts';
import type { Table } from './table.ts';
import { fromParts, inParts } from './usage-entity.ts';

const partitionKey = LIMITS_PARTITION;
const rowKey = 'tenant';

export class TableTenantCounter implements TenantCounter {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async read(): Promise<Versioned<TenantUsage> | undefined> {
    const row = await this.#table.get(partitionKey, rowKey);
    return row && { value: { ...EMPTY_TENANT_USAGE, ...(fromParts(row) as TenantUsage) }, etag: row.etag };
  }

  async write(usage: TenantUsage, etag?: string): Promise<{ etag: string } | false> {
    const row = { partitionKey, rowKey, ...inParts(JSON.stringify(usage)) };
    const written = await this.#table.transact([etag === undefined ? ['create', row] : ['update', row, 'Replace', { etag }]]);
    return written.kind === 'written' && { etag: written.etag };
  }
}
