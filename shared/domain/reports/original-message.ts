// What the returned original, or its headers, tells of itself: its Message-ID and our own mark.

import { fieldValue, readFieldGroups } from './header-fields.ts';
import { readMessageIds } from './message-id.ts';

/** The header that every submitted message carries with the id of its send request. */
const SEND_REQUEST_HEADER = 'x-send-request-id';

export type OriginalMessage = { messageId?: string; sendRequestHeader?: string; from?: string; to?: string; subject?: string };

/** Only the first block of fields counts: what follows is the original's body, which may quote other mails. */
export function readOriginalMessage(text: string): OriginalMessage {
  const fields = readFieldGroups(text.replace(/^\s+/, ''))[0] ?? [];
  const messageId = readMessageIds(fieldValue(fields, 'message-id'))[0];
  const sendRequestHeader = fieldValue(fields, SEND_REQUEST_HEADER);
  const from = fieldValue(fields, 'from');
  const to = fieldValue(fields, 'to');
  const subject = fieldValue(fields, 'subject');
  return {
    ...(messageId ? { messageId } : {}),
    ...(sendRequestHeader ? { sendRequestHeader } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(subject ? { subject } : {}),
  };
}
