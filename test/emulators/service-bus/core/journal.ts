// What must survive the broker's process: records of one operation are committed together.
import type { MessageRecord, MessageState, PropertyChanges } from './message.ts';

export type JournalRecord =
  | { readonly op: 'put'; readonly queue: string; readonly message: MessageRecord }
  | {
      readonly op: 'patch';
      readonly queue: string;
      readonly sequenceNumber: number;
      readonly state: MessageState;
      readonly deliveryCount: number;
      readonly changes: PropertyChanges;
      readonly locked: boolean;
    }
  | { readonly op: 'remove'; readonly queue: string; readonly sequenceNumber: number }
  | { readonly op: 'seen'; readonly queue: string; readonly messageId: string; readonly at: number }
  | { readonly op: 'sessionState'; readonly queue: string; readonly sessionId: string; readonly state: Uint8Array | undefined }
  | { readonly op: 'sequence'; readonly queue: string; readonly last: number };

export interface Journal {
  write(record: JournalRecord): void;
  /** Makes the records written since the last commit durable, all or none. */
  commit(): void;
}

export const noJournal: Journal = { write() {}, commit() {} };
