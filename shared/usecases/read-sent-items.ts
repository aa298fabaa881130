// Step 4 of a mail's way: what is new in Sent Items vouches for the requests it belongs to.
import { type MailboxCopy, namedRequest, type Tie, tieOf } from '../domain/copies.ts';
import { after } from '../domain/duration.ts';
import { idOfMessageId } from '../domain/marks.ts';
import type { WatchedMailbox } from '../ports/mailbox-registry.ts';
import type { Context } from './context.ts';
import { guidOf, nowOf } from './context.ts';
import { MailboxUnreadable } from './mailbox-unreadable.ts';
import { writeFound } from './settle-doubt.ts';
import type { Stored } from './write-log.ts';

/** How far back a first run, or one after an expired delta token, reads. */
const SLACK_MS = 3_600_000;
/** Pages of one run: the next run goes on where this one stopped. */
const MAXIMUM_PAGES = 20;

/** Requests that a copy may count for: the one it names, else those that share its Message-ID, accepted ones first. */
async function candidates(context: Context, mailbox: string, copy: MailboxCopy): Promise<Stored[]> {
  const named = namedRequest(copy);
  if (named) {
    const stored = await context.log.read(mailbox, named);
    if (stored || copy.mark !== undefined) return stored ? [stored] : [];
  }
  if (!copy.internetMessageId) return [];
  const found: Stored[] = [];
  for (const id of await context.log.withMessageId(mailbox, copy.internetMessageId)) {
    const stored = await context.log.read(mailbox, id);
    if (stored) found.push(stored);
  }
  const rank = ({ value }: Stored) => (value.acceptedDateTime === undefined ? 1 : 0);
  return found.sort((a, b) => rank(a) - rank(b) || a.value.createdDateTime.localeCompare(b.value.createdDateTime));
}

/** Only these can still learn something from a copy in Sent Items. */
const waitsForCopy = ({ value }: Stored): boolean =>
  value.copyId === undefined && (value.firstAttemptDateTime !== undefined || value.acceptedDateTime !== undefined);

/** A Message-ID that Exchange assigned, or a caller set, says nothing of whether what we put in survives. */
const provesMarks = (copy: MailboxCopy, tie: Tie): boolean => tie === 'mark' || idOfMessageId(copy.internetMessageId ?? '') !== undefined;

async function vouch(context: Context, mailbox: string, copy: MailboxCopy): Promise<boolean> {
  for (const stored of (await candidates(context, mailbox, copy)).filter(waitsForCopy)) {
    const tie = tieOf(copy, stored.value);
    if (!tie) continue;
    // A doubtful request takes a shared copy only by its own look, which counts who else has a claim on it.
    if (tie === 'shared' && stored.value.acceptedDateTime === undefined) continue;
    const written = await writeFound(context, stored, { kind: 'found', copy, tie });
    if (written.kind === 'copyClaimed') continue;
    if (written.kind === 'written' && provesMarks(copy, tie)) await context.proofs.noteMatch(stored.value.format, tie);
    return written.kind === 'written';
  }
  return false;
}

export interface SentItemsRead {
  deltaLink?: string;
  found: number;
}

/** Reads new Sent Items since the last run. Throws MailboxUnreadable where Graph refuses. */
export async function readSentItems(context: Context, watched: WatchedMailbox): Promise<SentItemsRead> {
  const bounded = {
    since: after(
      watched.touchedDateTime < nowOf(context) ? watched.touchedDateTime : nowOf(context),
      -SLACK_MS - context.rules.reportWindowMs,
    ),
  };
  let from: { link: string } | { since: string } = watched.sentItemsDeltaLink ? { link: watched.sentItemsDeltaLink } : bounded;
  let found = 0;
  for (let pages = 0; pages < MAXIMUM_PAGES; pages++) {
    const call = { mailbox: watched.mailbox, clientRequestId: guidOf(context), timeoutMs: context.rules.graphTimeoutMs };
    const answer = await context.graph.sentItemsDelta(call, from);
    // 410, or an unknown sync state: the token has expired, so start again with a bounded window.
    if (answer.kind === 'answered' && (answer.status === 410 || answer.code === 'SyncStateNotFound') && 'link' in from) {
      from = bounded;
      continue;
    }
    if (answer.kind !== 'answered' || answer.status !== 200 || !answer.body) throw new MailboxUnreadable('Sent Items', answer);
    for (const copy of answer.body.copies) {
      if (!copy.removed && !copy.isDraft && (await vouch(context, watched.mailbox, copy))) found++;
    }
    if (answer.body.deltaLink) return { deltaLink: answer.body.deltaLink, found };
    if (!answer.body.nextLink) break;
    from = { link: answer.body.nextLink };
  }
  return 'link' in from ? { deltaLink: from.link, found } : { found };
}
