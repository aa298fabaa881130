// What the scenarios of Graph's operations are made of: posts to any of them, originals to answer, and what became of it all.
import { expectDescribed } from '../../support/described-answers.ts';
import { type RunningStack, type SendRequest, startRunningStack } from '../../support/running-stack.ts';
import { QUICK } from '../../support/shared-stack.ts';

export type Json = Record<string, unknown>;

export const at = (...addresses: string[]) => addresses.map((address) => ({ emailAddress: { address } }));
export const base64 = (bytes: string | Uint8Array): string => Buffer.from(bytes as string).toString('base64');

/** One stack for many cases at a time, quick enough that a doubt is over within seconds. */
export const startOperations = (settings: Record<string, string> = {}): Promise<RunningStack> =>
  startRunningStack({ settings: { ...QUICK, ...settings } });

export interface Posted {
  status: number;
  location: string;
  headers: Headers;
  body: Json & { id: string; status: string; operation: string };
}

/** POST below the mailbox: a string is MIME, an object JSON, undefined nothing. */
export async function post(
  stack: RunningStack,
  mailbox: string,
  path: string,
  body?: Json | string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<Posted> {
  const isMime = typeof body === 'string' || body instanceof Uint8Array;
  const type = body === undefined ? {} : { 'content-type': isMime ? 'text/plain' : 'application/json' };
  const response = await fetch(`${stack.url('functions')}/v1.0/users/${mailbox}/${path}`, {
    method: 'POST',
    headers: { ...type, ...headers },
    ...(body !== undefined && { body: isMime ? base64(body) : JSON.stringify(body) }),
  });
  expectDescribed('POST', response);
  const location = new URL(response.headers.get('location') ?? '/', stack.url('functions')).href;
  const text = await response.text();
  return { status: response.status, location, headers: response.headers, body: (text ? JSON.parse(text) : {}) as Posted['body'] };
}

export interface Mail {
  key: number;
  id: string;
  immutableId: string;
  folder: string;
  subject: string;
  from: string | null;
  to: string[];
  cc: string[];
  bcc: string[];
  internetMessageId: string;
  isDraft: boolean;
  attachments: { name: string; size: number }[];
}

export async function mailsIn(stack: RunningStack, mailbox: string, folder?: string): Promise<Mail[]> {
  const { value } = await stack.graph<{ value: Mail[] }>('GET', `mailboxes/${mailbox}/mails${folder ? `?folder=${folder}` : ''}`);
  return value;
}

/** A mail in the Inbox of the mailbox that can be answered. */
export async function original(stack: RunningStack, mailbox: string, subject: string, more: readonly string[] = []): Promise<Mail> {
  const mime = [
    'From: Customer <customer@example.com>',
    `To: <${mailbox}>, colleague@example.com`,
    'Cc: copied@example.com',
    `Subject: ${subject}`,
    `Message-ID: <original-${subject.replace(/\W+/g, '-')}@example.com>`,
    ...more,
    '',
    'What was asked.',
    '',
  ].join('\r\n');
  await stack.graph('POST', 'incoming', { mailbox, mime: base64(mime) });
  const found = (await mailsIn(stack, mailbox, 'inbox')).find((mail) => mail.subject === subject);
  if (!found) throw new Error(`no original ${subject} in ${mailbox}`);
  return found;
}

export interface Delivery {
  id: string;
  mailbox: string;
  from: string;
  operation: string;
  format: string;
  subject: string;
  internetMessageId: string;
  recipients: { address: string; type: string }[];
}

/** What transport handed on for a mailbox: the judge of "exactly once". */
export async function transported(stack: RunningStack, mailbox: string): Promise<Delivery[]> {
  const { value } = await stack.graph<{ value: Delivery[] }>('GET', `deliveries?mailbox=${encodeURIComponent(mailbox)}`);
  return value;
}

export async function mimeOf(stack: RunningStack, { id }: { id: string }): Promise<Buffer> {
  const response = await fetch(`${stack.url('graph')}/control/deliveries/${id}/mime`);
  return Buffer.from(await response.arrayBuffer());
}

export const typesOf = ({ events }: SendRequest): string[] => events.map(({ type }) => type);

/** Requests to Graph by name, for one mailbox. */
export async function requestsOf(stack: RunningStack, mailbox: string): Promise<Record<string, number>> {
  const { requests } = await stack.graph<{ requests: Record<string, Record<string, number>> }>('GET', 'stats');
  return requests[mailbox] ?? {};
}
