// What waits and why, and which send requests need a person: for the overview of operators.
import { hasFailures, type SendRequestFilter } from './filter.ts';
import type { State } from './lifecycle.ts';
import type { SendRequestRecord } from './send-request.ts';

interface AttentionRow {
  meaning: string;
  /** Lists them: $filter, and what it asks for. */
  filter: string;
  asks: SendRequestFilter;
  is: (record: SendRequestRecord) => boolean;
  /** Only what has been so for a time. */
  isLong?: (record: SendRequestRecord, nowMs: number) => boolean;
}

/** A look after the grace settles most doubts; one that lasts longer asks why the mailbox cannot be searched. */
const LONG_DOUBT_MS = 3_600_000;

export const ATTENTION = {
  unaccounted: {
    meaning: 'nobody knows whether the mail went out',
    filter: "status eq 'unaccounted'",
    asks: { status: 'unaccounted' },
    is: ({ status }) => status === 'unaccounted',
  },
  deadLettered: {
    meaning: 'the queue has given the mail up',
    filter: "status eq 'deadLettered'",
    asks: { status: 'deadLettered' },
    is: ({ status }) => status === 'deadLettered',
  },
  longInDoubt: {
    meaning: 'in doubt for more than an hour',
    filter: "status eq 'inDoubt'",
    asks: { status: 'inDoubt' },
    is: ({ status }) => status === 'inDoubt',
    isLong: ({ doubt, lastModifiedDateTime }, nowMs) => nowMs - Date.parse(doubt?.since ?? lastModifiedDateTime) > LONG_DOUBT_MS,
  },
  partlyFailed: {
    meaning: 'the mail went out, and a recipient failed',
    filter: "hasFailures eq true and status ne 'failed'",
    asks: { failedFrom: 1, statusNot: ['failed'] },
    is: (record) => hasFailures(record) && record.status !== 'failed',
  },
} as const satisfies Record<string, AttentionRow>;

export type AttentionKind = keyof typeof ATTENTION;
export const ATTENTION_KINDS = Object.keys(ATTENTION) as AttentionKind[];

export const attentionRow = (kind: AttentionKind): AttentionRow => ATTENTION[kind];

export const attentionOf = (record: SendRequestRecord): AttentionKind[] => ATTENTION_KINDS.filter((kind) => ATTENTION[kind].is(record));

export interface Waiting {
  status: State;
  /**
   * `answer` of Graph, `look` into the mailbox, `copy` in Sent Items, `sendAt`: the time that the caller wishes, `turn`: nothing but its
   * turn; or the code of the last error; or the pause or limit that held it last.
   */
  reason: string;
}

/** Of states that wait for one thing only. */
const AWAITS: { readonly [state in State]?: string } = { submitting: 'answer', inDoubt: 'look', accepted: 'copy', sent: 'copy' };

export function waitingOf({ status, sendAt, nextAttemptDateTime, error, heldBy }: SendRequestRecord): Waiting {
  const isLater = sendAt !== undefined && sendAt === nextAttemptDateTime;
  const before = status === 'deferred' ? (error?.code ?? heldBy) : heldBy;
  return { status, reason: AWAITS[status] ?? before ?? (isLater ? 'sendAt' : 'turn') };
}

export interface WaitingCount extends Waiting {
  count: number;
}

/** Counts by state and reason, most first. */
export function countWaiting(all: readonly Waiting[]): WaitingCount[] {
  const counts = new Map<string, WaitingCount>();
  for (const { status, reason } of all) {
    const key = `${status} ${reason}`;
    const count = counts.get(key) ?? { status, reason, count: 0 };
    count.count++;
    counts.set(key, count);
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}
