// The overview of operators: what waits and why, and what needs a person, with examples and the filter that lists them. Bounded work.
import pLimit from 'p-limit';
import {
  ATTENTION_KINDS,
  type AttentionKind,
  attentionRow,
  countWaiting,
  type Waiting,
  type WaitingCount,
} from '../../domain/log/attention.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MailboxRegistry, WatchedMailbox } from '../../ports/mailbox-registry.ts';
import type { OverviewSource } from '../../ports/overview-source.ts';
import type { SendRequestList } from '../../ports/send-request-list.ts';

const CONCURRENCY = 8;
/** One operation each. Those that were touched last come first. */
const MAXIMUM_WAITING_MAILBOXES = 200;
/** Of one mailbox; the count says so if there are more. */
const MAXIMUM_WAITING = 1_000;
/** Mailboxes that are asked for each kind of attention: an index, and the records. */
const MAXIMUM_ATTENTION_MAILBOXES = 20;
const EXAMPLES = 5;
/** What came to need attention earlier can still be listed by its filter. */
const ATTENTION_MS = 7 * 86_400_000;
/** A mailbox is touched every five minutes while mail comes: the last visit may not have seen it yet. */
const YOUNG_MS = 10 * 60_000;

export interface OverviewContext {
  clock: Clock;
  registry: Pick<MailboxRegistry, 'list'>;
  list: SendRequestList;
  source: OverviewSource;
}

export interface Attention {
  kind: AttentionKind;
  meaning: string;
  filter: string;
  /** At least so many. */
  count: number;
  isMore: boolean;
  examples: SendRequestRecord[];
}

export interface UnreadableMailbox {
  mailbox: string;
  error: string;
}

export interface Overview {
  waiting: { counts: WaitingCount[]; isMore: boolean };
  attention: Attention[];
  unreadable: { count: number; examples: UnreadableMailbox[] };
}

async function waitingIn({ source, clock }: OverviewContext, watched: readonly WatchedMailbox[]): Promise<Overview['waiting']> {
  const young = new Date(clock.now() - YOUNG_MS).toISOString();
  const mayWait = watched.filter(({ awaitsMore, touchedDateTime }) => awaitsMore !== false || touchedDateTime > young);
  mayWait.sort((a, b) => (a.touchedDateTime > b.touchedDateTime ? -1 : 1));
  const asked = mayWait.slice(0, MAXIMUM_WAITING_MAILBOXES);
  const found = await pLimit(CONCURRENCY).map(asked, ({ mailbox }) => source.waiting(mailbox, MAXIMUM_WAITING + 1));
  const isMore = asked.length < mayWait.length || found.some((some) => some.length > MAXIMUM_WAITING);
  return { counts: countWaiting(found.flatMap((some): Waiting[] => some.slice(0, MAXIMUM_WAITING))), isMore };
}

async function attentionOf({ list, clock }: OverviewContext, kind: AttentionKind, mailboxes: readonly string[]): Promise<Attention> {
  const { meaning, filter, asks, isLong } = attentionRow(kind);
  const asked = mailboxes.slice(0, MAXIMUM_ATTENTION_MAILBOXES);
  const pages = await pLimit(CONCURRENCY).map(asked, (mailbox) =>
    list.page(mailbox, { filter: asks, top: 4 * EXAMPLES, budget: 10 * EXAMPLES }),
  );
  const records = pages.flatMap((page) => page.records).filter((record) => isLong?.(record, clock.now()) ?? true);
  records.sort((a, b) => (a.createdDateTime > b.createdDateTime ? -1 : 1));
  const isMore = asked.length < mailboxes.length || pages.some(({ next }) => next !== undefined);
  return { kind, meaning, filter, count: records.length, isMore, examples: records.slice(0, EXAMPLES) };
}

export async function overview(context: OverviewContext): Promise<Overview> {
  const { registry, source, clock } = context;
  const [versioned, marks] = await Promise.all([registry.list(), source.attention(clock.now() - ATTENTION_MS)]);
  const watched = versioned.map(({ value }) => value);
  const waiting = await waitingIn(context, watched);
  const attention: Attention[] = [];
  for (const kind of ATTENTION_KINDS) {
    const mailboxes = marks.filter((mark) => mark.kind === kind).map(({ mailbox }) => mailbox);
    if (mailboxes.length > 0) attention.push(await attentionOf(context, kind, mailboxes));
  }
  const unreadable = watched.flatMap(({ mailbox, error }) => (error === undefined ? [] : [{ mailbox, error }]));
  return {
    waiting,
    attention: attention.filter(({ count, isMore }) => count > 0 || isMore),
    unreadable: { count: unreadable.length, examples: unreadable.slice(0, EXAMPLES) },
  };
}
