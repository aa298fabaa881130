// The status log in Table Storage: one partition per mailbox, one transaction per step of a send request.
import { randomUUID } from 'node:crypto';
import type { MailboxUsage } from '../../domain/limits/account.ts';
import { type CloudEventForm, cloudEventsOf, type ToldEvents } from '../../domain/log/cloud-event.ts';
import type { Recipient, StatusEvent } from '../../domain/log/send-request.ts';
import { idOfSortKey, newestFirst } from '../../domain/log/send-request-id.ts';
import type { Clock } from '../../ports/clock.ts';
import type {
  Agenda,
  Change,
  KeyHolder,
  OpenRequest,
  StatusLog,
  StoredRequest,
  UsageChange,
  Versioned,
  WriteResult,
} from '../../ports/status-log.ts';
import { ChangeMarks } from './change-marks.ts';
import { commit } from './commit.ts';
import { commitTogether } from './commit-together.ts';
import { timeline } from './event-entity.ts';
import { contentKey, encodeKey, rowKeys, startsWith } from './keys.ts';
import { fromRecordEntity } from './record-entity.ts';
import { readRecords } from './record-rows.ts';
import type { Entity, Table } from './table.ts';
import type { TableOutbox } from './table-outbox.ts';
import { MAXIMUM_PROPERTY } from './text.ts';
import { fromUsageEntity, usageAction } from './usage-entity.ts';
import { versionOf, versionText } from './version.ts';

const RECIPIENT_PROPERTIES = ['recipients', 'recipientSet', 'recipientChunks'];
/** Most mailboxes have fewer open requests that are due at a time. */
const AGENDA_PAGE = 20;

/** How often recipients are read again when another write replaces them meanwhile. */
const READINGS = 3;

/** Enough for a client's repeats; more of one content within minutes answer repeats all the same. */
const SAME_CONTENT = 20;

/** How applications are told of changes. */
export interface Telling {
  form: CloudEventForm;
  outbox: Pick<TableOutbox, 'mark'>;
  /** The mailbox has something in its outbox now. Must not throw. */
  told: (mailbox: string) => void;
  /** A bug: what a change tells could not be made. The change is written all the same. Must not throw. */
  failed: (error: unknown) => void;
}

/** That something is told must never keep a change from being written: a worker would take its own acceptance for a doubt. */
function tellsOf({ form, failed }: Telling, change: Change): ToldEvents[] {
  try {
    return cloudEventsOf(form, change, MAXIMUM_PROPERTY);
  } catch (error) {
    failed(error);
    return [];
  }
}

export interface StatusLogOptions {
  /** What a change is stamped with. */
  clock?: Clock | undefined;
  /** Without it nothing is told. */
  telling?: Telling | undefined;
  /** Is told of each change that this process has written. Must not throw. */
  written?: (change: Change) => void;
}

export class TableStatusLog implements StatusLog {
  readonly #table: Table;
  readonly #marks: ChangeMarks;
  readonly #telling: Telling | undefined;
  readonly #written: (change: Change) => void;

  constructor(table: Table, { clock = { now: () => Date.now() }, telling, written = () => {} }: StatusLogOptions = {}) {
    this.#table = table;
    this.#telling = telling;
    this.#written = written;
    this.#marks = new ChangeMarks(table, clock);
  }

  async read(mailbox: string, id: string): Promise<StoredRequest | undefined> {
    const entity = await this.#table.get(encodeKey(mailbox), rowKeys.record(id));
    return entity && storedIn(entity);
  }

  async readAll(mailbox: string, ids: readonly string[]): Promise<StoredRequest[]> {
    return (await readRecords(this.#table, encodeKey(mailbox), ids.map(newestFirst))).map(storedIn);
  }

  async recipients(mailbox: string, id: string): Promise<Recipient[]> {
    const partition = encodeKey(mailbox);
    for (let reading = 0; reading < READINGS; reading++) {
      const row = await this.#table.get(partition, rowKeys.record(id), RECIPIENT_PROPERTIES);
      if (!row) return [];
      const inline = inlineRecipients(row);
      if (inline) return inline;
      const count = Number(row['recipientChunks']);
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
    return this.#commit(change, undefined);
  }

  write(change: Change, etag: string): Promise<WriteResult> {
    return this.#commit(change, etag);
  }

  writeAll(mailbox: string, writes: readonly { change: Change; etag: string }[]): Promise<PromiseSettledResult<WriteResult>[]> {
    return commitTogether(this.#table, mailbox, writes, {
      announce: (change, etag) => this.#announce(change, etag),
      stamp: () => this.#marks.stamp(mailbox),
      single: (change, etag) => this.#commit(change, etag),
      written: (change, tells) => this.#afterWrite(change, tells),
    });
  }

  async #commit(change: Change, etag: string | undefined): Promise<WriteResult> {
    const tells = await this.#announce(change, etag);
    const result = await commit(this.#table, change, randomUUID(), etag, () => this.#marks.stamp(change.record.mailbox), tells);
    if (result.kind === 'written') this.#afterWrite(change, tells);
    return result;
  }

  /** Writes the marks that come before a change. A write that does not say what the record was before is no change of its status. */
  async #announce(change: Change, etag: string | undefined): Promise<readonly ToldEvents[]> {
    const telling = etag === undefined || change.before ? this.#telling : undefined;
    const tells = telling ? tellsOf(telling, change) : [];
    await this.#marks.noteAttention(change.record);
    if (tells.length > 0) await telling?.outbox.mark(change.record.mailbox);
    return tells;
  }

  #afterWrite(change: Change, tells: readonly ToldEvents[]): void {
    this.#written(change);
    if (tells.length > 0) this.#telling?.told(change.record.mailbox);
  }

  async keyHolder(mailbox: string, keyHash: string): Promise<KeyHolder | undefined> {
    const row = await this.#table.get(encodeKey(mailbox), rowKeys.idempotencyKey(keyHash));
    return row && { id: String(row['requestId']), contentHash: String(row['contentHash']) };
  }

  /** The keys are in the order of time: what is not due yet is read only as far as the page goes. */
  async agenda(mailbox: string, now: string, top: number): Promise<Agenda> {
    const first = async (awaitsMore: boolean): Promise<OpenRequest[]> => {
      const filter = startsWith(encodeKey(mailbox), rowKeys.agendas(awaitsMore));
      const page = await this.#openRequests(filter, AGENDA_PAGE);
      const isAllDue = page.length === AGENDA_PAGE && (page.at(-1) as OpenRequest).due <= now;
      return isAllDue ? this.#openRequests(filter, top) : page;
    };
    const [awaiting, others] = await Promise.all([first(true), first(false)]);
    const isCut = awaiting.length >= AGENDA_PAGE;
    const all = [...awaiting, ...others].sort((a, b) => compare(a.due, b.due));
    const due = all.filter((one) => one.due <= now).slice(0, top);
    const nextDue = all.find((one) => one.due > now)?.due;
    return { due, awaiting, others, ...(nextDue !== undefined && { nextDue }), ...(isCut && { isCut: true as const }) };
  }

  /**
   * Versions without an agenda know the rows `o!{id}` only, and write no others: both are kept, so that a version that an operator rolls
   * back to finds every open request. It compares `due` as text.
   * The agenda is read first. If a request changes between the two lists, its row of then is gone, and the deletion by ETag meets nothing. In the
   * other order its new row would be deleted, and nothing would look for the request any more.
   */
  async strays(mailbox: string): Promise<string[]> {
    const partition = encodeKey(mailbox);
    const agenda = await this.#table.list(startsWith(partition, rowKeys.wholeAgenda));
    const open = await this.#table.list(startsWith(partition, rowKeys.allOpen));
    const dueById = new Map(open.map((row) => [row.rowKey.slice(rowKeys.allOpen.length), String(row['due'])]));
    const isRight = (row: Entity): boolean => dueById.get(idOf(row)) === String(row['due']);
    for (const row of agenda) if (!isRight(row)) await this.#table.delete(partition, row.rowKey, row.etag);
    const known = new Set(agenda.filter(isRight).map(idOf));
    return [...dueById.keys()].filter((id) => !known.has(id));
  }

  async #openRequests(filter: string, top: number): Promise<OpenRequest[]> {
    const rows = await this.#table.list(filter, { top });
    return rows.map((row) => ({ id: idOf(row), due: String(row['due']) }));
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

  async usage(mailbox: string): Promise<Versioned<MailboxUsage> | undefined> {
    const row = await this.#table.get(encodeKey(mailbox), rowKeys.usage);
    return row && { value: fromUsageEntity(row), etag: row.etag };
  }

  async writeUsage(mailbox: string, change: UsageChange): Promise<{ etag: string } | false> {
    const written = await this.#table.transact([usageAction(mailbox, change)]);
    return written.kind === 'written' && { etag: written.etag };
  }

  check(): Promise<void> {
    return this.#table.check();
  }
}

/** Of a row of the agenda: its key ends with it. */
const idOf = ({ rowKey }: Entity): string => rowKey.slice(rowKey.lastIndexOf('!') + 1);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function storedIn(row: Entity): StoredRequest {
  const recipients = inlineRecipients(row);
  return { value: fromRecordEntity(row), etag: versionText(versionOf(row)), ...(recipients && { recipients }) };
}

/** Absent: they are in chunks. */
const inlineRecipients = (row: Entity): Recipient[] | undefined =>
  Number(row['recipientChunks'] ?? 0) === 0 ? parse(row['recipients']) : undefined;

const parse = (text: unknown): Recipient[] => JSON.parse(typeof text === 'string' && text ? text : '[]') as Recipient[];
