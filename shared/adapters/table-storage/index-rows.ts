// Index rows: what makes a send request findable by application, client-request-id, recipient, by a status that is rare, by a recipient that failed, and by a failure of our own account or tenant.

import { isInChain } from '../../domain/accept/retry-chain.ts';
import { addressKey } from '../../domain/address/address.ts';
import { hasFailures } from '../../domain/log/filter.ts';
import type { State } from '../../domain/log/lifecycle.ts';
import type { Recipient, SendRequestRecord } from '../../domain/log/send-request.ts';
import { newestFirst } from '../../domain/log/send-request-id.ts';
import type { FailureClass } from '../../domain/reports/failure-rule.ts';
import { contentKey, encodeKey, rowKeys } from './keys.ts';

/** Most requests pass through the other states; these rows stay when a request leaves the state, so a reader must check the record. */
const RARE: readonly State[] = [
  'deferred',
  'inDoubt',
  'created',
  'failed',
  'rejected',
  'expired',
  'cancelled',
  'unaccounted',
  'deadLettered',
];

export const isIndexed = (status: State): boolean => RARE.includes(status);

/** Send requests of which a recipient has failed, whatever their status is. A row stays if Exchange's own report says otherwise later. */
export const FAILURES = rowKeys.found('failures', 'some');

/** Failures for which the recipient is to blame are found among all failures. */
const OWN: readonly FailureClass[] = ['ownAccount', 'ownTenant'];

/** The index rows of a failure class; undefined if it has none of its own. */
export const failureIndex = (one: FailureClass | undefined): string | undefined =>
  one !== undefined && OWN.includes(one) ? rowKeys.found('failureClass', one) : undefined;

const PASSING = [
  ...RARE.map((status) => rowKeys.found('status', status)),
  FAILURES,
  ...OWN.map((one) => rowKeys.found('failureClass', one)),
];

/** Where the record is found by what it is, or was, for a time. */
export const passingRows = ({ id, mailbox }: Pick<SendRequestRecord, 'id' | 'mailbox'>): { partitionKey: string; rowKey: string }[] =>
  PASSING.map((prefix) => ({ partitionKey: encodeKey(mailbox), rowKey: prefix + newestFirst(id) }));

/** `recipients`: of a new record. Nothing but the key: it ends with the sort key, and so with the id. */
export function indexRows(
  record: SendRequestRecord,
  recipients: readonly Recipient[] | undefined,
): { partitionKey: string; rowKey: string }[] {
  const prefixes = new Set<string>();
  if (isIndexed(record.status)) prefixes.add(rowKeys.found('status', record.status));
  if (hasFailures(record)) prefixes.add(FAILURES);
  const ofClass = failureIndex(record.failureClass);
  if (ofClass !== undefined) prefixes.add(ofClass);
  if (recipients) {
    prefixes.add(rowKeys.found('application', record.application));
    if (record.clientRequestId !== undefined) prefixes.add(rowKeys.found('clientRequestId', record.clientRequestId));
    if (isInChain(record)) prefixes.add(rowKeys.found('content', contentKey(record.application, record.contentHash)));
    for (const { address } of recipients) prefixes.add(rowKeys.found('recipient', addressKey(address)));
  }
  const partitionKey = encodeKey(record.mailbox);
  return [...prefixes].map((prefix) => ({ partitionKey, rowKey: prefix + newestFirst(record.id) }));
}
