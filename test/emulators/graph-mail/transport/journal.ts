// What transport handed on: one record per mail, with the bytes and the fate of each envelope recipient. The judge of "exactly once".
import type { MessageContent } from '../store/item.ts';

export type TraceStatus = 'expanded' | 'quarantined' | 'filteredAsSpam';

export interface RecipientRecord {
  readonly address: string;
  readonly type: 'to' | 'cc' | 'bcc';
  outcome: 'pending' | 'delivered' | 'failed';
  /** Enhanced status code of a failure. */
  status: string | null;
  /** What the message trace says, where it isn't simply the outcome. */
  trace: TraceStatus | null;
}

export interface TransportRecord {
  readonly id: string;
  readonly mailbox: string;
  readonly from: string;
  readonly operation: string;
  readonly format: 'json' | 'mime';
  readonly subject: string;
  /** As it was submitted, and as recipients see it. */
  readonly submittedMessageId: string;
  readonly internetMessageId: string;
  readonly marks: { readonly properties: Readonly<Record<string, string>>; readonly headers: Readonly<Record<string, string>> };
  readonly recipients: RecipientRecord[];
  /** Exactly what was handed on. */
  readonly mime: Buffer;
  readonly takenDateTime: number;
  readonly handedOnDateTime: number;
}

interface JournalFilter {
  recipient?: string | undefined;
  messageId?: string | undefined;
  /** A value of any extended property or x- header. */
  mark?: string | undefined;
  mailbox?: string | undefined;
}

export function marksOf(content: MessageContent): TransportRecord['marks'] {
  const properties: Record<string, string> = {};
  for (const { id, value } of content.extendedProperties.values()) properties[id] = typeof value === 'string' ? value : value.join(',');
  const headers: Record<string, string> = {};
  for (const { name, value } of content.headers) headers[name.toLowerCase()] = value;
  return { properties, headers };
}

export interface Journal {
  add(record: TransportRecord): void;
  list(filter?: JournalFilter): TransportRecord[];
  get(id: string): TransportRecord | undefined;
  reset(): void;
}

export function createJournal(): Journal {
  let records: TransportRecord[] = [];
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  const bare = (id: string) => id.replace(/^<|>$/g, '');

  function matches(record: TransportRecord, { recipient, messageId, mark, mailbox }: JournalFilter): boolean {
    if (recipient !== undefined && !record.recipients.some((one) => same(one.address, recipient))) return false;
    if (messageId !== undefined && ![record.internetMessageId, record.submittedMessageId].some((id) => same(bare(id), bare(messageId))))
      return false;
    if (mark !== undefined) {
      const values = [...Object.values(record.marks.properties), ...Object.values(record.marks.headers)];
      if (!values.some((value) => value.includes(mark))) return false;
    }
    return mailbox === undefined || same(record.mailbox, mailbox);
  }

  return {
    add: (record) => void records.push(record),
    list: (filter = {}) => records.filter((record) => matches(record, filter)),
    get: (id) => records.find((record) => record.id === id),
    reset() {
      records = [];
    },
  };
}
