// The timer's work: publishes what is left in the outboxes of all mailboxes. It guarantees that events are published; all else only makes it quicker.
import pLimit from 'p-limit';
import { mayBeSetAside, mayUnmark } from '../../domain/log/outbox-rules.ts';
import type { MarkedMailbox } from '../../ports/outbox.ts';
import { type EventsContext, type MailboxPublished, publishMailbox, type RefusedEvents } from './publish-mailbox.ts';

/** Mailboxes at the same time. */
const CONCURRENCY = 8;
/** Well below the next but one run. */
const BUDGET_MS = 40_000;
/** How many mailboxes are looked at while the topic is out of reach, for the age of the oldest event. */
const LOOKED_AT = 50;

interface Total {
  left: number;
  oldest: string | undefined;
  refused: RefusedEvents[];
}

function add(total: Total, { left, oldest, refused }: MailboxPublished): void {
  total.left += left;
  if (oldest !== undefined && (total.oldest === undefined || oldest < total.oldest)) total.oldest = oldest;
  total.refused.push(...refused);
}

/** A mark that no process relies on, of a mailbox in whose outbox nothing is left. */
async function unmark({ clock, outbox }: EventsContext, marked: MarkedMailbox, { left }: MailboxPublished): Promise<void> {
  if (left === 0 && mayUnmark(marked.touchedDateTime, clock.now())) await outbox.unmark(marked);
}

async function look({ outbox }: EventsContext, mailbox: string): Promise<MailboxPublished> {
  const [first] = await outbox.waiting(mailbox, 1);
  return { published: 0, left: first ? 1 : 0, refused: [], ...(first && { oldest: first.since }) };
}

/** An event that is refused for so long would make the later events of its request wait for ever. */
async function setAside({ clock, outbox, telemetry }: EventsContext, { row, reason }: RefusedEvents): Promise<boolean> {
  if (!mayBeSetAside(row.since, clock.now())) return false;
  await outbox.setAside(row, reason);
  telemetry.event('eventSetAside', { sendRequestId: row.id, mailbox: row.mailbox, reason });
  return true;
}

export async function publishOutbox(context: EventsContext): Promise<void> {
  const { clock, outbox, topic, telemetry } = context;
  const started = clock.now();
  const mayGoOn = (): boolean => topic.mayTry() && clock.now() - started < BUDGET_MS;
  const total: Total = { left: 0, oldest: undefined, refused: [] };
  let looks = LOOKED_AT;
  await pLimit(CONCURRENCY).map(await outbox.marked(), async (marked) => {
    if (mayGoOn()) {
      const done = await publishMailbox(context, marked.mailbox, mayGoOn, { reduces: true });
      add(total, done);
      return unmark(context, marked, done);
    }
    if (looks-- > 0) add(total, await look(context, marked.mailbox));
    return undefined;
  });
  let refusal: string | undefined;
  for (const one of total.refused) {
    if (await setAside(context, one)) total.left--;
    else refusal = one.reason;
  }
  if (total.left <= 0 || total.oldest === undefined) return;
  telemetry.event('eventsWaiting', {
    left: total.left,
    ageSeconds: Math.max(0, Math.round((clock.now() - Date.parse(total.oldest)) / 1000)),
    reason: topic.reason ?? refusal,
  });
}
