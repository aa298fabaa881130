// One delivery of a queue message: everything that the functions of this chapter need to know of it.
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { Situation } from '../../domain/submit/ending.ts';
import type { QueueMessage } from '../../domain/submit/queue-message.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { newRecord } from '../log/new-record.ts';
import type { Stored } from '../log/write-log.ts';

export class Delivery {
  /** Ports and rules. */
  readonly context: Context;
  readonly message: QueueMessage;
  #stored: Stored;
  #learned: Stored | undefined;

  constructor(context: Context, message: QueueMessage) {
    this.context = context;
    this.message = message;
    this.#stored = unwritten(message);
  }

  /** The record as this delivery has read or written it last. */
  get stored(): Stored {
    return this.#stored;
  }

  /** The log had no record. */
  get isUnwritten(): boolean {
    return this.#stored.unwritten !== undefined;
  }

  get record(): SendRequestRecord {
    return this.#stored.value;
  }

  get now(): string {
    return nowOf(this.context);
  }

  /** What an ending is decided on, at this moment. */
  get situation(): Situation {
    return { message: this.message, record: this.record, now: this.now };
  }

  /** Goes on with this version of the record. */
  goOnWith(stored: Stored): void {
    this.#stored = stored;
  }

  /** The record as the log has it now. Throws StoreUnavailable. */
  newest(): Promise<Stored | undefined> {
    return this.context.log.read(this.message.mailbox, this.message.id);
  }

  /** A write that was refused has read this version: it need not be read again. */
  learn(stored: Stored): void {
    this.#learned = stored;
  }

  /** What to decide on next: what a refused write has just read, else the record as the log has it now. Throws StoreUnavailable. */
  async next(): Promise<Stored | undefined> {
    const learned = this.#learned;
    this.#learned = undefined;
    return learned ?? (await this.newest());
  }

  /** Reads the record. If the log has none, the first event creates it. Throws StoreUnavailable. */
  async open(): Promise<void> {
    this.#stored = (await this.newest()) ?? unwritten(this.message);
  }
}

const unwritten = (message: QueueMessage): Stored => ({ value: newRecord(message), etag: '', unwritten: message.recipients });
