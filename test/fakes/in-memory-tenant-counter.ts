// The tenant's counter in memory.
import type { TenantUsage } from '../../shared/domain/limits/tenant-usage.ts';
import type { Versioned } from '../../shared/ports/status-log.ts';
import type { TenantCounter } from '../../shared/ports/tenant-counter.ts';

export class InMemoryTenantCounter implements TenantCounter {
  reads = 0;
  writes = 0;
  #row: { usage: TenantUsage; version: number } | undefined;

  async read(): Promise<Versioned<TenantUsage> | undefined> {
    this.reads++;
    return this.#row && { value: structuredClone(this.#row.usage), etag: String(this.#row.version) };
  }

  async write(usage: TenantUsage, etag?: string): Promise<{ etag: string } | false> {
    this.writes++;
    if (etag !== (this.#row && String(this.#row.version))) return false;
    this.#row = { usage: structuredClone(usage), version: (this.#row?.version ?? 0) + 1 };
    return { etag: String(this.#row.version) };
  }
}
