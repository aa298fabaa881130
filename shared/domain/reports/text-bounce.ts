// Bounces without a status part: recognised by who wrote them and how, read by the rules of text-bounce-rules and text-recipient-rules.

import { parseDeliveryStatus } from './delivery-status-notification.ts';
import { findReplyStatusCode } from './enhanced-status-code.ts';
import { fieldValue, readFieldGroups } from './header-fields.ts';
import { type HumanText, readHumanTexts } from './human-text.ts';
import { MAXIMUM_RECIPIENTS } from './limits.ts';
import type { MailParts } from './mail-parts.ts';
import type { Action, ReportedRecipient, ReportKind } from './report.ts';
import { kindOf } from './report-kind.ts';
import { TEXT_OUTCOME_RULES } from './text-bounce-rules.ts';
import * as signs from './text-bounce-signs.ts';
import { type Candidate, findCandidates, isQuoted } from './text-recipients.ts';

export type TextBounce = { kind: ReportKind; recipients: ReportedRecipient[]; reportingMta?: string };

/** `known`: the store says what report it is, so that its words need not prove it. */
export function readTextBounce(parts: MailParts, known: Action | undefined): TextBounce | undefined {
  let empty: TextBounce | undefined;
  for (const text of readHumanTexts(parts)) {
    const words = text.report
      .filter((line) => !isQuoted(line))
      .join(' ')
      .replace(/\s+/g, ' ');
    if (known === undefined && !looksLikeBounce(parts, words)) continue;
    const action = known ?? TEXT_OUTCOME_RULES.find((rule) => rule.pattern.test(words))?.action ?? 'failed';
    const bounce = readBounce(parts, text, action);
    if (bounce.recipients.length > 0) return bounce;
    empty ??= bounce;
  }
  return empty;
}

/** If the sender also writes other mail, its words must give stronger proof of a bounce. */
export function looksLikeBounce({ headers, subject }: Pick<MailParts, 'headers' | 'subject'>, words: string): boolean {
  const value = (name: string) => fieldValue(headers, name) ?? '';
  const body = meets(signs.BODY_RULES, words) || meets(TEXT_OUTCOME_RULES, words);
  const named = meets(signs.SUBJECT_RULES, subject);
  const opens = (length: number) => meets(signs.OPENING_RULES, words.slice(0, length));
  const sender = value('from');
  const reportType = /report-type="?delivery-status/i.test(value('content-type'));
  if (reportType || meets(signs.SENDER_RULES, sender) || value('x-failed-recipients') !== '') return body || named;
  if (meets(signs.NOTIFICATION_RULES, words)) return true;
  const nullReturnPath = headers.some((field) => field.name === 'return-path' && /^<?\s*(?:mailer-daemon\b.*)?>?$/i.test(field.value));
  if (nullReturnPath || meets(signs.WEAK_SENDER_RULES, sender)) return opens(INTRODUCTION) || (named && body);
  const answer = value('in-reply-to') !== '' || value('references') !== '' || /^(?:re|aw|sv|vs|odp)\b/i.test(subject);
  return named && !answer && opens(meets(signs.MACHINE_SENDER_RULES, sender) ? INTRODUCTION : FIRST_WORDS);
}

/** Characters in which a mail system has introduced itself; people who quote one write a few words first. */
const INTRODUCTION = 600;
const FIRST_WORDS = 60;

export function meets(rules: readonly signs.TextRule[], text: string): boolean {
  return rules.some((rule) => rule.pattern.test(text));
}

function readBounce(parts: MailParts, { whole, report, original }: HumanText, action: Action): TextBounce {
  const fields = flattenedStatus(whole);
  const candidates = fields.recipients.length > 0 ? [] : findCandidates(parts, report, original).slice(0, MAXIMUM_RECIPIENTS);
  const recipients = [
    ...fields.recipients.map((recipient) => ({ action, ...recipient })),
    ...candidates.map((candidate, index) => describe(candidate, candidates[index + 1], report, action)),
  ];
  return {
    kind: kindOf(recipients.length > 0 ? recipients : [{ address: '', action }]),
    recipients,
    ...(fields.reportingMta ? { reportingMta: fields.reportingMta } : {}),
  };
}

/** Status fields that lost their MIME part, on the way or in a broken mail. */
function flattenedStatus(text: string): ReturnType<typeof parseDeliveryStatus> {
  const groups = readFieldGroups(text).filter((group) => group.some((field) => /^(?:final|original)-recipient$/.test(field.name)));
  const reported = groups.filter((group) => group.some((field) => field.name === 'action' || field.name === 'status'));
  return parseDeliveryStatus(reported.map((group) => group.map(({ name, value }) => `${name}: ${value}`).join('\n')).join('\n\n'));
}

/** What stands between one recipient and the next is about the first of them. */
function describe(candidate: Candidate, next: Candidate | undefined, report: readonly string[], action: Action): ReportedRecipient {
  const end = next && next.line > candidate.line ? next.line : report.length;
  const words = report.slice(Math.max(candidate.line, 0), end).join(' ').replace(/\s+/g, ' ').trim();
  const success = action !== 'failed' && action !== 'delayed';
  const status = findReplyStatusCode(candidate.only ? `${words} ${report.join(' ')}` : words, success);
  const remoteMta = /\bhost:?\s+([a-z0-9][a-z0-9.-]{0,253})\s?\[/i.exec(words)?.[1];
  const diagnosticCode = candidate.line < 0 ? '' : words.slice(0, 512);
  return {
    address: candidate.address,
    action,
    ...(status ? { status } : {}),
    ...(diagnosticCode ? { diagnosticCode } : {}),
    ...(remoteMta ? { remoteMta } : {}),
  };
}
