// Finds the send request that a copy or a report belongs to. What belongs to nobody is counted, never guessed.
import { idOfMessageId } from '../domain/marks.ts';
import { candidateMessageIds } from '../domain/report-events.ts';
import type { Report } from '../domain/reports/report.ts';
import type { SendRequestRecord } from '../domain/send-request.ts';
import { isSendRequestId } from '../domain/send-request-id.ts';
import type { Context } from './context.ts';
import type { Stored } from './write-log.ts';

/** Requests that were accepted or submitted at some time: the only ones that a report can be about. */
const submittedOnce = (record: SendRequestRecord): boolean => record.firstAttemptDateTime !== undefined;

async function byMessageId(context: Context, mailbox: string, messageId: string): Promise<Stored | 'shared' | undefined> {
  const own = idOfMessageId(messageId);
  if (own) {
    const stored = await context.log.read(mailbox, own);
    if (stored) return stored;
  }
  const stored: Stored[] = [];
  for (const id of await context.log.withMessageId(mailbox, messageId)) {
    const one = await context.log.read(mailbox, id);
    if (one && submittedOnce(one.value)) stored.push(one);
  }
  return stored.length > 1 ? 'shared' : stored[0];
}

/** The request that a report is about, in the order In-Reply-To, References, returned original, header. */
export async function requestOfReport(context: Context, mailbox: string, report: Report): Promise<Stored | undefined> {
  for (const messageId of candidateMessageIds(report)) {
    const found = await byMessageId(context, mailbox, messageId);
    // A Message-ID that several requests share tells nothing by itself; our header in the returned original may.
    if (found === 'shared') break;
    if (found) return found;
  }
  const header = report.correlation.sendRequestHeader?.toLowerCase();
  return header && isSendRequestId(header) ? context.log.read(mailbox, header) : undefined;
}
