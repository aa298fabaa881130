// What a sender policy says, by line: whether it is valid, and who may send as whom.
import * as z from 'zod';
import { readSenderPolicy, type SenderPolicy } from '../../shared/domain/accept/sender-policy.ts';
import { senderPolicySchema } from '../../shared/domain/accept/sender-policy-schema.ts';
import { judgeMail, judgeMailbox, type SendingDecision } from '../../shared/domain/accept/sending-decision.ts';
import type { SuppressedRecipients } from '../../shared/domain/accept/suppression.ts';
import { canonicalMailbox } from '../../shared/domain/address/mailbox-name.ts';
import { linesOf } from '../json-lines.ts';

export const policySchema = (): string => `${JSON.stringify(z.toJSONSchema(senderPolicySchema, { io: 'input' }), undefined, 2)}\n`;

interface Question {
  app: string;
  mailbox: string;
  from?: string | undefined;
  to: readonly string[];
  size: number;
  delegated: boolean;
}

/** What the policy says of one mail: the mailbox first, then the mail. */
function judge(policy: SenderPolicy, question: Question): { decision: SendingDecision<object>; mailbox?: string } {
  const { app, from, to, size, delegated } = question;
  const name = canonicalMailbox(question.mailbox) ?? question.mailbox;
  const judged = judgeMailbox(policy, { application: app, roles: ['SendRequests.Create'], delegated }, name);
  if (!judged.allowed) return { decision: judged };
  const { mailbox, placed } = judged;
  const recipients = to.map((address) => ({ address, type: 'to' as const }));
  const mail = judgeMail(policy, placed, mailbox, {
    operation: 'sendMail',
    format: 'json',
    from,
    recipients,
    size,
    hasIdempotencyKey: true,
  });
  return { decision: mail.allowed && from === undefined ? judged : mail, mailbox };
}

const THEN: Record<SuppressedRecipients, string> = { refuse: 'is refused', hold: 'waits', send: 'goes out' };

/** What the policy says of addresses that do not exist. Who they are, only the app knows: see preflight. */
function suppressionLines(policy: SenderPolicy, { app }: Question, lineOf: (place: string) => number): string[] {
  const placed = policy.applications.get(app.toLowerCase());
  const then = placed?.rule.suppressedRecipients;
  if (!placed || then === undefined) return [];
  const place = `${placed.place}.suppressedRecipients`;
  return [
    `if SUPPRESSION is on, mail to an address that Exchange has reported as non-existent ${THEN[then]}: line ${lineOf(place)} (${place})`,
  ];
}

/** The answer in words, with the line that it comes from. */
export function explain(text: string, question?: Question): { ok: boolean; lines: string[] } {
  let document: unknown;
  try {
    document = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { ok: false, lines: [`is not JSON: ${(error as Error).message}`] };
  }
  const places = linesOf(text);
  /** The line of the place. If the place does not exist, the line of what would contain it. */
  const lineOf = (place: string): number => places.get(place) ?? places.get(place.replace(/(\.\w+|\[\d+\])$/, '')) ?? 1;
  const read = readSenderPolicy(document);
  if (!read.ok)
    return { ok: false, lines: read.problems.map((problem) => `line ${lineOf(problem.split(': ', 1)[0] as string)}: ${problem}`) };
  const { policy } = read;
  if (!question)
    return { ok: true, lines: [`is valid: ${policy.applications.size} applications, ${policy.mailboxes.size} listed mailboxes`] };
  const { decision, mailbox } = judge(policy, question);
  const what = `${question.app} as ${question.mailbox}${mailbox && mailbox !== question.mailbox ? ` (${mailbox})` : ''}${question.from ? ` with From ${question.from}` : ''}`;
  const where = decision.place === undefined ? 'no line' : `line ${lineOf(decision.place)} (${decision.place})`;
  if (decision.allowed) return { ok: true, lines: [`yes, ${what}: ${where}`, ...suppressionLines(policy, question, lineOf)] };
  return { ok: false, lines: [`no, ${what}: ${where}: ${decision.problem.message} (${decision.problem.status} ${decision.problem.code})`] };
}
