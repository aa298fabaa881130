// OverviewSource on Table Storage: the agenda says what waits, and marks say where something needs a person.
import type { AttentionKind, Waiting } from '../../domain/log/attention.ts';
import type { State } from '../../domain/log/lifecycle.ts';
import type { OverviewSource } from '../../ports/overview-source.ts';
import { attentionSince } from './change-marks.ts';
import { encodeKey, rowKeys, startsWith } from './keys.ts';
import type { Table } from './table.ts';

/** Rows of versions that did not write the state there, until the next attempt writes it. */
const UNKNOWN: Waiting = { status: 'queued', reason: 'unknown' };

export class TableOverviewSource implements OverviewSource {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async waiting(mailbox: string, top: number): Promise<Waiting[]> {
    const filter = startsWith(encodeKey(mailbox), rowKeys.agendas(true));
    const rows = await this.#table.list(filter, { top, select: ['partitionKey', 'rowKey', 'status', 'reason'] });
    return rows.map(({ status, reason }) => (typeof status === 'string' ? { status: status as State, reason: String(reason) } : UNKNOWN));
  }

  async attention(since: number): Promise<{ mailbox: string; kind: AttentionKind }[]> {
    const rows = await this.#table.list(attentionSince(since));
    return rows.map(({ mailbox, kind }) => ({ mailbox: String(mailbox), kind: String(kind) as AttentionKind }));
  }
}
