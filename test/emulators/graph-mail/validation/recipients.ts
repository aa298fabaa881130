// What Exchange checks of the recipients before it takes a mail.
import { errors } from '../http/errors.ts';
import type { EmailAddress } from '../store/item.ts';

/** Something before and after one "@", no blanks, no controls, no brackets. */
function canBeAddress(address: string): boolean {
  return /^[^\s<>(),;:@\u0000-\u001f\u007f]+@[^\s<>(),;:@\u0000-\u001f\u007f]+$/.test(address) || /^"[^"\r\n]+"@[^\s<>@]+$/.test(address);
}

export function checkRecipients(recipients: readonly EmailAddress[], limit: number): void {
  if (recipients.length === 0) throw errors.noRecipients();
  for (const { address } of recipients) if (!canBeAddress(address)) throw errors.unresolvedRecipient(address);
  if (recipients.length > limit) throw errors.tooManyRecipients(limit);
}
