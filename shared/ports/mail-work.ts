// Reading and taking apart the content of mail: bounded in time and memory, so that no content stops the process.
import type { DecodeOrder } from '../domain/content/decode-operation.ts';
import type { Decoded } from '../domain/content/decoded.ts';
import type { Checked } from '../domain/content/problem.ts';
import type { TakenApart } from '../domain/content/take-apart.ts';

/**
 * Both throw StoreUnavailable if there was no time for the work: it may be tried again. What takes too much memory is refused. The bytes
 * that either is given are no longer the caller's afterwards.
 */
export interface MailWork {
  decode(order: DecodeOrder): Promise<Checked<Decoded>>;
  takeApart(mime: Uint8Array): Promise<Checked<TakenApart>>;
}
