// Event rows: one line of the timeline each, and the order they are read in.
import type { StatusEvent } from '../../domain/log/send-request.ts';
import type { KeyedEvent } from '../../ports/status-log.ts';
import { encodeKey, rowKeys } from './keys.ts';
import type { Entity } from './table.ts';
import { cutText } from './text.ts';
import { fromTime, toTime } from './times.ts';

export interface EventEntity {
  partitionKey: string;
  rowKey: string;
  type: string;
  dateTime: Date;
  /** Place among the events of one write. */
  place: number;
  attempt?: number;
  recipient?: string;
  detail?: string;
}

export function toEventEntity(mailbox: string, id: string, event: KeyedEvent, place: number): EventEntity {
  return {
    partitionKey: encodeKey(mailbox),
    rowKey: rowKeys.event(id, event.key),
    type: event.type,
    dateTime: toTime(event.dateTime),
    place,
    ...(event.attempt !== undefined && { attempt: event.attempt }),
    ...(event.recipient !== undefined && { recipient: event.recipient }),
    ...(event.detail !== undefined && { detail: cutText(event.detail) }),
  };
}

function fromEventEntity(entity: Entity): StatusEvent {
  const { type, dateTime, attempt, recipient, detail } = entity as unknown as EventEntity;
  return {
    type,
    dateTime: fromTime(dateTime),
    ...(attempt !== undefined && { attempt }),
    ...(recipient !== undefined && { recipient }),
    ...(detail !== undefined && { detail }),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Graph tells when a report was received in whole seconds: it must not come before what led to it within that second. */
const sortKey = (entity: Entity): string => fromTime(entity['dateTime']).replace('.000Z', 'Z');

/** Oldest first. Events of the same millisecond: in the order in which they were written (the table's own time), then their place. */
export function timeline(entities: readonly Entity[]): StatusEvent[] {
  const order = (a: Entity, b: Entity) =>
    compare(sortKey(a), sortKey(b)) || compare(a.timestamp ?? '', b.timestamp ?? '') || Number(a['place']) - Number(b['place']);
  return [...entities].sort(order).map(fromEventEntity);
}
