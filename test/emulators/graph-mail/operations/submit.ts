// Handing a draft to transport: the last checks before the 202.

import { setFlagsFault } from '../faults/unsent.ts';
import type { Answer } from '../http/answer.ts';
import { errors } from '../http/errors.ts';
import type { EmailAddress, Item, MessageContent } from '../store/item.ts';
import { allRecipients } from '../store/item.ts';
import type { Mailbox } from '../store/mailbox.ts';
import { checkRecipients } from '../validation/recipients.ts';
import type { Call } from './call.ts';
import { ownAddress } from './drafts.ts';

export const accepted: Answer = { status: 202, headers: { 'Content-Type': 'text/plain' } };

export interface SubmitOptions {
  readonly operation: string;
  readonly saveToSentItems?: boolean;
}

type Right = 'own' | 'sendAs' | 'sendOnBehalf' | 'none';

function rightTo(mailbox: Mailbox, from: EmailAddress): Right {
  if (mailbox.owns(from.address)) return 'own';
  const named = (list: readonly string[]) => list.some((one) => one.toLowerCase() === from.address.toLowerCase());
  if (named(mailbox.sendAs)) return 'sendAs';
  return named(mailbox.sendOnBehalf) ? 'sendOnBehalf' : 'none';
}

const headerOf = ({ name, address }: EmailAddress) =>
  name === address || !/^[\w .-]+$/.test(name) ? `<${address}>` : `${name} <${address}>`;

/** Settles From and sender: refuses what the mailbox has no right to, or, for MIME, writes its own address. */
function settleFrom(
  { mailbox, state }: Call,
  content: MessageContent,
): { from: EmailAddress; sender: EmailAddress; fromHeader: string | null } {
  const from = content.from ?? ownAddress(mailbox);
  const right = rightTo(mailbox, from);
  if (right === 'none') {
    if (content.mime === null || state.switches.mimeFromWithoutRight === 'deny') throw errors.sendAsDenied();
    const own = ownAddress(mailbox);
    return { from: own, sender: own, fromHeader: headerOf(own) };
  }
  const sender = right === 'sendOnBehalf' ? ownAddress(mailbox) : from;
  return { from, sender, fromHeader: content.mime !== null && content.from === null ? headerOf(from) : null };
}

/** Everything that must hold before a mail is taken; nothing is stored yet. */
export function checkSubmission(call: Call, content: MessageContent): void {
  if (call.mailbox.state === 'submissionBlocked') throw errors.submissionBlocked();
  checkRecipients(allRecipients(content), call.state.switches.recipientLimit);
  settleFrom(call, content);
}

export function submit(call: Call, item: Item, { operation, saveToSentItems = true }: SubmitOptions): Answer {
  const { state, mailbox, effects } = call;
  const { from, sender, fromHeader } = settleFrom(call, item);
  mailbox.change(item, { from, sender }, state.clock.now());
  setFlagsFault(item, effects.messageFlags);
  if (effects.leftUnsent) return accepted;
  const typed = (list: readonly EmailAddress[], type: 'to' | 'cc' | 'bcc') => list.map(({ address }) => ({ address, type }));
  state.transport.submit({
    mailbox,
    item,
    operation,
    saveToSentItems,
    effects,
    recipients: [...typed(item.toRecipients, 'to'), ...typed(item.ccRecipients, 'cc'), ...typed(item.bccRecipients, 'bcc')],
    fromHeader,
  });
  return accepted;
}
