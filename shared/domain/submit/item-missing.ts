// Graph does not find the message that an operation names: it may not be visible yet.
import { after } from '../duration.ts';
import type { SendRequestRecord } from '../log/send-request.ts';
import { isSendRequestId } from '../log/send-request-id.ts';

/**
 * Whether the message that the operation names may still appear. For an id that the caller gave, Graph's answer is final. A message that
 * another send request made or sent did exist: it is missing only if every answer has said so for `graceMs`, the newest at `now` (RFC 3339).
 */
export function mayStillAppear({ targetMessageId, itemMissingSince }: SendRequestRecord, now: string, graceMs: number): boolean {
  if (targetMessageId === undefined || !isSendRequestId(targetMessageId)) return false;
  return itemMissingSince === undefined || after(itemMissingSince, graceMs) > now;
}
