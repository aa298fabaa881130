// The external recipients of the whole tenant: one row, which a process writes for each block that it takes.
import type { TenantUsage } from '../domain/limits/tenant-usage.ts';
import type { Versioned } from './status-log.ts';

/** All methods throw StoreUnavailable if the table is out of reach. */
export interface TenantCounter {
  read(): Promise<Versioned<TenantUsage> | undefined>;
  /** False if another was faster. `etag`: the version that it was decided on; absent: there is none yet. */
  write(usage: TenantUsage, etag?: string): Promise<{ etag: string } | false>;
}
