// The registry of watched mailboxes: one small row each in a partition of its own.
import { randomUUID } from 'node:crypto';
import type { ReportPosition } from '../../domain/reconcile/report-position.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MailboxRegistry, Submitter, WatchedMailbox } from '../../ports/mailbox-registry.ts';
import type { Versioned } from '../../ports/status-log.ts';
import { DIRECTORY_PARTITION, encodeKey, MAILBOXES_PARTITION, submitterKey } from './keys.ts';
import type { Entity, Table } from './table.ts';
import { cutText, MAXIMUM_PROPERTY } from './text.ts';

/** A touch costs a write at most this often per mailbox and process. The visits of a young mailbox rely on it (`YOUNG_MS`). */
const TOUCH_EVERY_MS = 5 * 60_000;
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
  /** In a burst many ask at once, and the HTTP API and the worker often do. */
  readonly #touching = new Map<string, Promise<void>>();
  readonly #entered = new Map<string, number>();

  constructor(table: Table, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  async touch(mailbox: string, submitter?: string): Promise<void> {
    const now = this.#clock.now();
    const key = touchKey(mailbox, submitter);
    const last = this.#touched.get(key);
    if (last !== undefined && now - last < TOUCH_EVERY_MS) return;
    const touching = this.#touching.get(key) ?? this.#touch(mailbox, submitter, now).finally(() => this.#touching.delete(key));
    this.#touching.set(key, touching);
    await touching;
  }

  async #touch(mailbox: string, submitter: string | undefined, now: number): Promise<void> {
    const touchedDateTime = new Date(now).toISOString();
    if (submitter !== undefined) {
      // A row for each: a row has no room for as many as there may be.
      await this.#table.upsert({ partitionKey, rowKey: submitterKey(mailbox, submitter), submitter, touchedDateTime });
    }
    const submits = submitter === undefined && { submits: 'true' };
    await this.#table.upsert({ partitionKey, rowKey: encodeKey(mailbox), mailbox, touchedDateTime, ...submits });
    if (submitter === undefined) await this.#enter(mailbox, now);
    this.#touched.set(touchKey(mailbox, submitter), now);
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
    const submitters = new Map<string, Submitter[]>();
    for (const row of rows.filter(isSubmitter)) {
      const [key = ''] = row.rowKey.split('!');
      submitters.set(key, [
        ...(submitters.get(key) ?? []),
        { mailbox: textOf(row, 'submitter'), touchedDateTime: textOf(row, 'touchedDateTime') },
      ]);
    }
    const own = rows.filter((row) => !isSubmitter(row));
    return own.map((row) => ({ value: toMailbox(row, submitters.get(row.rowKey) ?? []), etag: versionOf(row) }));
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

  async noteReportsRead(mailbox: string, { reportsReadUntil, reportsReadFrom }: ReportPosition): Promise<void> {
    // If two runs overlap, the position may go back: what is read again is harmless. A row that is gone stays gone.
    await this.#table.merge({ partitionKey, rowKey: encodeKey(mailbox), reportsReadUntil, reportsReadFrom }, '*');
  }

  async forgetSubmitter(mailbox: string, submitter: Submitter): Promise<void> {
    const rowKey = submitterKey(mailbox, submitter.mailbox);
    const row = await this.#table.get(partitionKey, rowKey);
    if (row?.['touchedDateTime'] !== submitter.touchedDateTime) return;
    await this.#table.delete(partitionKey, rowKey, row.etag);
    this.#touched.delete(touchKey(mailbox, submitter.mailbox));
  }

  async forget(mailbox: string, version: string): Promise<boolean> {
    const deleted = await this.#table.delete(partitionKey, encodeKey(mailbox), readVersion(version).etag);
    if (deleted.kind === 'refused' && deleted.status !== 404) return false;
    for (const key of this.#touched.keys()) if (key === mailbox || key.startsWith(`${mailbox} `)) this.#touched.delete(key);
    return true;
  }
}

const touchKey = (mailbox: string, submitter: string | undefined): string =>
  submitter === undefined ? mailbox : `${mailbox} ${submitter}`;

const isSubmitter = ({ submitter }: Entity): boolean => typeof submitter === 'string';
const textOf = (row: Entity, name: string): string => (typeof row[name] === 'string' ? row[name] : '');

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
  reportsReadFrom,
  traceReadUntil,
  awaitsMore,
  nextDueDateTime,
  agendaMendedDateTime,
  error,
}: WatchedMailbox): Record<string, string> => ({
  reconciledDateTime: reconciledDateTime ?? '',
  sentItemsDeltaLink: (sentItemsDeltaLink ?? '').length <= MAXIMUM_PROPERTY ? (sentItemsDeltaLink ?? '') : '',
  reportsReadUntil: reportsReadUntil ?? '',
  reportsReadFrom: reportsReadFrom ?? '',
  traceReadUntil: traceReadUntil ?? '',
  awaitsMore: awaitsMore === undefined ? '' : String(awaitsMore),
  nextDueDateTime: nextDueDateTime ?? '',
  agendaMendedDateTime: agendaMendedDateTime ?? '',
  error: cutText(error ?? ''),
});

const OPTIONAL = [
  'reconciledDateTime',
  'sentItemsDeltaLink',
  'reportsReadUntil',
  'reportsReadFrom',
  'traceReadUntil',
  'nextDueDateTime',
  'agendaMendedDateTime',
  'error',
] as const;

/** Rows of earlier versions don't say whether the mailbox submits; what has a delta link does. */
const onlyFrom = (row: Entity): boolean => row['submits'] !== 'true' && textOf(row, 'sentItemsDeltaLink') === '';

function toMailbox(row: Entity, submitters: Submitter[]): WatchedMailbox {
  const kept = OPTIONAL.map((name) => [name, textOf(row, name)]).filter(([, value]) => value !== '');
  return {
    mailbox: textOf(row, 'mailbox'),
    touchedDateTime: textOf(row, 'touchedDateTime'),
    ...Object.fromEntries(kept),
    ...(textOf(row, 'awaitsMore') !== '' && { awaitsMore: row['awaitsMore'] === 'true' }),
    ...(submitters.length > 0 && { submitters, ...(onlyFrom(row) && { onlyFrom: true as const }) }),
  };
}
