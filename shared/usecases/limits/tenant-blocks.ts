// The block of the tenant's external recipients that this process uses up.
import { bucketOf, usedIn } from '../../domain/limits/day-counts.ts';
import { type Block, EMPTY_TENANT_USAGE, type TakenBlock, type TenantUsage, takeBlock } from '../../domain/limits/tenant-usage.ts';
import { NEAR, TELL_AGAIN_MS } from '../../domain/limits/usage-view.ts';
import type { Clock } from '../../ports/clock.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { TenantCounter } from '../../ports/tenant-counter.ts';
import { RACES, RememberedRow } from './remembered-row.ts';

interface TenantPorts {
  clock: Clock;
  telemetry: Telemetry;
  tenantCounter: TenantCounter;
}

export type TenantTurn = { kind: 'taken'; block: Block } | Exclude<TakenBlock, { kind: 'taken' }>;

export class TenantBlocks {
  #block: Block = { bucket: 0, recipients: 0 };
  readonly #row = new RememberedRow<TenantUsage>();

  /** `until`: the end of the mail's lifetime, in milliseconds since 1970. Throws StoreUnavailable. */
  take(ports: TenantPorts, limit: number, recipients: number, until: number): Promise<TenantTurn> {
    return this.#row.exclusive(async () => {
      const bucket = bucketOf(ports.clock.now());
      if (this.#block.bucket === bucket && this.#block.recipients >= recipients) {
        this.#block.recipients -= recipients;
        return { kind: 'taken', block: { bucket, recipients } };
      }
      return this.#takeBlock(ports, limit, recipients, until);
    });
  }

  /** The mail has not gone: another may use what it took. */
  giveBack({ bucket, recipients }: Block): void {
    if (bucket === this.#block.bucket) this.#block.recipients += recipients;
  }

  async #takeBlock(ports: TenantPorts, limit: number, recipients: number, until: number): Promise<TenantTurn> {
    for (let race = 0; race < RACES; race++) {
      const now = ports.clock.now();
      const row = await this.#row.current(() => ports.tenantCounter.read(), now);
      const taken = takeBlock(row?.value ?? EMPTY_TENANT_USAGE, limit, recipients, now, until);
      if (taken.kind === 'tooLate') return taken;
      const { usage, tells } = near(taken.usage, limit, now);
      this.#row.writing();
      const written = await ports.tenantCounter.write(usage, row?.etag);
      if (!written) {
        this.#row.changed(now);
        continue;
      }
      this.#row.written({ value: usage, etag: written.etag });
      if (tells) ports.telemetry.event('limitNear', { limit: 'tenantExternalRecipientsPerDay', ...tells });
      if (taken.kind === 'wait') return taken;
      this.#block = { ...taken.block, recipients: taken.block.recipients - recipients };
      return { kind: 'taken', block: { ...taken.block, recipients } };
    }
    throw new StoreUnavailable(`The counter of the tenant changed ${RACES} times while it was being written`);
  }
}

/** Operators are told once a day. */
function near(usage: TenantUsage, limit: number, now: number): { usage: TenantUsage; tells?: { used: number; allowed: number } } {
  const used = usedIn(usage.days, bucketOf(now));
  if (used < limit * NEAR || usage.toldUntil > now) return { usage };
  return { usage: { ...usage, toldUntil: now + TELL_AGAIN_MS.day }, tells: { used, allowed: limit } };
}
