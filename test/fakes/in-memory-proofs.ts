// Proofs that marks survive, in memory.
import type { ContentFormat } from '../../shared/domain/log/send-request.ts';
import type { Proofs } from '../../shared/ports/proofs.ts';
import { StoreUnavailable } from '../../shared/ports/store-unavailable.ts';

export class InMemoryProofs implements Proofs {
  down = false;
  readonly proven: Set<ContentFormat>;

  constructor(...proven: ContentFormat[]) {
    this.proven = new Set(proven);
  }

  async isProven(format: ContentFormat): Promise<boolean> {
    if (this.down) throw new StoreUnavailable('down');
    return this.proven.has(format);
  }

  async noteMatch(format: ContentFormat): Promise<void> {
    if (this.down) throw new StoreUnavailable('down');
    this.proven.add(format);
  }
}
