// The result of every decoder of the HTTP API: the content as it is stored, and what the log needs to know of it.

import { isAddress } from '../address/address.ts';
import type { Recipient } from '../log/send-request.ts';
import { printable } from './addresses.ts';
import type { MailSize } from './mail-size.ts';
import { type Checked, ok, problems, refused } from './problem.ts';

export interface Decoded {
  /** As EnqueueCommand has it. */
  content: Uint8Array;
  recipients: Recipient[];
  subject?: string;
  /** The From address as the mail has it, whether or not it is the mailbox. */
  from?: string;
  /** Every other address in From and Sender. */
  otherFrom?: string[];
  /** Only in an environment that is not production: the address that gets the mail instead of its recipients. */
  redirectedTo?: string;
  internetMessageId?: string;
  saveToSentItems: boolean;
  size: MailSize;
  /** From Exchange's deferred-send properties. RFC 3339. */
  sendAt?: string;
}

/** Exchange takes 255 characters of subject; the log keeps no more. */
const MAXIMUM_LOGGED_SUBJECT = 255;

/** The queue message (256 KB in the Standard tier) holds all addresses, and up to as many bytes of other data. */
const MAXIMUM_ADDRESS_BYTES = 128 * 1024;

/** A subject as the log keeps it: one line of whole characters. */
export const loggable = (subject: string): string => subject.slice(0, MAXIMUM_LOGGED_SUBJECT).replace(/[\p{Cc}\p{Cs}]/gu, ' ');

/** `needed`: the mail goes out to them. `optional`: beside those of the original. `unchecked`: of a draft, which may not be finished yet. */
export type RecipientCheck = 'needed' | 'optional' | 'unchecked';

/** Refuses a recipient that is not a valid address, and more recipients than the limit for to, cc and bcc together. */
export function checkRecipients(recipients: Recipient[], limit: number, rule: RecipientCheck = 'needed'): Checked<Recipient[]> {
  if (recipients.length === 0 && rule === 'needed') return refused(problems.noRecipients());
  if (recipients.length > limit) return refused(problems.tooManyRecipients(recipients.length, limit));
  const invalid = rule === 'unchecked' ? undefined : recipients.find(({ address }) => !isAddress(address));
  if (invalid) return refused(problems.invalidRecipient(printable(invalid.address, 320)));
  const size = new TextEncoder().encode(JSON.stringify(recipients)).length;
  if (size > MAXIMUM_ADDRESS_BYTES) return refused(problems.tooLarge('The list of recipients', size, MAXIMUM_ADDRESS_BYTES));
  return ok(recipients);
}
