// Step 4 of a mail's way: a new copy in Sent Items proves the request that it belongs to.
import { type MailboxCopy, namedRequest, type Tie, tieOf } from '../../domain/doubt/copies.ts';
import { idOfMessageId } from '../../domain/doubt/marks.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { timeOfId } from '../../domain/log/send-request-id.ts';
import { isDraftOnly } from '../../domain/operations.ts';
import type { DeltaPage, GraphAnswer } from '../../ports/graph-mail.ts';
import type { WatchedMailbox } from '../../ports/mailbox-registry.ts';
import type { Agenda } from '../../ports/status-log.ts';
import type { Context } from '../context.ts';
import { guidOf } from '../context.ts';
import type { Found } from '../doubt/look-in-mailbox.ts';
import { foundIntent, writeFound } from '../doubt/settle-doubt.ts';
import { type Stored, type Written, writeEvents } from '../log/write-log.ts';
import { MailboxUnreadable } from './mailbox-unreadable.ts';

/** Clocks differ: a reading that starts anew begins this much before the oldest open request. */
const SLACK_MS = 3_600_000;
/** Pages of one run: the next run goes on where this one stopped. */
const MAXIMUM_PAGES = 20;
/** One mailbox's Sent Items may take this long in one run: other mailboxes wait. */
const BUDGET_MS = 45_000;

/**
 * Requests that a copy may count for: the one it names, else those that share its Message-ID, accepted ones first. A request that only
 * made a draft has no copy: its mail is the one's that sent the draft.
 */
async function candidates(context: Context, mailbox: string, copy: MailboxCopy): Promise<Stored[]> {
  const named = namedRequest(copy);
  if (named) {
    const stored = await context.log.read(mailbox, named);
    if (stored && !isDraftOnly(stored.value.operation)) return [stored];
    if (!stored && copy.mark !== undefined) return [];
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

/**
 * A Message-ID that Exchange assigned, or a caller set, says nothing of whether what we put in survives; nor does a draft that somebody
 * else made, nor MIME that travelled as JSON.
 */
const provesMarks = (copy: MailboxCopy, tie: Tie, { format, claim }: SendRequestRecord): boolean =>
  format !== 'none' &&
  !(format === 'mime' && claim?.assembled) &&
  (tie === 'mark' || idOfMessageId(copy.internetMessageId ?? '') !== undefined);

/** How a copy counts for this request, if it does. A doubtful request takes a shared copy only by its own look, which counts who else has a claim on it. */
function claimOn(copy: MailboxCopy, stored: Stored): Tie | undefined {
  const tie = waitsForCopy(stored) ? tieOf(copy, stored.value) : undefined;
  return tie === 'shared' && stored.value.acceptedDateTime === undefined ? undefined : tie;
}

/** Whether a copy has proved its request. */
async function hasProved(context: Context, { copy, tie, stored }: Claim, written: Written): Promise<boolean> {
  if (written.kind !== 'written') return false;
  if (provesMarks(copy, tie, stored.value)) await context.proofs.noteMatch(stored.value.format, tie);
  return true;
}

async function vouch(context: Context, mailbox: string, copy: MailboxCopy): Promise<boolean> {
  for (const stored of await candidates(context, mailbox, copy)) {
    const tie = claimOn(copy, stored);
    if (!tie) continue;
    const written = await writeFound(context, stored, { copy, tie });
    if (written.kind !== 'copyClaimed') return hasProved(context, { copy, tie, stored }, written);
  }
  return false;
}

interface Claim extends Found {
  stored: Stored;
}

/**
 * Of the copies of one page those that name their request are read and written together: nearly all do. The others are looked up one by one, and after those, since
 * a copy that names its request is not for another one.
 */
async function vouchForPage(context: Context, mailbox: string, copies: readonly MailboxCopy[]): Promise<number> {
  const ids = copies.flatMap((copy) => namedRequest(copy) ?? []);
  const named = new Map((ids.length > 0 ? await context.log.readAll(mailbox, ids) : []).map((stored) => [stored.value.id, stored]));
  const claims = new Map<string, Claim>();
  const others: MailboxCopy[] = [];
  for (const copy of copies) {
    const id = namedRequest(copy) ?? '';
    const stored = named.get(id);
    if (stored && !isDraftOnly(stored.value.operation) && !claims.has(id)) {
      const tie = claimOn(copy, stored);
      if (tie) claims.set(id, { copy, tie, stored });
    } else if (stored || copy.mark === undefined) others.push(copy);
  }
  let found = await vouchTogether(context, mailbox, [...claims.values()]);
  for (const copy of others) if (await vouch(context, mailbox, copy)) found++;
  return found;
}

/** Throws the first error, after what was written has counted. */
async function vouchTogether(context: Context, mailbox: string, claims: readonly Claim[]): Promise<number> {
  if (claims.length === 0) return 0;
  const results = await writeEvents(
    context,
    mailbox,
    claims.map((claim) => foundIntent(context, claim.stored, claim)),
  );
  let found = 0;
  for (const [n, result] of results.entries()) {
    if (result.status === 'fulfilled' && (await hasProved(context, claims[n] as Claim, result.value))) found++;
  }
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return found;
}

export interface SentItemsRead {
  deltaLink?: string;
  found: number;
}

/** Where a first reading, or one after an expired token, begins: no copy that an open request waits for is older. */
function beginning(context: Context, { awaiting, isCut }: Agenda): string {
  const now = context.clock.now();
  const earliest = now - context.rules.reportWindowMs;
  const from = isCut ? earliest : Math.max(Math.min(now, ...awaiting.map(({ id }) => timeOfId(id))), earliest);
  return new Date(from - SLACK_MS).toISOString();
}

/** 410, or an unknown sync state: the token has expired. A link that is refused for another reason is not used again either. */
const isExpired = (answer: GraphAnswer<DeltaPage>): boolean =>
  answer.kind === 'answered' && (answer.status === 410 || answer.status === 400 || answer.code === 'SyncStateNotFound');

/** Reads new Sent Items since the last run. Throws MailboxUnreadable if Graph refuses. */
export async function readSentItems(
  context: Context,
  { mailbox, sentItemsDeltaLink }: WatchedMailbox,
  agenda: Agenda,
): Promise<SentItemsRead> {
  let from: { link: string } | { since: string } = sentItemsDeltaLink
    ? { link: sentItemsDeltaLink }
    : { since: beginning(context, agenda) };
  let found = 0;
  const begun = context.clock.now();
  for (let pages = 0; pages < MAXIMUM_PAGES; pages++) {
    const call = { mailbox, clientRequestId: guidOf(context), timeoutMs: context.rules.graphTimeoutMs };
    const answer = await context.graph.sentItemsDelta(call, from);
    if ('link' in from && isExpired(answer)) {
      from = { since: beginning(context, agenda) };
      continue;
    }
    if (answer.kind !== 'answered' || answer.status !== 200 || !answer.body) throw new MailboxUnreadable('Sent Items', answer);
    found += await vouchForPage(
      context,
      mailbox,
      answer.body.copies.filter(({ removed, isDraft }) => !removed && !isDraft),
    );
    if (answer.body.deltaLink) return { deltaLink: answer.body.deltaLink, found };
    if (!answer.body.nextLink) break;
    from = { link: answer.body.nextLink };
    if (context.clock.now() - begun > BUDGET_MS) break;
  }
  return 'link' in from ? { deltaLink: from.link, found } : { found };
}
