// The mails of the demo: the fault that each one meets, and how it must end.
import type { Posted, RunningStack, SendRequest } from '../test/support/running-stack.ts';

export interface DemoCase {
  subject: string;
  title: string;
  expected: string;
  /** Runs after the others, because it disturbs them. */
  alone?: boolean;
  prepare?: (stack: RunningStack) => Promise<unknown>;
  post: (stack: RunningStack) => Promise<Posted>;
  meanwhile?: (stack: RunningStack, location: string) => Promise<unknown>;
  ended: (request: SendRequest) => boolean;
  /** How often transport must have delivered it. */
  delivered: number;
}

const sent = ({ status }: SendRequest): boolean => status === 'sent' || status === 'closed';

/** Each case has a mailbox of its own, so that its fault meets no other's mail. */
const mailboxOf = (subject: string): string => `demo-${subject.toLowerCase().replace(/[^a-z0-9]+/g, '-')}@contoso.com`;

type Fault = Record<string, unknown>;

function faulty(subject: string, title: string, fault: Fault): DemoCase {
  const mailbox = mailboxOf(subject);
  return {
    subject,
    title,
    expected: 'sent, once',
    prepare: (stack) => stack.fault({ id: subject, mailbox, times: 1, ...fault }),
    post: (stack) => stack.send({ subject, mailbox }),
    ended: sent,
    delivered: 1,
  };
}

const base64Lines = (text: string): string =>
  Buffer.from(text)
    .toString('base64')
    .replace(/(.{76})/g, '$1\r\n');

/** As an S/MIME client writes it. The signature need not be valid: the demo only checks that its bytes arrive unchanged. */
const signedMail = (subject: string, mailbox: string): string =>
  [
    `From: ${mailbox}`,
    'To: customer@example.com',
    `Subject: ${subject}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary="signed"',
    '',
    '--signed',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'This is the signed part.',
    '--signed',
    'Content-Type: application/pkcs7-signature; name=smime.p7s',
    'Content-Transfer-Encoding: base64',
    '',
    base64Lines('signature'.repeat(30)),
    '--signed--',
    '',
  ].join('\r\n');

export const demoCases: readonly DemoCase[] = [
  {
    subject: 'Plain',
    title: 'a mail without a fault',
    expected: 'sent, once',
    post: (stack) => stack.send({ subject: 'Plain', mailbox: mailboxOf('Plain') }),
    ended: sent,
    delivered: 1,
  },
  faulty('Lost answer', 'Graph takes the mail and answers 504', { operation: 'sendMail', when: 'after', answer: { status: 504 } }),
  faulty('Reset after', 'Graph takes the mail and the connection drops', { operation: 'sendMail', when: 'after', answer: 'reset' }),
  faulty('Reset before', 'the connection drops before the mail was taken', { operation: 'sendMail', when: 'before', answer: 'reset' }),
  faulty('Throttled', '429 with Retry-After 2.5', { operation: 'sendMail', when: 'before', answer: { status: 429, retryAfter: 2.5 } }),
  faulty('Busy', '503 with Retry-After', { operation: 'sendMail', when: 'before', answer: { status: 503, retryAfter: 2 } }),
  faulty('Silence', 'Graph never answers and sends nothing', { operation: 'sendMail', when: 'before', answer: 'timeout' }),
  faulty('Two hundred', 'Graph answers 200 and sends nothing', { operation: 'sendMail', when: 'before', answer: { status: 200 } }),
  {
    subject: 'Unknown recipient',
    title: 'one of two recipients does not exist',
    expected: 'sent, and failed for that recipient',
    post: (stack) =>
      stack.send({
        subject: 'Unknown recipient',
        mailbox: mailboxOf('Unknown recipient'),
        to: ['unknown-user@example.org', 'bob@contoso.com'],
      }),
    ended: (request) => sent(request) && request.recipients[0]?.action === 'failed' && request.recipients[1]?.action === undefined,
    delivered: 1,
  },
  {
    subject: 'Full mailbox',
    title: "the sender's mailbox is full, and is emptied later",
    expected: 'sent, once',
    prepare: (stack) => stack.graph('POST', 'mailboxes', { address: mailboxOf('Full mailbox'), state: 'full' }),
    post: (stack) => stack.send({ subject: 'Full mailbox', mailbox: mailboxOf('Full mailbox') }),
    meanwhile: async (stack, location) => {
      await stack.until(location, 'deferred', ({ status, error }) => status === 'deferred' && error?.code === 'ErrorQuotaExceeded');
      await stack.graph('PATCH', `mailboxes/${mailboxOf('Full mailbox')}`, { state: 'ok' });
    },
    ended: sent,
    delivered: 1,
  },
  {
    subject: 'Signed',
    title: 'S/MIME: the signed part arrives unchanged',
    expected: 'sent, once',
    post: (stack) => stack.sendMime(signedMail('Signed', mailboxOf('Signed')), mailboxOf('Signed')),
    ended: sent,
    delivered: 1,
  },
  {
    subject: 'Killed',
    title: 'the worker is killed while Graph has the mail and has not answered',
    expected: 'sent, once',
    alone: true,
    prepare: (stack) =>
      stack.fault({
        id: 'Killed',
        mailbox: mailboxOf('Killed'),
        operation: 'sendMail',
        when: 'after',
        answer: 'normal',
        delay: 2_000,
        times: 1,
      }),
    post: (stack) => stack.send({ subject: 'Killed', mailbox: mailboxOf('Killed') }),
    meanwhile: async (stack, location) => {
      await stack.until(location, 'submitting', ({ status }) => status === 'submitting');
      stack.kill('worker');
    },
    ended: sent,
    delivered: 1,
  },
];
