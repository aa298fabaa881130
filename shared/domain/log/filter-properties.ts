// The properties that $filter compares, one row each: by which operators, with what, and what that asks for.
import { canonicalMailbox } from '../address/mailbox-name.ts';
import { printable } from '../content/addresses.ts';
import { FAILURE_CLASSES } from '../reports/failure-rule.ts';
import type { SendRequestFilter } from './filter.ts';
import { STATES, type State } from './lifecycle.ts';
import { isSendRequestId } from './send-request-id.ts';

/** A mistake in $filter, in words. */
export class InvalidFilter extends Error {}

export const failFilter = (why: string): never => {
  throw new InvalidFilter(why);
};

type Operator = 'eq' | 'ne' | 'ge' | 'gt' | 'le' | 'lt';

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

export const quotedText = (literal: string, name: string): string =>
  literal.startsWith("'")
    ? literal.slice(1, -1).replaceAll("''", "'")
    : failFilter(`${name} must be compared with a text in single quotes.`);

function timeOf(literal: string, name: string): number {
  const text = literal.replaceAll("'", '');
  const time = RFC3339.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? failFilter(`${name} must be compared with a time such as 2026-01-31T08:00:00Z.`) : time;
}

const numberOf = (literal: string, name: string): number =>
  /^\d{1,9}$/.test(literal) ? Number(literal) : failFilter(`${name} must be compared with a whole number.`);

const booleanOf = (literal: string, name: string): boolean =>
  literal === 'true' || (literal !== 'false' && failFilter(`${name} must be compared with true or false.`));

function stateOf(literal: string, name: string): State {
  const text = quotedText(literal, name);
  return STATES.find((state) => state === text) ?? failFilter(`status must be one of ${STATES.join(', ')}.`);
}

/** Half-open, in whole units: what is greater than a value begins with the next one. */
function rangeOf(operator: Operator, value: number): { from?: number; until?: number } {
  switch (operator) {
    case 'ge':
      return { from: value };
    case 'gt':
      return { from: value + 1 };
    case 'le':
      return { until: value + 1 };
    case 'lt':
      return { until: value };
    default:
      return { from: value, until: value + 1 };
  }
}

const created = ({ from, until }: { from?: number; until?: number }): SendRequestFilter => ({
  ...(from !== undefined && { createdFrom: from }),
  ...(until !== undefined && { createdUntil: until }),
});

const failed = ({ from, until }: { from?: number; until?: number }): SendRequestFilter => ({
  ...(from !== undefined && { failedFrom: from }),
  ...(until !== undefined && { failedUntil: until }),
});

interface PropertyRow {
  operators: readonly Operator[];
  read: (literal: string, operator: Operator, name: string) => SendRequestFilter;
}

const ORDER: readonly Operator[] = ['eq', 'ge', 'gt', 'le', 'lt'];

const textRow = (ask: (text: string) => SendRequestFilter): PropertyRow => ({
  operators: ['eq'],
  read: (literal, _operator, name) => ask(quotedText(literal, name)),
});

export const FILTER_PROPERTIES: Readonly<Record<string, PropertyRow>> = {
  id: textRow((text) => {
    const id = text.trim().toLowerCase();
    return { id: isSendRequestId(id) ? id : failFilter('id must be compared with the id of a send request.') };
  }),
  status: {
    operators: ['eq', 'ne'],
    read: (literal, operator, name) => {
      const state = stateOf(literal, name);
      return operator === 'eq' ? { status: state } : { statusNot: [state] };
    },
  },
  application: textRow((text) => ({ application: text.toLowerCase() })),
  mailbox: textRow((text) => ({ mailbox: canonicalMailbox(text) ?? failFilter('mailbox must be compared with the name of a mailbox.') })),
  recipient: textRow((text) => ({ recipient: text.trim() })),
  internetMessageId: textRow((text) => ({ internetMessageId: text })),
  clientRequestId: textRow((text) => ({ clientRequestId: text })),
  createdDateTime: { operators: ORDER, read: (literal, operator, name) => created(rangeOf(operator, timeOf(literal, name))) },
  lastModifiedDateTime: {
    // Without an end: a list by changes ends where changes may still arrive.
    operators: ['ge', 'gt'],
    read: (literal, operator, name) => ({ modifiedFrom: timeOf(literal, name) + (operator === 'gt' ? 1 : 0) }),
  },
  'recipientCounts/failed': { operators: ORDER, read: (literal, operator, name) => failed(rangeOf(operator, numberOf(literal, name))) },
  failureClass: textRow((text) => ({
    failureClass: FAILURE_CLASSES.find((one) => one === text) ?? failFilter(`failureClass must be one of ${FAILURE_CLASSES.join(', ')}.`),
  })),
  hasFailures: {
    operators: ['eq', 'ne'],
    read: (literal, operator, name) => (booleanOf(literal, name) === (operator === 'eq') ? { failedFrom: 1 } : { failedUntil: 1 }),
  },
};

/** What `name operator literal` asks for. Throws InvalidFilter. */
export function comparison(name: string, operator: string, literal: string): SendRequestFilter {
  const row = Object.hasOwn(FILTER_PROPERTIES, name) ? FILTER_PROPERTIES[name] : undefined;
  if (!row) return failFilter(`could not find a property named '${printable(name)}' to filter by.`);
  const known = row.operators.find((one) => one === operator);
  if (known) return row.read(literal, known, name);
  if (!(['ne', ...ORDER] as string[]).includes(operator)) return failFilter(`the operator '${printable(operator)}' is not supported.`);
  return failFilter(`${name} can only be compared by ${row.operators.join(', ')}.`);
}
