// Cancels or resends every send request that matches a filter, or only lists them. A bounded number at a time.

import pLimit from 'p-limit';
import type { SendRequestFilter } from '../../domain/log/filter.ts';
import { RESENDABLE_STATES, type State } from '../../domain/log/lifecycle.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { SendRequestList } from '../../ports/send-request-list.ts';
import { listSendRequests } from '../log/list-send-requests.ts';

/** Send requests of one call; the caller repeats it while there are more. */
const MAXIMUM = 500;
const CONCURRENCY = 8;
/** A call ends after so many pages, also if hardly any send request on them matches. */
const MAXIMUM_PAGES = 20;

export type BulkAction = 'cancel' | 'resend';

/** The states that an action takes if the filter names none. Unaccounted mail may have gone out, so it is resent only if the filter names it. */
const STATES: Record<BulkAction, readonly State[]> = {
  cancel: ['queued', 'deferred'],
  resend: RESENDABLE_STATES.filter((state) => state !== 'unaccounted'),
};

export interface ActedOn {
  record: SendRequestRecord;
  /** Absent in a dry run. */
  result?: { done: boolean; detail: string };
}

export interface ActedByFilter {
  each: ActedOn[];
  /** There may be more of them: repeat the call. */
  more: boolean;
  /** How many match and are left to a person, who can resend each by its id. */
  leftOut: number;
}

/** Whether a send request is left to a person. */
type IsLeftOut = (record: SendRequestRecord) => Promise<boolean>;

/** The send requests of a page on which the action is done. Those that were resent before are not among them; those left out are counted. */
async function sorted(
  page: readonly SendRequestRecord[],
  action: BulkAction,
  isLeftOut: IsLeftOut,
): Promise<{ taken: SendRequestRecord[]; leftOut: number }> {
  const candidates = page.filter((record) => action === 'cancel' || record.resentAs === undefined);
  const left = await pLimit(CONCURRENCY).map(candidates, isLeftOut);
  const taken = candidates.filter((_, index) => !left[index]);
  return { taken, leftOut: candidates.length - taken.length };
}

/** The send requests that match, at most as many as one call may act on. */
async function meant(
  list: SendRequestList,
  action: BulkAction,
  filter: SendRequestFilter,
  isLeftOut: IsLeftOut,
): Promise<{ records: SendRequestRecord[]; more: boolean; leftOut: number }> {
  const records: SendRequestRecord[] = [];
  let leftOut = 0;
  for (const status of filter.status ? [filter.status] : STATES[action]) {
    let after: string | undefined;
    for (let pages = 0; ; pages++) {
      if (records.length >= MAXIMUM || pages === MAXIMUM_PAGES) return { records, more: true, leftOut };
      const page = await listSendRequests(list, { filter: { ...filter, status }, top: MAXIMUM - records.length, ...(after && { after }) });
      const of = await sorted(page.records, action, isLeftOut);
      records.push(...of.taken);
      leftOut += of.leftOut;
      if (page.next === undefined) break;
      after = page.next;
    }
  }
  return { records, more: false, leftOut };
}

/** Without `act` this is a dry run. */
export async function actByFilter(
  list: SendRequestList,
  action: BulkAction,
  filter: SendRequestFilter,
  isLeftOut: IsLeftOut,
  act?: (record: SendRequestRecord) => Promise<{ done: boolean; detail: string }>,
): Promise<ActedByFilter> {
  const { records, ...rest } = await meant(list, action, filter, isLeftOut);
  if (!act) return { each: records.map((record) => ({ record })), ...rest };
  const each = await pLimit(CONCURRENCY).map(records, async (record) => ({ record, result: await act(record) }));
  return { each, ...rest };
}
