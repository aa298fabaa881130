// Decisions of the sender policy on what the HTTP API did not see: a draft that is about to be sent, and content that is sent again.

import { domainOf } from '../address/address.ts';
import { domainFits } from '../address/domain-name.ts';
import { authorsIn, readAddressFields } from '../content/address-fields.ts';
import { addressOf, messageProblem } from '../content/message-checks.ts';
import type { Message } from '../content/message-schema.ts';
import { readMimeHeader } from '../content/mime-header.ts';
import { type Checked, ok, type Problem, problems, refused } from '../content/problem.ts';
import type { Recipient } from '../log/send-request.ts';
import type { ContentFormat } from '../operations.ts';
import { accessProblems } from './access-problems.ts';
import type { PlacedRule, SenderPolicy } from './sender-policy.ts';
import { judgeFrom } from './sending-decision.ts';

/** The application that sends the mail. If the policy no longer names it, it may send only from the mailbox itself. */
export interface SendingApplication {
  application: string;
  mailbox: string;
}

const placedFor = (policy: SenderPolicy, application: string): PlacedRule =>
  policy.applications.get(application.toLowerCase()) ?? {
    place: 'applications',
    rule: { name: application, applicationId: application, mailboxes: [], from: [] },
  };

/** `authors`: every address in From and Sender. */
export function authorsProblem(
  policy: SenderPolicy,
  { application, mailbox }: SendingApplication,
  authors: readonly string[],
): Problem | undefined {
  const placed = placedFor(policy, application);
  for (const author of authors) {
    const judged = judgeFrom(policy, placed, mailbox, author);
    if (!judged.allowed) return judged.problem;
  }
  return undefined;
}

/** The recipients of the draft, as Graph shows them. */
export function recipientsProblem(
  policy: SenderPolicy,
  { application }: SendingApplication,
  recipients: readonly Recipient[],
): Problem | undefined {
  const { recipientsPerMail, recipientDomains } = placedFor(policy, application).rule;
  if (recipientsPerMail !== undefined && recipients.length > recipientsPerMail) {
    return problems.tooManyRecipients(recipients.length, recipientsPerMail);
  }
  const stranger =
    recipientDomains && recipients.find(({ address }) => !recipientDomains.some((domain) => domainFits(domain, domainOf(address))));
  return stranger && accessProblems.recipientDomainDenied(domainOf(stranger.address) ?? '');
}

function authorsOfJson(content: Uint8Array): Checked<string[]> {
  const body = JSON.parse(new TextDecoder().decode(content)) as { message?: Message } & Message;
  const message = body.message ?? body;
  const problem = messageProblem(message, 'message.');
  return problem ? refused(problem) : ok([message.from, message.sender].map(addressOf).filter((address) => address !== ''));
}

function authorsOfMime(content: Uint8Array): Checked<string[]> {
  const header = readMimeHeader(content);
  if (!header.ok) return header;
  const fields = readAddressFields(header.value);
  return fields.ok ? ok(authorsIn(fields.value)) : fields;
}

/** From and Sender of content that was kept. The HTTP API accepted it then: if today's would refuse it, it is refused now. */
export function authorsOf(format: ContentFormat, content: Uint8Array): Checked<string[]> {
  if (format === 'none') return ok([]);
  return format === 'mime' ? authorsOfMime(content) : authorsOfJson(content);
}
