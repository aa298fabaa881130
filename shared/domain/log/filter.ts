// Which send requests a list asks for, and whether one is meant.
import type { State } from './lifecycle.ts';
import type { SendRequestRecord } from './send-request.ts';

export interface SendRequestFilter {
  status?: State;
  /** Milliseconds since 1970; from inclusive, until exclusive. */
  createdFrom?: number;
  createdUntil?: number;
  application?: string;
  /** Canonical name. */
  mailbox?: string;
  /** Address of a recipient, in any spelling. */
  recipient?: string;
  internetMessageId?: string;
  clientRequestId?: string;
}

/** All that a record itself can tell. A recipient is found by its index, a Message-ID also under one that Exchange gave. */
export function matches(filter: SendRequestFilter, record: SendRequestRecord): boolean {
  const { status, createdFrom, createdUntil, application, clientRequestId } = filter;
  const created = Date.parse(record.createdDateTime);
  return (
    (status === undefined || record.status === status) &&
    (createdFrom === undefined || created >= createdFrom) &&
    (createdUntil === undefined || created < createdUntil) &&
    (application === undefined || record.application === application) &&
    (clientRequestId === undefined || record.clientRequestId === clientRequestId)
  );
}
