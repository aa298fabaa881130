// Which send requests a list asks for, and whether one is meant.

import type { FailureClass } from '../reports/failure-rule.ts';
import type { State } from './lifecycle.ts';
import type { SendRequestRecord } from './send-request.ts';

export interface SubjectTest {
  by: 'contains' | 'startsWith';
  text: string;
}

/** Everything in it must hold. Times are milliseconds since 1970; `From` is inclusive, `Until` is exclusive. */
export interface SendRequestFilter {
  id?: string;
  status?: State;
  /** None of these. */
  statusNot?: readonly State[];
  createdFrom?: number;
  createdUntil?: number;
  /** Last changed; see lastModifiedDateTime of the record. */
  modifiedFrom?: number;
  /** How many recipients have failed. */
  failedFrom?: number;
  failedUntil?: number;
  failureClass?: FailureClass;
  application?: string;
  /** Canonical name. */
  mailbox?: string;
  /** Address of a recipient, in any spelling. */
  recipient?: string;
  internetMessageId?: string;
  clientRequestId?: string;
  /** Without regard to case. */
  subject?: readonly SubjectTest[];
}

/** At least one recipient has failed, whatever the status is. */
export const hasFailures = ({ recipientCounts }: Pick<SendRequestRecord, 'recipientCounts'>): boolean => recipientCounts.failed > 0;

/** Only send requests with failures are meant. */
export const wantsFailures = ({ failedFrom = 0, failureClass }: SendRequestFilter): boolean => failedFrom > 0 || failureClass !== undefined;

const isWithin = (value: number, from: number | undefined, until: number | undefined): boolean =>
  (from === undefined || value >= from) && (until === undefined || value < until);

const folded = (text: string): string => text.normalize('NFC').toLowerCase();

function passes(subject: string, { by, text }: SubjectTest): boolean {
  return by === 'contains' ? folded(subject).includes(folded(text)) : folded(subject).startsWith(folded(text));
}

/** All that a record itself can tell. A recipient is found by its index, a Message-ID also under one that Exchange gave. */
export function matches(filter: SendRequestFilter, record: SendRequestRecord): boolean {
  const { id, status, statusNot, application, clientRequestId, subject: tests } = filter;
  return (
    (id === undefined || record.id === id) &&
    (status === undefined || record.status === status) &&
    !statusNot?.includes(record.status) &&
    isWithin(Date.parse(record.createdDateTime), filter.createdFrom, filter.createdUntil) &&
    isWithin(Date.parse(record.lastModifiedDateTime), filter.modifiedFrom, undefined) &&
    isWithin(record.recipientCounts.failed, filter.failedFrom, filter.failedUntil) &&
    (filter.failureClass === undefined || record.failureClass === filter.failureClass) &&
    (application === undefined || record.application === application) &&
    (clientRequestId === undefined || record.clientRequestId === clientRequestId) &&
    (tests === undefined || tests.every((test) => passes(record.subject ?? '', test)))
  );
}
