// Delivery status notifications: the fields of a message/delivery-status part (RFC 3464, with RFC 3463 codes and RFC 6533 addresses).

import { decodedRecipient, readRecipientField } from '../address/reported-address.ts';
import { findEnhancedStatusCode } from './enhanced-status-code.ts';
import { readSupplementaryInfo } from './exchange-report.ts';
import { type Field, fieldValue, readFieldGroups } from './header-fields.ts';
import { MAXIMUM_RECIPIENTS } from './limits.ts';
import type { Action, ReportedRecipient } from './report.ts';

export type DeliveryStatus = { reportingMta?: string; recipients: ReportedRecipient[] };

const PER_RECIPIENT = new Set([
  'final-recipient',
  'original-recipient',
  'action',
  'status',
  'diagnostic-code',
  'remote-mta',
  'x-supplementary-info',
]);

/** Words that MTAs put into Action, by how they begin: comments and other word forms are common. */
const ACTIONS: ReadonlyArray<readonly [RegExp, Action]> = [
  [/^(?:fail|expired)/i, 'failed'],
  [/^delay/i, 'delayed'],
  [/^deliver/i, 'delivered'],
  [/^relay/i, 'relayed'],
  [/^expand/i, 'expanded'],
];

export function parseDeliveryStatus(text: string): DeliveryStatus {
  const groups = recipientGroups(readFieldGroups(text));
  const recipients = groups.perRecipient.slice(0, MAXIMUM_RECIPIENTS).flatMap(readRecipient);
  const reportingMta = withoutType(fieldValue(groups.perMessage, 'reporting-mta'));
  return reportingMta === undefined ? { recipients } : { recipients, reportingMta };
}

/** Groups by what they say, not by blank lines alone: some MTAs forget them, others put too many. */
function recipientGroups(blocks: readonly Field[][]): { perMessage: Field[]; perRecipient: Field[][] } {
  const perMessage: Field[] = [];
  const perRecipient: Field[][] = [];
  for (const block of blocks) {
    let seen = new Set<string>();
    let open = false;
    for (const field of block) {
      if (!open && !PER_RECIPIENT.has(field.name)) {
        perMessage.push(field);
        continue;
      }
      if (!open || (isRecipientName(field) && seen.has(field.name))) {
        const last = perRecipient.at(-1);
        const continuesLast =
          !open && !block.some(isRecipientName) && last !== undefined && !last.some((other) => other.name === field.name);
        if (!continuesLast) perRecipient.push([]);
        seen = new Set();
        open = true;
      }
      seen.add(field.name);
      perRecipient.at(-1)!.push(field);
    }
  }
  return { perMessage, perRecipient };
}

function isRecipientName(field: Field): boolean {
  return field.name === 'final-recipient' || field.name === 'original-recipient';
}

/** The addresses of a group (RFC 3464 section 2.3.1 and 2.3.2; RFC 8098 has the same two fields); undefined if it names nobody. */
export function readRecipientAddresses(
  fields: readonly Field[],
): Pick<ReportedRecipient, 'address' | 'originalRecipient' | 'decodedAddress'> | undefined {
  const [asked, final] = ['original-recipient', 'final-recipient'].map((name) => fieldValue(fields, name) ?? '') as [string, string];
  const original = readRecipientField(asked);
  const address = readRecipientField(final) ?? original;
  if (address === undefined) return undefined;
  const decodedAddress = decodedRecipient(asked) ?? decodedRecipient(final);
  return {
    address,
    ...(original !== undefined && original !== address ? { originalRecipient: original } : {}),
    ...(decodedAddress ? { decodedAddress } : {}),
  };
}

function readRecipient(fields: readonly Field[]): ReportedRecipient[] {
  const addresses = readRecipientAddresses(fields);
  if (!addresses) return [];
  const supplementary = readSupplementaryInfo(fieldValue(fields, 'x-supplementary-info'));
  const diagnosticCode = fieldValue(fields, 'diagnostic-code') ?? supplementary.diagnosticCode;
  const action = readAction(fieldValue(fields, 'action'));
  const status =
    findEnhancedStatusCode(fieldValue(fields, 'status') ?? '') ?? supplementary.status ?? findEnhancedStatusCode(diagnosticCode ?? '');
  const remoteMta = withoutType(fieldValue(fields, 'remote-mta')) ?? supplementary.remoteMta;
  return [
    {
      ...addresses,
      ...(action ? { action } : {}),
      ...(status ? { status } : {}),
      ...(diagnosticCode ? { diagnosticCode } : {}),
      ...(remoteMta ? { remoteMta } : {}),
    },
  ];
}

export function readAction(value: string | undefined): Action | undefined {
  return ACTIONS.find(([word]) => word.test(value ?? ''))?.[1];
}

/** `dns; mx.example.com` becomes `mx.example.com`. */
function withoutType(value: string | undefined): string | undefined {
  return value?.replace(/^[\w-]{1,30}\s*;\s*/, '') || undefined;
}
