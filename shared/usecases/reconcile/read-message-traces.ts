// Reads what message trace says of a mailbox's mails: in windows, not mail by mail.

import { addressKey } from '../../domain/address/address.ts';
import { timeOfId } from '../../domain/log/send-request-id.ts';
import { isTraceDue, traceEvent, traceWindow } from '../../domain/reconcile/message-trace.ts';
import type { RecipientReport } from '../../domain/reconcile/recipients.ts';
import type { WatchedMailbox } from '../../ports/mailbox-registry.ts';
import type { TraceRow, TraceWindow } from '../../ports/message-trace.ts';
import type { Agenda } from '../../ports/status-log.ts';
import type { Context } from '../context.ts';
import { guidOf, nowOf } from '../context.ts';
import type { Stored } from '../log/write-log.ts';
import { requestsSentAs, requestTo } from './correlate.ts';
import { MailboxUnreadable } from './mailbox-unreadable.ts';
import { recordReport } from './record-report.ts';

const MAXIMUM_PAGES = 10;
/** Messages that are new to this process and looked up in the log in one visit: the next one goes on. */
const MAXIMUM_MESSAGES = 2_000;

const keyOf = ({ id, recipient, status }: TraceRow): string => `${id} ${recipient} ${status}`;

const lineOf = ({ recipient, status, receivedDateTime }: TraceRow): RecipientReport[] => {
  const event = traceEvent(status);
  return event ? [{ address: recipient, event, dateTime: receivedDateTime, evidence: 'messageTrace' }] : [];
};

/** Members of groups have rows of their own: only those whom the mail was sent to are followed. */
async function record(context: Context, stored: Stored, rows: readonly TraceRow[], shared: boolean): Promise<void> {
  const lines = rows.flatMap(lineOf);
  await recordReport(context, stored, {
    fact: `trace-${rows[0]?.id.slice(-16)}`,
    evidence: 'messageTrace',
    proves: !shared,
    about: (recipients) => {
      const sentTo = new Set(recipients.map(({ address }) => addressKey(address)));
      return lines.filter(({ address }) => sentTo.has(addressKey(address)));
    },
  });
}

async function follow(context: Context, watched: WatchedMailbox, messageId: string, rows: readonly TraceRow[]): Promise<void> {
  const found = await requestsSentAs(context, watched, messageId);
  const [only] = found;
  if (only && found.length === 1) return record(context, only, rows, false);
  for (const row of rows) {
    const match = await requestTo(context, found, [row.recipient]);
    if (match) await record(context, match.stored, [row], true);
  }
}

/** How many messages were looked up. */
async function followAll(context: Context, watched: WatchedMailbox, rows: readonly TraceRow[], atMost: number): Promise<number> {
  const news = rows.filter((row) => !context.recentTraces.has(keyOf(row)));
  const byMessage = new Map<string, TraceRow[]>();
  for (const row of news) {
    const { internetMessageId } = row;
    if (internetMessageId) byMessage.set(internetMessageId, [...(byMessage.get(internetMessageId) ?? []), row]);
  }
  const followed = [...byMessage].slice(0, atMost);
  for (const [messageId, own] of followed) {
    await follow(context, watched, messageId, own);
    for (const row of own) context.recentTraces.add(keyOf(row));
  }
  return followed.length;
}

function windowOf(context: Context, { traceReadUntil }: WatchedMailbox, { awaiting, others }: Agenda): TraceWindow {
  const times = [...awaiting, ...others].map(({ id }) => timeOfId(id));
  // If none is open, an unaccounted one may still be accounted for.
  const oldest = times.length > 0 ? new Date(Math.min(...times)).toISOString() : undefined;
  return traceWindow(traceReadUntil, nowOf(context), oldest);
}

/**
 * Until when the trace was read, or undefined if it was not its turn, or if there is more to read. `mailboxes`: how many share Graph's allowance.
 * Throws MailboxUnreadable if Graph refuses.
 */
export async function readMessageTraces(
  context: Context,
  watched: WatchedMailbox,
  mailboxes: number,
  agenda: Agenda,
): Promise<string | undefined> {
  if (!context.rules.messageTrace || !isTraceDue(watched.traceReadUntil, nowOf(context), mailboxes)) return undefined;
  const window = windowOf(context, watched, agenda);
  let from: { link: string } | TraceWindow = window;
  let left = MAXIMUM_MESSAGES;
  for (let pages = 0; pages < MAXIMUM_PAGES; pages++) {
    const call = { mailbox: watched.mailbox, clientRequestId: guidOf(context), timeoutMs: context.rules.graphTimeoutMs };
    const answer = await context.messageTrace.list(call, from);
    if (answer.kind !== 'answered' || answer.status !== 200 || !answer.body) throw new MailboxUnreadable('the message trace', answer);
    left -= await followAll(context, watched, answer.body.rows, left);
    if (left <= 0) return undefined;
    if (!answer.body.nextLink) break;
    from = { link: answer.body.nextLink };
  }
  return window.until;
}
