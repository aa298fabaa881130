// What an attempt needs to know beside the record is read at the same time as the record: each of these is remembered once it is read.
import { isDraftOnly } from '../../domain/operations.ts';
import type { QueueMessage } from '../../domain/submit/queue-message.ts';
import type { Context } from '../context.ts';

/** Begins to read what is not remembered. Nothing fails here: who needs it asks again, and learns then that it is out of reach. */
export function readAhead({ clock, log, counters, pauses, accountPauses, rules }: Context, { mailbox, operation }: QueueMessage): void {
  pauses.current().catch(() => undefined);
  accountPauses.current(mailbox).catch(() => undefined);
  if (rules.limits !== undefined && !isDraftOnly(operation)) counters.of(mailbox).readAhead(() => log.usage(mailbox), clock.now());
}
