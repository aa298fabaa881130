// The stop switch in memory.
import type { Stop } from '../../shared/domain/act/stops.ts';
import { StoreUnavailable } from '../../shared/ports/content-store.ts';
import type { StopSwitch } from '../../shared/ports/stop-switch.ts';

export class InMemoryStopSwitch implements StopSwitch {
  down = false;
  readonly #stops = new Map<string, Stop>();

  current(): Promise<readonly Stop[]> {
    return this.list();
  }

  async list(): Promise<readonly Stop[]> {
    if (this.down) throw new StoreUnavailable('down');
    return [...this.#stops.values()];
  }

  async set(stop: Stop): Promise<void> {
    if (this.down) throw new StoreUnavailable('down');
    this.#stops.set(stop.id, structuredClone(stop));
  }

  async lift(id: string): Promise<boolean> {
    if (this.down) throw new StoreUnavailable('down');
    return this.#stops.delete(id);
  }
}
