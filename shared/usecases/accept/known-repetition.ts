// A client's own repetition of a request (Retry-Attempt, same client-request-id): the first attempt's answer, where that one is known.

import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { QueueMessage } from '../../domain/submit/queue-message.ts';
import type { Context } from '../context.ts';

/** Clients repeat within minutes; an id that comes again much later is another request. */
const WITHIN_MS = 3_600_000;

/** What was withdrawn was never accepted: its repetition is the first. */
const isSame = (record: SendRequestRecord, message: QueueMessage): boolean =>
  record.application === message.application &&
  record.contentHash === message.contentHash &&
  record.enqueued !== false &&
  Date.parse(message.createdDateTime) - Date.parse(record.createdDateTime) <= WITHIN_MS;

/** Throws StoreUnavailable. */
export async function firstAttemptOf(context: Context, message: QueueMessage): Promise<SendRequestRecord | undefined> {
  const { mailbox, clientRequestId } = message;
  if (clientRequestId === undefined) return undefined;
  for (const id of await context.log.withClientRequestId(mailbox, clientRequestId)) {
    const stored = await context.log.read(mailbox, id);
    if (stored && isSame(stored.value, message)) return stored.value;
  }
  return undefined;
}
