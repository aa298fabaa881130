// The mails of a soak: of every kind, to be posted over its whole time, some again and again under the same key until they are taken.
import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededChance } from '../../../fakes/seeded-chance.ts';
import type { ProxiedStack } from '../../../support/proxied-stack.ts';

export interface SoakMail {
  subject: string;
  mailbox: string;
  kind: Kind;
  /** Posted with an Idempotency-Key, and repeated until it is taken. */
  keyed: boolean;
  /** Whether it was answered 202. */
  taken: boolean;
  posts: number;
  id?: string;
}

const KINDS = ['small', 'large', 'MIME', 'unsaved', 'caller-set Message-ID', 'urgent', 'later', 'unknown recipient'] as const;
type Kind = (typeof KINDS)[number];

const MAILS_PER_MAILBOX = 8;
const LARGE = 'x'.repeat(250_000);
const REPEAT_MS = 400;
/** An HTTP API that is out of reach for so long takes nothing any more. */
const PATIENCE_MS = 60_000;

export const planMails = (count: number, chance: SeededChance): SoakMail[] =>
  Array.from({ length: count }, (_, n) => ({
    subject: `soak ${n}`,
    mailbox: `soak-${Math.floor(chance.number() * Math.ceil(count / MAILS_PER_MAILBOX))}@contoso.com`,
    // Most mails are small.
    kind: chance.number() < 0.5 ? 'small' : (KINDS[Math.floor(chance.number() * KINDS.length)] as Kind),
    keyed: chance.number() < 0.5,
    taken: false,
    posts: 0,
  }));

function bodyOf({ subject, mailbox, kind }: SoakMail): { contentType: string; body: string } {
  const to = kind === 'unknown recipient' ? 'unknown-user@example.org' : 'customer@example.com';
  if (kind === 'MIME') {
    const mime = [`From: ${mailbox}`, `To: ${to}`, `Subject: ${subject}`, 'MIME-Version: 1.0', '', 'Hello', ''].join('\r\n');
    return { contentType: 'text/plain', body: Buffer.from(mime).toString('base64') };
  }
  const message = {
    subject,
    body: { contentType: 'Text', content: kind === 'large' ? LARGE : 'Hello' },
    // The second one keeps the request from failing as a whole.
    toRecipients: [to, 'bob@contoso.com'].map((address) => ({ emailAddress: { address } })),
    ...(kind === 'caller-set Message-ID' && { internetMessageId: `<shared@${mailbox}>` }),
  };
  return { contentType: 'application/json', body: JSON.stringify({ message, ...(kind === 'unsaved' && { saveToSentItems: false }) }) };
}

const headersOf = ({ kind, keyed, subject }: SoakMail): Record<string, string> => ({
  ...(kind === 'urgent' && { priority: 'u=0' }),
  ...(kind === 'later' && { 'send-at': new Date(Date.now() + 2_000).toISOString() }),
  ...(keyed && { 'idempotency-key': `"${subject}"` }),
});

/** An application that gives up if it has no key, since it must not repeat what it doesn't know. */
export async function postMail(stack: ProxiedStack, mail: SoakMail): Promise<void> {
  const { contentType, body } = bodyOf(mail);
  const headers = { 'content-type': contentType, ...headersOf(mail) };
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(REPEAT_MS)) {
    mail.posts++;
    const answering = stack.post(`/v1.0/users/${mail.mailbox}/sendMail`, body, headers).catch(() => undefined);
    const answer = await Promise.race([answering, sleep(PATIENCE_MS, 'hangs' as const, { ref: false })]);
    if (answer === 'hangs') throw new Error(`the HTTP API never answered ${mail.subject}`);
    mail.taken = answer?.status === 202;
    if (answer?.status === 202) mail.id = answer.body.id;
    if (mail.taken || !mail.keyed) return;
  }
}
