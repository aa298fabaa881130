// What the tests of lists share: send requests that are made, and lists that are read to their end.
import { expect } from 'vitest';
import type { SendRequestFilter } from '../../../shared/domain/log/filter.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { timeOfId } from '../../../shared/domain/log/send-request-id.ts';
import type { SendRequestList } from '../../../shared/ports/send-request-list.ts';
import type { Change, StatusLog } from '../../../shared/ports/status-log.ts';
import { recipients, record } from '../../support/samples.ts';

export const DUE = '2026-01-15T08:05:00.000Z';

/** Not open any more. */
export const SETTLED = { due: undefined } as unknown as Partial<Change>;

/** Ids are made a minute apart; createdDateTime as they say. */
export async function create(
  log: StatusLog,
  mailbox: string,
  more: Partial<SendRequestRecord> = {},
  change: Partial<Change> = {},
): Promise<SendRequestRecord> {
  const made = record(mailbox, more);
  const createdDateTime = new Date(timeOfId(made.id)).toISOString();
  const written = { ...made, createdDateTime };
  const result = await log.create({ record: written, events: [], recipients: recipients(1), due: DUE, ...change });
  expect(result.kind).toBe('written');
  return written;
}

export async function all(list: SendRequestList, mailbox: string, filter: SendRequestFilter, top = 3): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await list.page(mailbox, { filter, top, ...(after !== undefined && { after }) });
    expect(page.records.length).toBeLessThanOrEqual(top);
    ids.push(...page.records.map(({ id }) => id));
    after = page.next;
  } while (after !== undefined);
  return ids;
}

export const idsOf = (records: readonly SendRequestRecord[]) => records.map(({ id }) => id).reverse();
