// The checks by mail: one to the mailbox itself, until its copy is seen; one to an address that does not exist, until Exchange's report is read.
import { randomUUID } from 'node:crypto';
import { type Answer, type Check, errorOf, failed, type Result, type Visit } from './check.ts';

interface SendRequest {
  status: string;
  error?: { code: string; message: string };
  nextAttemptDateTime?: string;
  recipients?: { address: string; action?: string; status?: string; diagnosticCode?: string; evidence?: string }[];
}

/** Posts a mail under a key of its own, so that nothing of this command is ever sent twice. */
const post = ({ call, mailbox }: Visit, to: string, subject: string): Promise<Answer> =>
  call('POST', `/v1.0/users/${encodeURIComponent(mailbox)}/sendMail`, {
    message: {
      subject,
      body: { contentType: 'Text', content: 'Sent by the doctor of the outbound mail queue. It may be deleted.' },
      toRecipients: [{ emailAddress: { address: to } }],
    },
    saveToSentItems: true,
  });

/** Reads the send request until `isOver` or the end of the patience. Returns its last state. */
async function watch(visit: Visit, location: string, isOver: (request: SendRequest) => boolean): Promise<SendRequest> {
  const end = visit.now() + visit.patienceMs;
  for (;;) {
    const answer = await visit.call('GET', location);
    const request = answer.body as unknown as SendRequest;
    if (answer.status !== 200) throw new Error(errorOf(answer));
    if (isOver(request) || visit.now() >= end) return request;
    await visit.pause();
  }
}

const ENDED = ['rejected', 'expired', 'cancelled', 'unaccounted', 'deadLettered', 'failed'];

/** What to do for a mail that has not got to where it should be. */
function advice({ status, error }: SendRequest, visit: Visit): string[] {
  const code = error?.code ?? '';
  if (/AccessDenied/i.test(code))
    return [
      `Graph refuses the mailbox: ./infra/rights/grant-mailbox-rights.ps1 -ClientId ID -ObjectId ID -Mailbox ${visit.mailbox}. A change takes up to two hours.`,
    ];
  if (status === 'queued')
    return [
      'No worker takes it from the queue. Check the alert overdue, the role Azure Service Bus Data Receiver, and OPERATIONS.md, "The always-ready instance is gone".',
    ];
  if (status === 'accepted')
    return ['Its copy has not been seen in Sent Items. Check that reconcile-mailboxes runs, and check GRAPH_RIGHTS.'];
  return [`npx graph-mail-queue explain --status STATUS --code ${code || 'CODE'} says what the queue does now, and why.`];
}

async function mailToOneself(visit: Visit): Promise<Result> {
  const posted = await post(visit, visit.mailbox, `Doctor ${randomUUID()}`);
  if (posted.status !== 202) return failed(`the mail is refused: ${errorOf(posted)}`);
  const location = String(posted.headers.get('location'));
  const request = await watch(visit, location, ({ status }) => ['sent', 'closed', ...ENDED].includes(status));
  if (request.status === 'sent' || request.status === 'closed')
    return { verdict: 'ok', detail: `a mail to ${visit.mailbox} is ${request.status} (${location})` };
  const { error } = request;
  return failed(
    `a mail to ${visit.mailbox} is ${request.status}${error ? `: ${error.code} ${error.message}` : ''} (${location})`,
    ...advice(request, visit),
  );
}

async function reportOfFailure(visit: Visit): Promise<Result> {
  const posted = await post(visit, visit.unknown, `Doctor ${randomUUID()}`);
  if (posted.status !== 202)
    return {
      verdict: 'warning',
      detail: `a mail to ${visit.unknown} is refused: ${errorOf(posted)}`,
      next: ['Give an address that cannot exist and that the policy allows: --unknown ADDRESS.'],
    };
  const location = String(posted.headers.get('location'));
  const isFailed = ({ recipients = [] }: SendRequest) => recipients.some(({ action }) => action === 'failed');
  const request = await watch(visit, location, (one) => isFailed(one) || ENDED.includes(one.status));
  const recipient = request.recipients?.[0];
  if (isFailed(request))
    return {
      verdict: 'ok',
      detail: `the non-delivery report was read: ${recipient?.status} ${recipient?.diagnosticCode ?? ''} (${recipient?.evidence})`.trim(),
    };
  return {
    verdict: 'warning',
    detail: `no non-delivery report on ${visit.unknown} yet: the mail is ${request.status} (${location})`,
    next: ['A report can take minutes. Repeat the command with --patience PT30M, or look into the Inbox of the mailbox.'],
  };
}

export const MAIL_CHECKS: readonly Check[] = [
  { name: 'first mail', needs: ['mailbox'], run: mailToOneself },
  { name: 'non-delivery report', needs: ['first mail'], run: reportOfFailure },
];
