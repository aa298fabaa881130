// The status log in Table Storage: one partition per mailbox, one transaction per step of a send request.
import { randomUUID } from 'node:crypto';
import type { Recipient, SendRequestRecord, StatusEvent } from '../../domain/log/send-request.ts';
import { idOfSortKey } from '../../domain/log/send-request-id.ts';
import type { Change, KeyHolder, OpenRequest, StatusLog, Versioned, WriteResult } from '../../ports/status-log.ts';
import { commit } from './commit.ts';
import { timeline } from './event-entity.ts';
import { contentKey, encodeKey, rowKeys, startsWith } from './keys.ts';
import { fromRecordEntity } from './record-entity.ts';
import type { Table } from './table.ts';

const RECIPIENT_PROPERTIES = ['recipients', 'recipientSet', 'recipientChunks'];
/** How often recipients are read again when another write replaces them meanwhile. */
const READINGS = 3;

/** Enough for a client's repeats; more of one content within minutes answer repeats all the same. */
const SAME_CONTENT = 20;

export class TableStatusLog implements StatusLog {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async read(mailbox: string, id: string): Promise<Versioned<SendRequestRecord> | undefined> {
    const entity = await this.#table.get(encodeKey(mailbox), rowKeys.record(id));
    return entity && { value: fromRecordEntity(entity), etag: entity.etag };
  }

  async recipients(mailbox: string, id: string): Promise<Recipient[]> {
    const partition = encodeKey(mailbox);
    for (let reading = 0; reading < READINGS; reading++) {
      const row = await this.#table.get(partition, rowKeys.record(id), RECIPIENT_PROPERTIES);
      if (!row) return [];
      const count = Number(row['recipientChunks'] ?? 0);
      if (count === 0) return parse(row['recipients']);
      const prefix = rowKeys.recipientChunks(id, String(row['recipientSet']));
      const chunks = await this.#table.list(startsWith(partition, prefix), { top: count });
      if (chunks.length === count) return chunks.flatMap((chunk) => parse(chunk['recipients']));
    }
    throw new Error(`The recipients of ${id} are incomplete`);
  }

  async events(mailbox: string, id: string): Promise<StatusEvent[]> {
    return timeline(await this.#table.list(startsWith(encodeKey(mailbox), rowKeys.events(id))));
  }

  create(change: Change): Promise<WriteResult> {
    return commit(this.#table, change, randomUUID(), undefined);
  }

  write(change: Change, etag: string): Promise<WriteResult> {
    return commit(this.#table, change, randomUUID(), etag);
  }

  async keyHolder(mailbox: string, keyHash: string): Promise<KeyHolder | undefined> {
    const row = await this.#table.get(encodeKey(mailbox), rowKeys.idempotencyKey(keyHash));
    return row && { id: String(row['requestId']), contentHash: String(row['contentHash']) };
  }

  /**
   * Oldest request first: that is the order of the keys, so `top` also bounds what is read. `due` of an open row stays text: a version
   * that an operator rolls back to compares it as text, and would never look at a request again.
   */
  async listDue(mailbox: string, until: string, top: number): Promise<OpenRequest[]> {
    const filter = `${startsWith(encodeKey(mailbox), rowKeys.allOpen)} and due le '${until.replaceAll("'", "''")}'`;
    const rows = await this.#table.list(filter, { top });
    return rows.map((row) => ({ id: row.rowKey.slice(rowKeys.allOpen.length), due: String(row['due']) }));
  }

  async withMessageId(mailbox: string, internetMessageId: string): Promise<string[]> {
    const rows = await this.#table.list(startsWith(encodeKey(mailbox), rowKeys.messageIds(internetMessageId)));
    return rows.map((row) => String(row['requestId']));
  }

  async withContent(mailbox: string, application: string, contentHash: string): Promise<string[]> {
    const prefix = rowKeys.found('content', contentKey(application, contentHash));
    const rows = await this.#table.list(startsWith(encodeKey(mailbox), prefix), { top: SAME_CONTENT });
    return rows.map(({ rowKey }) => idOfSortKey(rowKey.slice(prefix.length)));
  }

  async copyHolder(mailbox: string, copyId: string): Promise<string | undefined> {
    const row = await this.#table.get(encodeKey(mailbox), rowKeys.copyClaim(copyId));
    return row && String(row['requestId']);
  }

  check(): Promise<void> {
    return this.#table.check();
  }
}

const parse = (text: unknown): Recipient[] => JSON.parse(typeof text === 'string' && text ? text : '[]') as Recipient[];
