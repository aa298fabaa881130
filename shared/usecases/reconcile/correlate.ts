// Finds the send request that a report belongs to. A report without a send request is counted, and never guessed.

import { addressKey, sameAddress } from '../../domain/address/address.ts';
import { idOfMessageId } from '../../domain/doubt/marks.ts';
import { belongsTo, isSendRequestId } from '../../domain/log/send-request-id.ts';
import { isDraftOnly } from '../../domain/operations.ts';
import { candidateMessageIds, namesOf } from '../../domain/reconcile/report-events.ts';
import type { Report } from '../../domain/reports/report.ts';
import type { WatchedMailbox } from '../../ports/mailbox-registry.ts';
import type { Context } from '../context.ts';
import type { Stored } from '../log/write-log.ts';

/** `shared`: several requests have that Message-ID, and only the recipients show which one is meant; that does not prove a submission. */
export interface Match {
  stored: Stored;
  shared?: true;
}

/**
 * The requests that were submitted under a Message-ID: those that have it exactly, else those that have it in another case. What only
 * made a draft submitted nothing: that did the request that sent the draft.
 */
async function requestsWith(context: Context, mailbox: string, messageId: string): Promise<Stored[]> {
  const own = idOfMessageId(messageId);
  const named = own === undefined ? undefined : await context.log.read(mailbox, own);
  if (named && !isDraftOnly(named.value.operation)) return [named];
  const found: Stored[] = [];
  for (const id of await context.log.withMessageId(mailbox, messageId)) {
    const stored = await context.log.read(mailbox, id);
    if (stored?.value.firstAttemptDateTime !== undefined && !isDraftOnly(stored.value.operation)) found.push(stored);
  }
  const exact = found.filter(({ value }) => value.internetMessageId === messageId);
  return exact.length > 0 ? exact : found;
}

/** Of requests with the same Message-ID the one that was sent to this recipient; undefined if none or several were. */
export async function requestTo(context: Context, sharing: readonly Stored[], addresses: readonly string[]): Promise<Match | undefined> {
  const named = new Set(addresses.map(addressKey));
  const meant: Stored[] = [];
  for (const stored of sharing) {
    const recipients = await context.log.recipients(stored.value.mailbox, stored.value.id);
    if (recipients.some(({ address }) => named.has(addressKey(address)))) meant.push(stored);
  }
  const [only] = meant;
  return only && meant.length === 1 ? { stored: only, shared: true } : undefined;
}

/** The one whose recipient the report names by its first name, else by any of its names. */
async function requestToNamed(context: Context, sharing: readonly Stored[], { recipients }: Report): Promise<Match | undefined> {
  const names = recipients.map(namesOf);
  const first = await requestTo(
    context,
    sharing,
    names.flatMap((one) => one.slice(0, 1)),
  );
  return first ?? requestTo(context, sharing, names.flat());
}

/** The id in our header of the returned original. */
function headerOf({ correlation }: Report): string | undefined {
  const header = correlation.sendRequestHeader?.trim().toLowerCase();
  return header !== undefined && isSendRequestId(header) ? header : undefined;
}

/**
 * The request that our header names in place of `only`, if both have had this Message-ID. It may never have been submitted, or have got another
 * Message-ID since, so that `only` is the one that is found by it; but a report on that one would name itself.
 */
async function namedInPlaceOf(context: Context, { value: only }: Stored, messageId: string, report: Report): Promise<Match | undefined> {
  const header = headerOf(report);
  if (header === undefined || header === only.id || !only.callerSetMessageId) return undefined;
  if (!(await context.log.withMessageId(only.mailbox, messageId)).includes(header)) return undefined;
  const named = await context.log.read(only.mailbox, header);
  return named && !isDraftOnly(named.value.operation) ? { stored: named, shared: true } : undefined;
}

/** In the order In-Reply-To, References, returned original, our header in it; of those that share a Message-ID the header tells. */
async function requestOf(context: Context, mailbox: string, report: Report): Promise<Match | undefined> {
  let sharing: Stored[] = [];
  for (const messageId of candidateMessageIds(report)) {
    const found = await requestsWith(context, mailbox, messageId);
    const [only] = found;
    if (only && found.length === 1) return (await namedInPlaceOf(context, only, messageId, report)) ?? { stored: only };
    sharing = found;
    if (found.length > 1) break;
  }
  const header = headerOf(report);
  const named = header === undefined ? undefined : await context.log.read(mailbox, header);
  if (named && isDraftOnly(named.value.operation)) {
    const [sender] = await requestsWith(context, mailbox, named.value.internetMessageId);
    if (sender) return { stored: sender };
  }
  return named ? { stored: named } : requestToNamed(context, sharing, report);
}

/** Ids that the report names, which say themselves whose they are. */
const idsIn = (report: Report): string[] =>
  [...candidateMessageIds(report).map(idOfMessageId), headerOf(report)].filter((id) => id !== undefined);

/** Of a submitter's requests only those that went out with this mailbox as From can be reported on here. */
const wentOutAs = (from: string, { value }: Stored): boolean => sameAddress(value.from ?? '', from);

async function requestOfSubmitter(context: Context, from: string, submitter: string, report: Report): Promise<Match | undefined> {
  const match = await requestOf(context, submitter, report);
  return match && wentOutAs(from, match.stored) ? match : undefined;
}

/** The requests whose mail went out with this mailbox as From under a Message-ID, whichever mailbox has submitted it. */
export async function requestsSentAs(context: Context, watched: WatchedMailbox, messageId: string): Promise<Stored[]> {
  const { mailbox, submitters = [] } = watched;
  const own = idOfMessageId(messageId);
  const named = own === undefined ? submitters : submitters.filter((submitter) => belongsTo(own, submitter.mailbox));
  const found = [...(await requestsWith(context, mailbox, messageId))];
  for (const submitter of named) {
    const theirs = await requestsWith(context, submitter.mailbox, messageId);
    found.push(...theirs.filter((stored) => wentOutAs(mailbox, stored)));
  }
  return found;
}

/** A report comes to the From mailbox, whichever mailbox has submitted the mail. */
export async function requestOfReport(context: Context, watched: WatchedMailbox, report: Report): Promise<Match | undefined> {
  const { mailbox, submitters = [] } = watched;
  const ids = idsIn(report);
  const named = submitters.filter((submitter) => ids.some((id) => belongsTo(id, submitter.mailbox)));
  const matches: Match[] = [];
  const own = await requestOf(context, mailbox, report);
  if (own) matches.push(own);
  for (const submitter of named.length > 0 ? named : submitters) {
    const match = await requestOfSubmitter(context, mailbox, submitter.mailbox, report);
    if (match) matches.push(match);
  }
  if (matches.length < 2) return matches[0];
  const sharing = matches.map(({ stored }) => stored);
  return requestToNamed(context, sharing, report);
}
