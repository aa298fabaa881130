// Proofs that marks survive, in memory.
import type { Proofs, Provable } from '../../shared/ports/proofs.ts';
import { StoreUnavailable } from '../../shared/ports/store-unavailable.ts';

export class InMemoryProofs implements Proofs {
  down = false;
  readonly proven: Set<Provable>;

  constructor(...proven: Provable[]) {
    this.proven = new Set(proven);
  }

  async isProven(format: Provable): Promise<boolean> {
    if (this.down) throw new StoreUnavailable('down');
    return this.proven.has(format);
  }

  async noteMatch(format: Provable): Promise<void> {
    if (this.down) throw new StoreUnavailable('down');
    this.proven.add(format);
  }
}
