// What goes to Graph for a send request on either route: path and payload, with our marks in the mail.
import { markJsonMessage, markMime } from './content/marking.ts';
import type { Operation, SendRequestRecord } from './send-request.ts';

/** Graph takes 4 MB in one request, whatever is in it (https://learn.microsoft.com/graph/api/user-sendmail). */
export const DIRECT_LIMIT_BYTES = 4 * 1024 * 1024;

export interface PlannedPayload {
  contentType: 'application/json' | 'text/plain';
  body: string;
}

export interface Plan {
  /** Path of the one POST on the direct route, relative to the mailbox. */
  submitPath: string;
  /** Path of the draft's creation. */
  draftPath: string;
  direct: PlannedPayload;
  draft: PlannedPayload;
}

const PATHS: Partial<Record<Operation, { submit: string; draft: string }>> = {
  sendMail: { submit: 'sendMail', draft: 'messages' },
  createDraft: { submit: 'messages', draft: 'messages' },
};

type JsonObject = Record<string, unknown>;

/** Base64 of bytes without node: the domain knows no runtime. */
function base64(bytes: Uint8Array): string {
  let binary = '';
  const chunk = 0x8000;
  for (let at = 0; at < bytes.length; at += chunk) binary += String.fromCharCode(...bytes.subarray(at, at + chunk));
  return btoa(binary);
}

const json = (value: unknown): PlannedPayload => ({ contentType: 'application/json', body: JSON.stringify(value) });

/**
 * `saveToSentItems` is always true on the wire: the copy is what proves that the mail went out, and it is removed afterwards where
 * the caller wanted none.
 */
export function planOf(record: SendRequestRecord, content: Uint8Array): Plan {
  const paths = PATHS[record.operation];
  if (!paths) throw new Error(`there is no plan for ${record.operation}`);
  const marks = { id: record.id, internetMessageId: record.internetMessageId, callerSetMessageId: record.callerSetMessageId === true };
  if (record.format === 'mime') {
    const payload: PlannedPayload = { contentType: 'text/plain', body: base64(markMime(content, marks)) };
    return { submitPath: paths.submit, draftPath: paths.draft, direct: payload, draft: payload };
  }
  const parsed = JSON.parse(new TextDecoder().decode(content)) as JsonObject;
  const message = markJsonMessage((record.operation === 'sendMail' ? parsed['message'] : parsed) as JsonObject, marks);
  const direct = record.operation === 'sendMail' ? json({ message }) : json(message);
  return { submitPath: paths.submit, draftPath: paths.draft, direct, draft: json(message) };
}
