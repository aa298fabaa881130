// Pauses by operators in memory.
import type { Pause } from '../../shared/domain/act/pauses.ts';
import type { Pauses } from '../../shared/ports/pauses.ts';
import { StoreUnavailable } from '../../shared/ports/store-unavailable.ts';

export class InMemoryPauses implements Pauses {
  down = false;
  readonly #pauses = new Map<string, Pause>();

  current(): Promise<readonly Pause[]> {
    return this.list();
  }

  async list(): Promise<readonly Pause[]> {
    if (this.down) throw new StoreUnavailable('down');
    return [...this.#pauses.values()];
  }

  async set(pause: Pause): Promise<void> {
    if (this.down) throw new StoreUnavailable('down');
    this.#pauses.set(pause.id, structuredClone(pause));
  }

  async lift(id: string): Promise<boolean> {
    if (this.down) throw new StoreUnavailable('down');
    return this.#pauses.delete(id);
  }
}
