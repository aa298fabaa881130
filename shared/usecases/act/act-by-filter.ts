// Cancels or resends every send request that matches a filter, or only says what would happen. A bounded number at a time.

import pLimit from 'p-limit';
import type { SendRequestFilter } from '../../domain/log/filter.ts';
import { isPartlyResendable, PARTLY_RESENDABLE_STATES, RESENDABLE_STATES, STATES, type State } from '../../domain/log/lifecycle.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { isSortKey } from '../../domain/log/send-request-id.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SendRequestList } from '../../ports/send-request-list.ts';
import { listSendRequests } from '../log/list-send-requests.ts';

/** Send requests of one call; the caller repeats it while there are more. */
const MAXIMUM = 500;
const CONCURRENCY = 8;
/** A call ends after so many pages, also if hardly any send request on them matches. */
const MAXIMUM_PAGES = 20;
/** A call begins nothing more after this time: contents are read from mailboxes, and the HTTP API must answer in time. */
const MAXIMUM_MS = 60_000;

export type BulkAction = 'cancel' | 'resend';

export interface BulkOrder {
  action: BulkAction;
  filter: SendRequestFilter;
  /** Of a resend: `all` takes what nobody got, `failed` also mails that did not reach some of their recipients. */
  recipients: 'all' | 'failed';
  dryRun: boolean;
  reason?: string | undefined;
  /** Where an earlier call has ended. */
  after?: Position | undefined;
}

/** Unaccounted mail may have gone out, so it is resent only if the filter names it. */
const UNSENT = RESENDABLE_STATES.filter((state) => state !== 'unaccounted');

function statesOf({ action, filter, recipients }: BulkOrder): readonly State[] {
  if (filter.status) return [filter.status];
  if (action === 'cancel') return ['queued', 'deferred'];
  return recipients === 'failed' ? [...UNSENT, ...PARTLY_RESENDABLE_STATES] : UNSENT;
}

/** A page of the list. */
export interface Position {
  status: State;
  after?: string;
}

export const positionText = ({ status, after }: Position): string => (after === undefined ? status : `${status}.${after}`);

/** Undefined for a text that we did not make. */
export function readBulkPosition(text: string): Position | undefined {
  const [word, after, ...more] = text.split('.');
  const status = STATES.find((state) => state === word);
  if (!status || more.length > 0 || (after !== undefined && !isSortKey(after))) return undefined;
  return { status, ...(after !== undefined && { after }) };
}

export interface ActedOn {
  record: SendRequestRecord;
  /** In a dry run: whether it would be done. Absent: nothing prevents it. */
  result?: { done: boolean; detail: string };
}

export interface ActedByFilter {
  each: ActedOn[];
  /** There may be more of them: repeat the call from here. */
  next?: Position;
  /** How many match and are left to a person, who can resend each by its id. */
  leftOut: number;
}

/** What is to be done with a send request that matches. `leftOut`: a person must decide. `none`: it was done before, or there is no reason to. */
export type Sort = (record: SendRequestRecord) => Promise<'taken' | 'leftOut' | 'none'>;

export type ActOn = (record: SendRequestRecord) => Promise<ActedOn['result']>;

interface Call {
  order: BulkOrder;
  list: SendRequestList;
  sort: Sort;
  act: ActOn;
  isOver: () => boolean;
}

interface Page {
  each: ActedOn[];
  leftOut: number;
  isWhole: boolean;
  next: string | undefined;
}

/** Of mails that Exchange has, only those that failed for some recipients can be resent. */
const filterOf = ({ action, filter }: BulkOrder, status: State): SendRequestFilter =>
  action === 'resend' && isPartlyResendable(status)
    ? { ...filter, status, failedFrom: Math.max(filter.failedFrom ?? 0, 1) }
    : { ...filter, status };

/** Those that are not begun in time are left to the next call. */
async function actOnPage({ order, list, sort, act, isOver }: Call, { status, after }: Position, top: number): Promise<Page> {
  const page = await listSendRequests(list, { filter: filterOf(order, status), top, ...(after !== undefined && { after }) });
  const sorted = await pLimit(CONCURRENCY).map(page.records, async (record) => ({ record, as: await sort(record) }));
  const taken = sorted.filter(({ as }) => as === 'taken');
  const acted = await pLimit(CONCURRENCY).map(taken, async ({ record }): Promise<ActedOn | undefined> => {
    if (isOver()) return undefined;
    const result = await act(record);
    return { record, ...(result && { result }) };
  });
  const each = acted.filter((one) => one !== undefined);
  return { each, leftOut: sorted.filter(({ as }) => as === 'leftOut').length, isWhole: each.length === taken.length, next: page.next };
}

/** The first page of this state, or of the one after it; undefined at the end. */
function following(states: readonly State[], { status }: Position, next: string | undefined): Position | undefined {
  if (next !== undefined) return { status, after: next };
  const other = states[states.indexOf(status) + 1];
  return other && { status: other };
}

export async function actByFilter(clock: Clock, list: SendRequestList, order: BulkOrder, sort: Sort, act: ActOn): Promise<ActedByFilter> {
  const end = clock.now() + MAXIMUM_MS;
  const call: Call = { order, list, sort, act, isOver: () => clock.now() >= end };
  const states = statesOf(order);
  const each: ActedOn[] = [];
  let leftOut = 0;
  let position: Position | undefined = order.after ?? { status: states[0] as State };
  for (let pages = 0; position && pages < MAXIMUM_PAGES && each.length < MAXIMUM && !call.isOver(); pages++) {
    const page: Page = await actOnPage(call, position, MAXIMUM - each.length);
    each.push(...page.each);
    leftOut += page.leftOut;
    if (page.isWhole) position = following(states, position, page.next);
  }
  return { each, leftOut, ...(position && { next: position }) };
}
