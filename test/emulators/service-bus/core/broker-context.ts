// What all queues of a broker share.
import type { Clock } from './clock.ts';
import type { Deadlines } from './deadlines.ts';
import type { Journal } from './journal.ts';

export interface BrokerContext {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly journal: Journal;
  /** Whether a delivery that ended with its connection counts as failed. Azure's answer is not known. */
  countDroppedDeliveries: boolean;
}
