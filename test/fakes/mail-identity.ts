// What identifies a mail that is posted to the in-memory Graph: its Message-ID and our mark, from JSON or from MIME.
import { MARK_HEADER, MARK_PROPERTY } from '../../shared/domain/doubt/marks.ts';
import type { Payload } from '../../shared/ports/graph-mail.ts';

export interface MailIdentity {
  internetMessageId: string;
  mark?: string;
  subject?: string;
  /** As it was posted, if it was MIME. */
  mime?: Uint8Array;
}

interface JsonMessage {
  internetMessageId?: string;
  subject?: string;
  singleValueExtendedProperties?: { id: string; value: string }[];
  internetMessageHeaders?: { name: string; value: string }[];
}

let assigned = 0;
const assign = (): string => `<assigned-${++assigned}@prod.outlook.com>`;

const identity = (internetMessageId: string | undefined, mark: string | undefined, subject: string | undefined): MailIdentity => ({
  internetMessageId: internetMessageId ?? assign(),
  ...(mark !== undefined && { mark }),
  ...(subject !== undefined && { subject }),
});

export function identityOf({ contentType, body }: Payload): MailIdentity {
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  if (contentType === 'text/plain') {
    const mime = Buffer.from(text, 'base64');
    const header = mime.toString('latin1').split(/\r?\n\r?\n/, 1)[0] ?? '';
    const field = (name: string) => new RegExp(`^${name}:[ \\t]*(\\S.*?)[ \\t]*\\r?$`, 'im').exec(header)?.[1];
    return { ...identity(field('message-id'), field(MARK_HEADER), field('subject')), mime };
  }
  const json = JSON.parse(text) as JsonMessage & { message?: JsonMessage };
  const message = json.message ?? json;
  const mark = message.singleValueExtendedProperties?.find(({ id }) => id === MARK_PROPERTY)?.value;
  const header = message.internetMessageHeaders?.find(({ name }) => name.toLowerCase() === MARK_HEADER)?.value;
  return identity(message.internetMessageId, mark ?? header, message.subject);
}
