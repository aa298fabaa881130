// For saveToSentItems: false: removes exactly the copy that vouched for the request, once it was seen.
import type { Context } from './context.ts';
import { guidOf, nowOf } from './context.ts';
import { type Stored, writeEvent } from './write-log.ts';

export async function removeCopy(context: Context, stored: Stored): Promise<void> {
  const { mailbox, id, copyId } = stored.value;
  if (copyId === undefined || context.rules.graphRights !== 'readWrite') return;
  const call = { mailbox, clientRequestId: guidOf(context), timeoutMs: context.rules.graphTimeoutMs };
  // Nothing but our own property allows a removal: a Message-ID can be someone else's too.
  const copy = await context.graph.getCopy(call, copyId);
  if (copy.kind !== 'answered' || (copy.status !== 200 && copy.status !== 404)) return;
  if (copy.status === 200 && copy.body?.mark !== id) return;
  const removed = copy.status === 404 ? copy : await context.graph.remove(call, copyId);
  if (removed.kind !== 'answered' || (removed.status !== 204 && removed.status !== 404)) return;
  await writeEvent(
    context,
    mailbox,
    id,
    (record) =>
      record.copyToRemove
        ? { type: 'copyRemoved', dateTime: nowOf(context), fact: copyId.slice(-24), clears: ['copyToRemove'] }
        : undefined,
    stored,
  );
}
