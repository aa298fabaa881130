// Partition and row keys of the one table, and how text becomes a key.
import { createHash } from 'node:crypto';
import { normaliseMessageId } from '../../domain/doubt/marks.ts';
import { newestFirst } from '../../domain/log/send-request-id.ts';

/** Partitions of our own; a mailbox's partition never starts with `~`, because encodeKey doesn't let it through. */
export const MAILBOXES_PARTITION = '~mailboxes';
export const PROOFS_PARTITION = '~proofs';
export const ACCOUNT_PAUSES_PARTITION = '~accountPauses';
export const REFUSED_PARTITION = '~refused';
/** Addresses that Exchange has called non-existent. */
export const SUPPRESSIONS_PARTITION = '~suppressions';
export const USAGE_PARTITION = '~usage';
export const PAUSES_PARTITION = '~pauses';
/** Which mailboxes have changed lately. */
export const CHANGED_PARTITION = '~changed';
/** In which mailboxes something lately came to need a person. */
export const ATTENTION_PARTITION = '~attention';
/** How much happened per hour. */
export const ACTIVITY_PARTITION = '~activity';
/** Since when index rows are complete. */
export const INDEXES_PARTITION = '~indexes';
export const LIMITS_PARTITION = '~limits';
/** Mailboxes that may have events to publish. */
export const OUTBOX_PARTITION = '~outbox';
/** Every mailbox that ever had a send request. */
export const DIRECTORY_PARTITION = '~directory';

const MAXIMUM_KEY = 250;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/**
 * Text as a key: what Table Storage forbids (`/ \ # ?` and control characters), what clients get wrong in URLs (quotes, `%`, `+`,
 * anything beyond ASCII) and our own separators become `=` and two hex digits per byte. Too long a text becomes `=-` and its hash.
 * https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
 */
export function encodeKey(text: string): string {
  const encoded = text.replace(/[^A-Za-z0-9@._-]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
  return encoded.length <= MAXIMUM_KEY ? encoded : `=-${hashOf(text)}`;
}

export type FindableBy = 'application' | 'clientRequestId' | 'content' | 'failureClass' | 'failures' | 'recipient' | 'status';

/** What one application posted more than once. */
export const contentKey = (application: string, contentHash: string): string => `${application} ${contentHash}`;

export const rowKeys = {
  /** Newest first within the partition, and a point read by id. */
  record: (id: string): string => `r!${newestFirst(id)}`,
  /** Everything of a request but its record and its indexes. */
  details: (id: string): string => `d!${id}!`,
  events: (id: string): string => `d!${id}!e!`,
  event: (id: string, key: string): string => `d!${id}!e!${encodeKey(key)}`,
  recipientChunks: (id: string, set: string): string => `d!${id}!p!${set}!`,
  recipientChunk: (id: string, set: string, index: number): string => `d!${id}!p!${set}!${String(index).padStart(3, '0')}`,
  wholeOutbox: 'b!',
  outboxes: (id: string): string => `b!${id}!`,
  /** In the order of the changes of the request, and of the pieces of one change. */
  outbox: (id: string, change: number, piece: number): string =>
    `b!${id}!${String(change).padStart(6, '0')}!${String(piece).padStart(3, '0')}`,
  /** What Event Grid refuses goes with its request at the end of retention. */
  setAside: (id: string, outboxKey: string): string => `d!${id}!u!${outboxKey.split('!').slice(2).join('!')}`,
  allOpen: 'o!',
  open: (id: string): string => `o!${id}`,
  wholeAgenda: 'a!',
  /** In the order of time; what awaits more than its report window, and what does not. */
  agendas: (awaitsMore: boolean): string => (awaitsMore ? 'a!m!' : 'a!w!'),
  /** `due`: RFC 3339 with milliseconds, in UTC. */
  agenda: (awaitsMore: boolean, due: string, id: string): string => `${rowKeys.agendas(awaitsMore)}${due.replace(/[^0-9]/g, '')}!${id}`,
  /** In the order in which the log was last written for them. */
  allChanged: 't!',
  changed: (feedKey: string): string => `t!${feedKey}`,
  messageIds: (messageId: string): string => `m!${hashOf(normaliseMessageId(messageId))}!`,
  messageId: (messageId: string, id: string): string => `m!${hashOf(normaliseMessageId(messageId))}!${id}`,
  /** Ids of copies are case-sensitive. */
  copyClaim: (copyId: string): string => `c!${hashOf(copyId)}`,
  /** What send requests can be found by besides their id; newest first. */
  found: (by: FindableBy, value: string): string => `x!${hashOf(`${by} ${value}`)}!`,
  /** Periods are numbered; ten digits keep them in order. */
  refusedPeriod: (period: number): string => `${String(period).padStart(10, '0')}!`,
  refused: (period: number, { mailbox, application, contentHash }: { mailbox: string; application: string; contentHash: string }): string =>
    `${rowKeys.refusedPeriod(period)}${hashOf(`${mailbox} ${contentKey(application, contentHash)}`)}!`,
  idempotencyKey: (keyHash: string): string => `k!${hashOf(keyHash)}`,
  usage: 'u!',
};

/** Keys of records and of their indexes end with the sort key of the request. */
export const sortKeyOf = (rowKey: string): string => rowKey.slice(rowKey.lastIndexOf('!') + 1);

/** The filter for all rows of a partition whose key starts with a prefix that ends in `!`. */
export const startsWith = (partition: string, prefix: string): string =>
  `PartitionKey eq '${partition}' and RowKey ge '${prefix}' and RowKey lt '${prefix.slice(0, -1)}"'`;

/** Beside the row of a mailbox: another one that sends with it as From. */
export const submitterKey = (mailbox: string, submitter: string): string => `${encodeKey(mailbox)}!${hashOf(submitter)}`;
