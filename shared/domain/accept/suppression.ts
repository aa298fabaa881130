// Addresses that Exchange's own reports call non-existent: which reports say so, and how long mail to such an address is refused or held.
import { addressKey } from '../address/address.ts';
import { printable } from '../content/addresses.ts';
import type { Problem } from '../content/problem.ts';
import { after } from '../duration.ts';
import type { Recipient } from '../log/send-request.ts';
import { classifyFailure } from '../reports/failure-class.ts';
import type { Report, ReportedRecipient } from '../reports/report.ts';

/** What the HTTP API does with a mail to such an address. `send`: nothing. */
export const SUPPRESSED_RECIPIENTS = ['refuse', 'hold', 'send'] as const;
export type SuppressedRecipients = (typeof SUPPRESSED_RECIPIENTS)[number];

/** Times are RFC 3339 in UTC. */
export interface Suppression {
  /** As the send request named it. */
  address: string;
  /** Code and meaning, in a few words. */
  reason: string;
  /** When the report came in. */
  suppressedDateTime: string;
  /** It ends then by itself. */
  expirationDateTime: string;
  /** The send request that was returned, and its mailbox. */
  sendRequestId: string;
  mailbox: string;
}

/** What is kept of an address. */
export interface SuppressionState {
  suppression?: Suppression | undefined;
  /** Reports that came in up to this time do not suppress it again. */
  liftedDateTime?: string | undefined;
}

/**
 * The codes that suppress, all of class `address`. Other codes of that class may also mean a mailbox that is full or disabled for a time, a
 * domain whose DNS is out of order, or a rule of the recipient. Source: Microsoft, "Email non-delivery reports and SMTP errors in Exchange Online".
 */
export const SUPPRESSION_RULES: readonly { code: string; text?: RegExp; reason: string }[] = [
  { code: '5.1.1', reason: 'the destination has no such mailbox' },
  { code: '5.1.10', reason: 'Exchange has looked for the recipient and found none' },
  // With other words the code means that the server does not relay, or did not answer.
  { code: '5.4.1', text: /recipient address rejected/i, reason: "the recipient's directory does not have the address" },
];

function ruleFor({ status, diagnosticCode, remoteMta }: ReportedRecipient) {
  if (classifyFailure(status, diagnosticCode, remoteMta).class !== 'address') return undefined;
  return SUPPRESSION_RULES.find(({ code, text }) => code === status && (text === undefined || text.test(String(diagnosticCode))));
}

/**
 * The recipients of a request that a report calls non-existent, with the reason. What was read from text does not count. The address that
 * failed must be the one that the request names: if a forwarding has failed, the recipient exists.
 */
export function suppressedIn(report: Report, recipients: readonly Pick<Recipient, 'address'>[]): { address: string; reason: string }[] {
  if (report.kind !== 'ndr' || report.basis !== 'fields') return [];
  const known = new Map(recipients.map(({ address }) => [addressKey(address), address]));
  return report.recipients.flatMap((line) => {
    const { address, originalRecipient = address, action = 'failed', status } = line;
    const found = known.get(addressKey(address));
    const rule = action === 'failed' && addressKey(originalRecipient) === addressKey(address) ? ruleFor(line) : undefined;
    return found !== undefined && rule ? [{ address: found, reason: `${status}: ${rule.reason}` }] : [];
  });
}

/** What is suppressed now. */
export const suppressionNow = ({ suppression }: SuppressionState, now: string): Suppression | undefined =>
  suppression && Date.parse(suppression.expirationDateTime) > Date.parse(now) ? suppression : undefined;

/** The suppression after a report; undefined if the report changes nothing: it is over, was read before, or came in before the address was lifted. */
export function suppressedAfter(
  { suppression, liftedDateTime }: SuppressionState,
  reported: Omit<Suppression, 'expirationDateTime'>,
  expiryMs: number,
  now: string,
): Suppression | undefined {
  const expirationDateTime = after(reported.suppressedDateTime, expiryMs);
  const isLater = (dateTime: string | undefined) =>
    dateTime === undefined || Date.parse(reported.suppressedDateTime) > Date.parse(dateTime);
  const isNew = isLater(liftedDateTime) && isLater(suppression?.suppressedDateTime);
  return isNew && Date.parse(expirationDateTime) > Date.parse(now) ? { ...reported, expirationDateTime } : undefined;
}

/** A refusal names so many addresses. */
const MAXIMUM_NAMED = 10;

const named = ({ address, reason, suppressedDateTime, expirationDateTime, sendRequestId }: Suppression): string =>
  `'${printable(address)}' (${reason}; reported on ${suppressedDateTime} about send request ${sendRequestId}; until ${expirationDateTime})`;

/** Graph's code for a recipient that is not valid. */
export function suppressedProblem(found: readonly Suppression[]): Problem {
  const more = found.length > MAXIMUM_NAMED ? ` and ${found.length - MAXIMUM_NAMED} more` : '';
  const list = found.slice(0, MAXIMUM_NAMED).map(named).join(', ');
  return {
    status: 400,
    code: 'ErrorInvalidRecipients',
    message: `At least one recipient is not valid. Exchange has reported that these addresses do not exist: ${list}${more}. Correct or remove them. If an address exists by now, an operator ends this: DELETE /v1.0/suppressions/{address}.`,
  };
}

/** Why a mail waits. */
export const suppressedInWords = (found: readonly Suppression[]): string => found.slice(0, MAXIMUM_NAMED).map(named).join(', ');
