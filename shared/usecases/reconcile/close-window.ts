// An accepted mail without further news: its copy is searched for a few times, and the report window closes.

import { mayForget } from '../../domain/act/kept-content.ts';
import { canonicalMailbox } from '../../domain/address/mailbox-name.ts';
import { after, inWords } from '../../domain/duration.ts';
import type { LifecycleEvent } from '../../domain/log/apply-event.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import { COPY_LOOKS_MS } from '../../domain/reconcile/due.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';
import { lookInMailbox } from '../doubt/look-in-mailbox.ts';
import { writeFound } from '../doubt/settle-doubt.ts';
import { changeOf, type Stored, unlessChanged, type Written, writeEvents, writeIfUnchanged } from '../log/write-log.ts';

/** How long after the report window a mailbox may be unreadable before its accepted requests are closed all the same. */
const LAST_LOOK_WITHIN_MS = 86_400_000;

/** An accepted mail whose copy lies in Drafts for this time may be an unsent draft: an operator hears of it. */
const IN_DRAFTS_MS = 3_600_000;

function noticeInDrafts(context: Context, { id: sendRequestId, mailbox, acceptedDateTime }: SendRequestRecord): void {
  if (after(acceptedDateTime ?? nowOf(context), IN_DRAFTS_MS) > nowOf(context)) return;
  context.telemetry.event('operatorAlert', { sendRequestId, mailbox, rule: 'copy-in-drafts' });
}

/** `nowhere`: the mailbox does not have the copy, or only on its way. */
async function search(context: Context, stored: Stored): Promise<'found' | 'nowhere' | 'cannotLook'> {
  const look = await lookInMailbox(context, stored.value);
  if (look.kind === 'cannotLook') return 'cannotLook';
  if (look.kind === 'absent') return 'nowhere';
  if (look.copy.isDraft) {
    noticeInDrafts(context, stored.value);
    return 'nowhere';
  }
  return (await writeFound(context, stored, look)).kind === 'copyClaimed' ? 'nowhere' : 'found';
}

/** A copy that no delta query showed may be in another folder. Looks that were due while the mailbox could not be read are not repeated later. */
export async function lookForCopy(context: Context, stored: Stored): Promise<void> {
  const { acceptedDateTime, copyLooks = 0 } = stored.value;
  const mayLook = context.rules.graphRights !== 'send';
  if (mayLook && (await search(context, stored)) !== 'nowhere') return;
  const due = COPY_LOOKS_MS.filter((ms) => after(acceptedDateTime ?? nowOf(context), ms) <= nowOf(context)).length;
  const next: SendRequestRecord = { ...stored.value, copyLooks: mayLook ? Math.max(copyLooks + 1, due) : COPY_LOOKS_MS.length };
  // A conflict means that somebody else has just learned something: the next visit sees what.
  await context.log.write(changeOf(next, []), stored.etag);
}

/** Mailboxes that could not be read the last time. */
export type UnreadableMailboxes = ReadonlySet<string>;

/** Not `unaccounted`: an operator would then send a mail again that has most likely arrived. */
const UNREAD = 'accepted by Graph; neither its copy nor reports were looked for, because we have only the right to send';

/** That no report came does not prove delivery, and the outcome says so. It also says if reports could not be read. */
function outcomeOf(
  { status, proof, from, recipientCounts: counts }: SendRequestRecord,
  windowMs: number,
  unreadable: UnreadableMailboxes,
): string {
  const { total: _total, read: _read, notRead: _notRead, ...actions } = counts;
  const reported = Object.values(actions).reduce((sum, count) => sum + count, 0);
  const deaf = unreadable.has(canonicalMailbox(from ?? '') ?? '') ? `, but those to its From, ${from}, could not be read` : '';
  const silence = `no ${reported > 0 ? 'further ' : ''}report within ${inWords(windowMs)}${deaf}`;
  return status === 'sent' || proof !== undefined ? silence : `${silence}, and its copy was never seen in Sent Items`;
}

/** False if the copy was found after all, or if the mailbox could not be read yet. */
async function isNowhere(context: Context, stored: Stored): Promise<boolean> {
  if (stored.value.status !== 'accepted' || context.rules.graphRights === 'send') return true;
  const found = await search(context, stored);
  if (found === 'cannotLook') return after(stored.value.reportWindowEnds ?? '', LAST_LOOK_WITHIN_MS) < nowOf(context);
  return found === 'nowhere';
}

/** What ends a request whose report window is over. */
function windowOver(context: Context, { value }: Stored, unreadable: UnreadableMailboxes): LifecycleEvent {
  const base = { dateTime: nowOf(context), fact: 'window' };
  return context.rules.graphRights === 'send'
    ? { ...base, type: 'reportWindowUnread', detail: UNREAD }
    : { ...base, type: 'reportWindowClosed', detail: outcomeOf(value, context.rules.reportWindowMs, unreadable) };
}

async function forgetContent(context: Context, written: Written): Promise<void> {
  if (written.kind !== 'written' || !mayForget(written.stored.value, context.rules)) return;
  // If it cannot be removed now, the container's lifecycle rule removes it.
  await context.contents.forget(written.stored.value.id).catch(() => undefined);
}

const isOver = (context: Context, { value }: Stored): boolean =>
  value.reportWindowEnds !== undefined && value.reportWindowEnds <= nowOf(context);

export async function closeWindow(context: Context, stored: Stored, unreadable: UnreadableMailboxes): Promise<void> {
  if (!isOver(context, stored) || !(await isNowhere(context, stored))) return;
  await forgetContent(context, await writeIfUnchanged(context, stored, windowOver(context, stored, unreadable)));
}

/** The report windows of mails whose copies were seen: nothing is left to look for, so they are closed together. Throws StoreUnavailable. */
export async function closeSilent(
  context: Context,
  mailbox: string,
  sent: readonly Stored[],
  unreadable: UnreadableMailboxes,
): Promise<void> {
  const over = sent.filter((stored) => isOver(context, stored));
  if (over.length === 0) return;
  const planned = over.map((stored) => unlessChanged(stored, windowOver(context, stored, unreadable)));
  const results = await writeEvents(context, mailbox, planned);
  for (const result of results) if (result.status === 'fulfilled') await forgetContent(context, result.value);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
