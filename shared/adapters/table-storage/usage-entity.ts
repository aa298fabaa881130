// The row of a mailbox's counters: JSON, divided over as many properties as it needs.
import type { TransactionAction } from '@azure/data-tables';
import { EMPTY_USAGE, type MailboxUsage } from '../../domain/limits/account.ts';
import type { UsageChange } from '../../ports/status-log.ts';
import { encodeKey, rowKeys } from './keys.ts';
import type { Entity } from './table.ts';
import { MAXIMUM_PROPERTY } from './text.ts';

type UsageRow = { partitionKey: string; rowKey: string; [property: string]: string };

/** `text` as properties `usage0`, `usage1` … */
export function inParts(text: string): Record<string, string> {
  const count = Math.ceil(text.length / MAXIMUM_PROPERTY);
  const parts = Array.from({ length: count }, (_, index) => text.slice(index * MAXIMUM_PROPERTY, (index + 1) * MAXIMUM_PROPERTY));
  return Object.fromEntries(parts.map((part, index) => [`usage${index}`, part]));
}

export function fromParts(row: Record<string, unknown>): unknown {
  const parts: string[] = [];
  for (let index = 0; typeof row[`usage${index}`] === 'string'; index++) parts.push(row[`usage${index}`] as string);
  return JSON.parse(parts.join('') || '{}');
}

/** The whole row is replaced: it may have had more properties. */
export function usageAction(mailbox: string, { usage, etag }: UsageChange): [string, UsageRow, ...unknown[]] & TransactionAction {
  const row: UsageRow = { partitionKey: encodeKey(mailbox), rowKey: rowKeys.usage, ...inParts(JSON.stringify(usage)) };
  return etag === undefined ? ['create', row] : ['update', row, 'Replace', { etag }];
}

export const fromUsageEntity = (row: Entity): MailboxUsage => ({ ...EMPTY_USAGE, ...(fromParts(row) as MailboxUsage) });
