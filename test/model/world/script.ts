// What happens in a run besides faults: which mails are posted, how, when, and what becomes of their recipients.
import type { Recipient } from '../../../shared/domain/log/send-request.ts';
import type { EnqueueCommand } from '../../../shared/usecases/accept/enqueue-command.ts';
import type { Tenant } from './exchange.ts';
import type { Faults } from './faults.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export interface Mail {
  label: string;
  command: EnqueueCommand;
  /** Milliseconds after the start. */
  postedAt: number;
  cancelledAt?: number;
  /** Graph refuses it for good. */
  refused: boolean;
  /** Addresses that don't exist. */
  failing: string[];
  /** Somebody forges a report on it. */
  forged: boolean;
  /** The client's library repeats by itself (`Retry-Attempt`), what has a key does not need it. */
  repeats: boolean;
  /** It gives up on its first attempt after so long, and repeats it while that is still under way. */
  givesUpMs?: number;
}

export const TENANTS: readonly Tenant[] = [
  { marksSurvive: true, messageIdKept: true, idsStable: true, submittedReadable: true },
  { marksSurvive: true, messageIdKept: true, idsStable: true, submittedReadable: true, submittedDenied: true },
  { marksSurvive: true, messageIdKept: true, idsStable: true, submittedReadable: false },
  { marksSurvive: true, messageIdKept: false, idsStable: false, submittedReadable: false },
  { marksSurvive: false, messageIdKept: true, idsStable: false, submittedReadable: false },
  { marksSurvive: false, messageIdKept: false, idsStable: true, submittedReadable: false },
  { marksSurvive: false, messageIdKept: false, idsStable: false, submittedReadable: false },
];

const MAILBOXES = ['sender@contoso.com', 'billing@fabrikam.com'];

function contentOf(label: string, format: 'json' | 'mime', messageId: string | undefined, large: boolean): Uint8Array {
  const text = large ? 'x'.repeat(3_000) : 'x';
  const mime = `Subject: ${label}\r\n${messageId ? `Message-ID: ${messageId}\r\n` : ''}To: a@example.com\r\n\r\n${text}`;
  const message = { subject: label, ...(messageId && { internetMessageId: messageId }), body: { contentType: 'text', content: text } };
  return new TextEncoder().encode(format === 'mime' ? mime : JSON.stringify({ message }));
}

function mail(faults: Faults, number: number, start: number, sharedMessageId: string | undefined): Mail {
  const label = `mail-${number}`;
  const format = faults.pick(['json', 'mime'] as const);
  const own = sharedMessageId ?? (faults.pick([true, false, false, false]) ? `<own-${number}@contoso.com>` : undefined);
  const recipients: Recipient[] = ['a', 'b']
    .slice(0, faults.number(1, 3))
    .map((name) => ({ address: `${name}-${number}@example.com`, type: 'to' }));
  const postedAt = faults.number(0, faults.pick([10 * SECOND, 5 * MINUTE]));
  const at = (ms: number) => new Date(start + postedAt + ms).toISOString();
  const sendAt = faults.pick([true, false, false, false, false]) ? at(faults.number(0, 10 * MINUTE)) : undefined;
  const sendBefore = faults.pick([true, false, false, false]) ? at(faults.number(MINUTE, 20 * MINUTE)) : undefined;
  const command: EnqueueCommand = {
    mailbox: faults.pick([MAILBOXES[0], MAILBOXES[0], MAILBOXES[1]]) as string,
    application: 'application',
    operation: 'sendMail',
    format,
    content: contentOf(label, format, own, faults.pick([true, false, false])),
    saveToSentItems: faults.pick([true, true, false]),
    recipients,
    subject: label,
    urgent: faults.pick([true, false, false]),
    ...(own !== undefined && { internetMessageId: own }),
    ...(sendAt !== undefined && { sendAt }),
    ...(sendBefore !== undefined && { sendBefore }),
    ...(faults.pick([true, false]) && { idempotencyKey: `key-${number}` }),
  };
  return {
    label,
    command,
    postedAt,
    refused: faults.pick([true, false, false, false, false, false, false]),
    failing: faults.pick([true, false, false]) ? recipients.slice(0, faults.number(1, 3)).map(({ address }) => address) : [],
    forged: faults.pick([true, false, false, false]),
    repeats: command.idempotencyKey === undefined && faults.pick([true, true, false]),
    ...(faults.pick([true, false, false]) && { givesUpMs: faults.number(10, 300) }),
    ...(faults.pick([true, false, false, false]) && { cancelledAt: postedAt + faults.number(0, 10 * MINUTE) }),
  };
}

/** The mails of a run. Two that share a Message-ID only if marks tell them apart. */
export function mailsOf(faults: Faults, tenant: Tenant, start: number, many: boolean): Mail[] {
  const shared = tenant.marksSurvive && faults.pick([true, false, false]) ? '<shared@contoso.com>' : undefined;
  const count = many ? faults.number(8, 16) : faults.number(1, 6);
  const mails = Array.from({ length: count }, (_, i) => mail(faults, i + 1, start, i < 2 ? shared : undefined));
  if (shared && mails[1] && mails[0]) mails[1].command.mailbox = mails[0].command.mailbox;
  return mails;
}
