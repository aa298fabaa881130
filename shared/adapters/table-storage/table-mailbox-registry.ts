// The registry of watched mailboxes: one small row each in a partition of its own.
import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import type { MailboxRegistry, WatchedMailbox } from '../../ports/mailbox-registry.ts';
import type { Versioned } from '../../ports/status-log.ts';
import { DIRECTORY_PARTITION, encodeKey, MAILBOXES_PARTITION } from './keys.ts';
import type { Entity, Table } from './table.ts';
import { cut, MAXIMUM_PROPERTY } from './text.ts';

/** A touch costs a write at most this often per mailbox and process. */
const TOUCH_EVERY_MS = 30 * 60_000;
const ENTER_EVERY_MS = 24 * 3_600_000;
const RACES = 5;

const partitionKey = MAILBOXES_PARTITION;

/**
 * Touches and saves write different properties, so that each can be merged without the other. The version given out names the
 * last save beside the ETag: an ETag that only a touch has changed is no conflict.
 */
export class TableMailboxRegistry implements MailboxRegistry {
  readonly #table: Table;
  readonly #clock: Clock;
  readonly #touched = new Map<string, number>();
  readonly #entered = new Map<string, number>();

  constructor(table: Table, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  async touch(mailbox: string, submitter?: string): Promise<void> {
    const now = this.#clock.now();
    const key = submitter === undefined ? mailbox : `${mailbox} ${submitter}`;
    const last = this.#touched.get(key);
    if (last !== undefined && now - last < TOUCH_EVERY_MS) return;
    const touchedDateTime = new Date(now).toISOString();
    // A property for each: so two processes that touch at the same time don't lose each other's.
    const by: Record<string, string> = submitter === undefined ? { submits: 'true' } : { [submitterProperty(submitter)]: submitter };
    await this.#table.upsert({ partitionKey, rowKey: encodeKey(mailbox), mailbox, touchedDateTime, ...by });
    if (submitter === undefined) await this.#enter(mailbox, now);
    this.#touched.set(key, now);
  }

  /** A list over all mailboxes begins in the directory, where a mailbox stays when it is forgotten here. */
  async #enter(mailbox: string, now: number): Promise<void> {
    if (now - (this.#entered.get(mailbox) ?? Number.NEGATIVE_INFINITY) < ENTER_EVERY_MS) return;
    const lastDateTime = new Date(now).toISOString();
    await this.#table.upsert({ partitionKey: DIRECTORY_PARTITION, rowKey: encodeKey(mailbox), mailbox, lastDateTime });
    this.#entered.set(mailbox, now);
  }

  async list(): Promise<Versioned<WatchedMailbox>[]> {
    const rows = await this.#table.list(`PartitionKey eq '${partitionKey}'`);
    return rows.map((row) => ({ value: toMailbox(row), etag: versionOf(row) }));
  }

  async save(mailbox: WatchedMailbox, version: string): Promise<boolean> {
    const rowKey = encodeKey(mailbox.mailbox);
    const saveId = randomUUID();
    let { etag, saveId: readSaveId } = readVersion(version);
    for (let race = 0; race < RACES; race++) {
      const written = await this.#table.merge({ partitionKey, rowKey, saveId, ...savedProperties(mailbox) }, etag);
      if (written.kind === 'written') return true;
      const row = await this.#table.get(partitionKey, rowKey);
      if (row?.['saveId'] === saveId) return true;
      if (!row || (row['saveId'] ?? '') !== readSaveId) return false;
      etag = row.etag;
      readSaveId = String(row['saveId'] ?? '');
    }
    return false;
  }

  async forget(mailbox: string, version: string): Promise<boolean> {
    const deleted = await this.#table.delete(partitionKey, encodeKey(mailbox), readVersion(version).etag);
    if (deleted.kind === 'refused' && deleted.status !== 404) return false;
    for (const key of this.#touched.keys()) if (key === mailbox || key.startsWith(`${mailbox} `)) this.#touched.delete(key);
    return true;
  }
}

/** Property names are identifiers, so the mailbox's own name can't be one. */
const SUBMITTER = 'submitter_';
const submitterProperty = (mailbox: string): string => SUBMITTER + createHash('sha256').update(mailbox).digest('hex').slice(0, 16);

const versionOf = (row: Entity): string => `${String(row['saveId'] ?? '')} ${row.etag}`;

function readVersion(version: string): { saveId: string; etag: string } {
  const space = version.indexOf(' ');
  return { saveId: version.slice(0, space), etag: version.slice(space + 1) };
}

/** An empty text stands for "not there": a merge can't remove a property. A link too long to keep is one that has expired. */
const savedProperties = ({
  reconciledDateTime,
  sentItemsDeltaLink,
  reportsReadUntil,
  traceReadUntil,
  error,
}: WatchedMailbox): Record<string, string> => ({
  reconciledDateTime: reconciledDateTime ?? '',
  sentItemsDeltaLink: (sentItemsDeltaLink ?? '').length <= MAXIMUM_PROPERTY ? (sentItemsDeltaLink ?? '') : '',
  reportsReadUntil: reportsReadUntil ?? '',
  traceReadUntil: traceReadUntil ?? '',
  error: cut(error ?? ''),
});

const OPTIONAL = ['reconciledDateTime', 'sentItemsDeltaLink', 'reportsReadUntil', 'traceReadUntil', 'error'] as const;

function toMailbox(row: Entity): WatchedMailbox {
  const text = (name: string): string => (typeof row[name] === 'string' ? row[name] : '');
  const kept = OPTIONAL.map((name) => [name, text(name)]).filter(([, value]) => value !== '');
  const submitters = Object.keys(row)
    .filter((name) => name.startsWith(SUBMITTER))
    .map(text);
  return {
    mailbox: text('mailbox'),
    touchedDateTime: text('touchedDateTime'),
    ...Object.fromEntries(kept),
    ...(submitters.length > 0 && { submitters, ...(row['submits'] !== 'true' && { onlyFrom: true as const }) }),
  };
}
