// May this application send this mail as that mailbox: the answer, the line of the policy it comes from, and Graph's words for a refusal.

import { addressKey, domainOf, isAddress, sameAddress } from '../address/address.ts';
import { domainFits } from '../address/domain-name.ts';
import { printable } from '../content/addresses.ts';
import { type Problem, problems } from '../content/problem.ts';
import type { Recipient } from '../log/send-request.ts';
import { isSendRequestId } from '../log/send-request-id.ts';
import { type ContentFormat, OPERATION_TABLE, type Operation } from '../operations.ts';
import { accessProblems } from './access-problems.ts';
import type { Caller } from './caller.ts';
import { fits, isKnown, type PlacedRule, resolveMailbox, type SenderPolicy } from './sender-policy.ts';

/** `place`: the line that decided; for a refusal the one that comes nearest to allowing it. */
export type SendingDecision<T> =
  | ({ allowed: true; place: string } & T)
  | { allowed: false; place: string | undefined; reason: string; problem: Problem };

const refusal = (reason: string, problem: Problem, place?: string) => ({ allowed: false, reason, problem, place }) as const;

/** Whether the policy names the application, and takes its kind of token. */
export function judgeCaller(policy: SenderPolicy, caller: Caller): SendingDecision<{ placed: PlacedRule }> {
  const placed = policy.applications.get(caller.application.toLowerCase());
  if (!placed) {
    return refusal('unknownApplication', accessProblems.accessDenied('The sender policy does not name this application.'));
  }
  if (caller.delegated && !placed.rule.delegated) {
    const problem = accessProblems.accessDenied(
      'The sender policy accepts only tokens of this application itself, not of a signed-in person.',
    );
    return refusal('delegatedToken', problem, `${placed.place}.delegated`);
  }
  return { allowed: true, placed, place: placed.place };
}

/** Whether the caller may send as the mailbox that it names by one of its names. */
export function judgeMailbox(policy: SenderPolicy, caller: Caller, name: string): SendingDecision<{ mailbox: string; placed: PlacedRule }> {
  // The application first: an unknown application does not learn which mailboxes there are.
  const judged = judgeCaller(policy, caller);
  if (!judged.allowed) return judged;
  const mailbox = resolveMailbox(policy, name);
  if (!isKnown(policy, mailbox)) return refusal('unknownMailbox', problems.invalidUser(printable(name)));
  const { rule, place } = judged.placed;
  const index = rule.mailboxes.findIndex((pattern) => fits(pattern, addressKey(mailbox)));
  if (index < 0) {
    const problem = accessProblems.accessDenied('The sender policy does not let this application send as this mailbox.');
    return refusal('mailboxNotAllowed', problem, `${place}.mailboxes`);
  }
  return { allowed: true, mailbox, placed: judged.placed, place: `${place}.mailboxes[${index}]` };
}

/** Whether an address is one of the mailbox's own names. */
const isOwn = (policy: SenderPolicy, mailbox: string, address: string): boolean => sameAddress(resolveMailbox(policy, address), mailbox);

/** The From addresses of a mail: the mailbox under any of its names, or what the policy allows besides. */
export function judgeFrom(
  policy: SenderPolicy,
  { rule, place }: PlacedRule,
  mailbox: string,
  from: string | undefined,
): SendingDecision<object> {
  if (from === undefined || isOwn(policy, mailbox, from)) return { allowed: true, place: `${place}.mailboxes` };
  const index = isAddress(from) ? rule.from.findIndex((pattern) => fits(pattern, addressKey(from))) : -1;
  if (index >= 0) return { allowed: true, place: `${place}.from[${index}]` };
  return refusal('fromNotAllowed', accessProblems.sendAsDenied(printable(from)), `${place}.from`);
}

/** What the policy needs to know of a mail. */
export interface JudgedMail {
  operation: Operation;
  format: ContentFormat;
  /** If it is a send request's id, the policy decided on the mail when that request was accepted. */
  targetMessageId?: string | undefined;
  from?: string | undefined;
  /** Further addresses in From and Sender. */
  otherFrom?: readonly string[] | undefined;
  recipients: readonly Recipient[];
  /** Bytes. */
  size: number;
  hasIdempotencyKey: boolean;
}

/** Recipients that the policy cannot see: those of the original, or of a draft that was not made through this service. */
function hasHiddenRecipients({ operation, targetMessageId }: JudgedMail): boolean {
  const { recipients } = OPERATION_TABLE[operation];
  return recipients === 'original' || (recipients === 'draft' && !isSendRequestId(targetMessageId ?? ''));
}

/** In JSON a draft is made first, which is counted before it is sent. */
const isBlindReply = ({ operation, format }: JudgedMail): boolean =>
  format === 'mime' && (operation === 'reply' || operation === 'replyAll');

/** Every rule that looks at the mail itself. */
export function judgeMail(policy: SenderPolicy, placed: PlacedRule, mailbox: string, mail: JudgedMail): SendingDecision<object> {
  const { rule, place } = placed;
  const { recipientsPerMail, maximumMessageSize, recipientDomains, requireIdempotencyKey } = rule;
  if (requireIdempotencyKey && !mail.hasIdempotencyKey) {
    const problem = problems.invalidRequestHeader('Idempotency-Key', 'the sender policy requires one with every mail of this application');
    return refusal('idempotencyKeyMissing', problem, `${place}.requireIdempotencyKey`);
  }
  if (maximumMessageSize !== undefined && mail.size > maximumMessageSize) {
    const problem = problems.tooLarge('The message', mail.size, maximumMessageSize);
    return refusal('messageTooLarge', problem, `${place}.maximumMessageSize`);
  }
  if (recipientsPerMail !== undefined && mail.recipients.length > recipientsPerMail) {
    const problem = problems.tooManyRecipients(mail.recipients.length, recipientsPerMail);
    return refusal('tooManyRecipients', problem, `${place}.recipientsPerMail`);
  }
  if (recipientsPerMail !== undefined && isBlindReply(mail)) {
    const why = `The sender policy limits how many recipients a mail of this application may have, but the recipients of '${mail.operation}' in MIME are not known before it is sent. Post it as JSON.`;
    return refusal('recipientsUnknown', accessProblems.accessDenied(why), `${place}.recipientsPerMail`);
  }
  if (recipientDomains && hasHiddenRecipients(mail)) {
    const why = `The sender policy limits this application to some recipient domains, but this service does not know the recipients of '${mail.operation}'.`;
    return refusal('recipientsUnknown', accessProblems.accessDenied(why), `${place}.recipientDomains`);
  }
  const stranger =
    recipientDomains && mail.recipients.find(({ address }) => !recipientDomains.some((d) => domainFits(d, domainOf(address))));
  if (stranger) {
    const problem = accessProblems.recipientDomainDenied(printable(domainOf(stranger.address) ?? stranger.address));
    return refusal('recipientDomainNotAllowed', problem, `${place}.recipientDomains`);
  }
  for (const from of mail.otherFrom ?? []) {
    const judged = judgeFrom(policy, placed, mailbox, from);
    if (!judged.allowed) return judged;
  }
  return judgeFrom(policy, placed, mailbox, mail.from);
}
