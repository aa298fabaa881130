// Rows of the outbox: what one change of a send request tells, in as many rows as it needs.
import { publishedEvents, type ToldEvents } from '../../domain/log/cloud-event.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { WaitingEvents } from '../../ports/outbox.ts';
import { encodeKey, rowKeys } from './keys.ts';
import type { Entity } from './table.ts';

export interface OutboxEntity {
  partitionKey: string;
  rowKey: string;
  requestId: string;
  mailbox: string;
  change: number;
  /** JSON. */
  events: string;
}

/** `change`: the number of the change among those of the request that are told. */
export const outboxRows = ({ mailbox, id }: SendRequestRecord, change: number, tells: readonly ToldEvents[]): OutboxEntity[] =>
  tells.map((told, piece) => ({
    partitionKey: encodeKey(mailbox),
    rowKey: rowKeys.outbox(id, change, piece),
    requestId: id,
    mailbox,
    change,
    events: JSON.stringify(told),
  }));

/** The table's own time says since when it waits; a table that gives none is an emulator's. */
export function fromOutboxRow(row: Entity): WaitingEvents {
  const { rowKey, requestId, mailbox, change, events, timestamp } = row as unknown as OutboxEntity & { timestamp?: string };
  const published = publishedEvents(JSON.parse(events) as ToldEvents, Number(change));
  return { key: rowKey, id: requestId, mailbox, events: published, since: timestamp ?? (published[0]?.time as string) };
}
