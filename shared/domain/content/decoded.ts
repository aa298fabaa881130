// What every decoder of the front door comes to: the content as it is kept, and what the log needs to know of it.
import type { Recipient } from '../send-request.ts';
import { isAddress } from './addresses.ts';
import { type Checked, ok, problems, refused } from './problem.ts';

export interface Decoded {
  /** As EnqueueCommand has it. */
  content: Uint8Array;
  recipients: Recipient[];
  subject?: string;
  /** The From address as the mail has it, whether or not it is the mailbox. */
  from?: string;
  internetMessageId?: string;
  saveToSentItems: boolean;
  /** From Exchange's deferred-send properties. RFC 3339. */
  sendAt?: string;
}

/** At least one recipient, none that cannot be an address, and not more than the limit over to, cc and bcc. */
export function checkRecipients(recipients: Recipient[], limit: number): Checked<Recipient[]> {
  if (recipients.length === 0) return refused(problems.noRecipients());
  const invalid = recipients.find(({ address }) => !isAddress(address));
  if (invalid) return refused(problems.invalidRecipient(invalid.address.replace(/\p{Cc}/gu, '?').slice(0, 320)));
  if (recipients.length > limit) return refused(problems.tooManyRecipients(recipients.length, limit));
  return ok(recipients);
}
