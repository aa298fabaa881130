// The record row: the whole record as JSON, and beside it the properties that people and lists filter by.
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { encodeKey, rowKeys } from './keys.ts';
import type { Entity } from './table.ts';
import { cutText, MAXIMUM_PROPERTY } from './text.ts';
import { toTime, toTimeOrNone } from './times.ts';

/** Flat properties are never absent: a merge leaves absent ones as they were. The JSON is what counts. */
export interface RecordEntity {
  partitionKey: string;
  rowKey: string;
  schemaVersion: number;
  /** Fresh with every write, so that our own write, if its answer was lost, can be distinguished from another's. */
  writeId: string;
  requestId: string;
  status: string;
  application: string;
  operation: string;
  /** Empty if `LOG_SUBJECTS` is off. */
  subject: string;
  lane: string;
  createdDateTime: Date;
  lastModifiedDateTime: Date;
  sendBefore: Date;
  internetMessageId: string;
  clientRequestId: string;
  attempts: number;
  nextAttemptDateTime: Date | '';
  due: Date | '';
  /** Key of its row in the agenda; empty if it is settled. */
  agenda: string;
  /** Key of its row in the order of changes. */
  changed: string;
  record: string;
}

/** Keys of rows that name their record, and move with it. */
export type MovingRows = Pick<RecordEntity, 'agenda' | 'changed'>;

export function toRecordEntity(
  record: SendRequestRecord,
  writeId: string,
  due: string | undefined,
  { agenda, changed }: MovingRows,
): RecordEntity {
  const { error } = record;
  const text = JSON.stringify(error ? { ...record, error: { code: cutText(error.code), message: cutText(error.message) } } : record);
  if (text.length > MAXIMUM_PROPERTY)
    throw new RangeError(`The record of ${record.id} has ${text.length} characters, a row holds ${MAXIMUM_PROPERTY}`);
  return {
    partitionKey: encodeKey(record.mailbox),
    rowKey: rowKeys.record(record.id),
    schemaVersion: record.schemaVersion,
    writeId,
    requestId: record.id,
    status: record.status,
    application: record.application,
    operation: record.operation,
    subject: cutText(record.subject ?? ''),
    lane: record.lane,
    createdDateTime: toTime(record.createdDateTime),
    lastModifiedDateTime: toTime(record.lastModifiedDateTime),
    sendBefore: toTime(record.sendBefore),
    internetMessageId: record.internetMessageId,
    clientRequestId: record.clientRequestId ?? '',
    attempts: record.attempts,
    nextAttemptDateTime: toTimeOrNone(record.nextAttemptDateTime),
    due: toTimeOrNone(due),
    agenda,
    changed,
    record: text,
  };
}

/** A row of a future version keeps its own schemaVersion: code that decides by the record checks it first. */
export const fromRecordEntity = (entity: Entity): SendRequestRecord => JSON.parse(String(entity['record'])) as SendRequestRecord;
