// Message disposition notifications: the fields of a message/disposition-notification part (RFC 8098 section 3.1).

import { readRecipientAddresses } from './delivery-status-notification.ts';
import { fieldValue, readFieldGroups } from './header-fields.ts';
import { readMessageIds } from './message-id.ts';
import type { ReportedRecipient } from './report.ts';

export type DispositionNotification = { recipient?: ReportedRecipient; originalMessageId?: string };

/** Only the disposition type counts: mode (`manual-action/...;`) and modifiers (`/error`) are left out. */
export function readDispositionType(value: string): string | undefined {
  return /^(?:[^;]*;)?\s*([\w-]{1,40})/.exec(value)?.[1]?.toLowerCase();
}

export function parseDispositionNotification(text: string): DispositionNotification {
  const fields = readFieldGroups(text).flat();
  const addresses = readRecipientAddresses(fields);
  const disposition = readDispositionType(fieldValue(fields, 'disposition') ?? '');
  const originalMessageId = readMessageIds(fieldValue(fields, 'original-message-id'))[0];
  return {
    ...(addresses && disposition !== undefined ? { recipient: { ...addresses, disposition } } : {}),
    ...(originalMessageId ? { originalMessageId } : {}),
  };
}
