// Recipients: inline in the record row if they fit, else in chunk rows. A set of chunks is named, so that one can replace another.
import type { Recipient } from '../../domain/log/send-request.ts';
import { encodeKey, rowKeys } from './keys.ts';
import { cutText, MAXIMUM_PROPERTY } from './text.ts';

/** The set that is written in one transaction with its record. */
export const ATOMIC_SET = 'a';

export interface RecipientProperties {
  recipients: string;
  recipientSet: string;
  recipientChunks: number;
}

export interface RecipientChunk {
  partitionKey: string;
  rowKey: string;
  recipients: string;
}

/** JSON arrays, each short enough for a property. */
export function chunksOf(recipients: readonly Recipient[]): string[] {
  const chunks: string[] = [];
  let lines: string[] = [];
  let length = 2;
  for (const recipient of recipients) {
    const { diagnosticCode } = recipient;
    const line = JSON.stringify(diagnosticCode === undefined ? recipient : { ...recipient, diagnosticCode: cutText(diagnosticCode) });
    if (lines.length > 0 && length + line.length + 1 > MAXIMUM_PROPERTY) {
      chunks.push(`[${lines.join(',')}]`);
      lines = [];
      length = 2;
    }
    lines.push(line);
    length += line.length + 1;
  }
  chunks.push(`[${lines.join(',')}]`);
  return chunks;
}

/** What the record row says of its recipients. */
export const recipientProperties = (chunks: readonly string[], set: string): RecipientProperties =>
  chunks.length === 1
    ? { recipients: chunks[0] ?? '[]', recipientSet: '', recipientChunks: 0 }
    : { recipients: '', recipientSet: set, recipientChunks: chunks.length };

export const chunkRows = (mailbox: string, id: string, chunks: readonly string[], set: string): RecipientChunk[] =>
  chunks.length === 1
    ? []
    : chunks.map((recipients, index) => ({ partitionKey: encodeKey(mailbox), rowKey: rowKeys.recipientChunk(id, set, index), recipients }));
