// The worker's part in a doubt: looks once the grace is over, and only then submits the mail again.
import { doubtIsOfSubmission } from '../../domain/doubt/copies.ts';
import { after } from '../../domain/duration.ts';
import { LOOKS_ON_MS } from '../../domain/reconcile/due.ts';
import { lookAgain, waitUntil } from '../../domain/submit/come-again.ts';
import type { Ending } from '../../domain/submit/ending.ts';
import { giveUp } from '../../domain/submit/final-endings.ts';
import { writeIfUnchanged } from '../log/write-log.ts';
import { attemptSubmission } from '../submit/attempt-submission.ts';
import type { Delivery } from '../submit/delivery.ts';
import { ifAccountPaused } from '../submit/hold-mail.ts';
import { settleDoubt, type UnsentDrafts } from './settle-doubt.ts';

/** The log says that the doubt has ended before the next attempt begins. A pause of the account holds this attempt as it holds every other. */
async function submitAgain(delivery: Delivery, found?: UnsentDrafts): Promise<Ending> {
  const held = await ifAccountPaused(delivery);
  if (held) return held;
  const { context, stored, record, now } = delivery;
  const written = await writeIfUnchanged(context, stored, {
    type: 'notFoundAfterGrace',
    dateTime: now,
    fact: record.claim?.nonce ?? 'none',
    detail: found ? 'still an unsent draft' : 'not in the mailbox',
    ...(found && doubtIsOfSubmission(record) && { patch: { mayHaveGone: true } }),
    clears: ['doubt', 'nextAttemptDateTime'],
  });
  if (written.kind !== 'written') return { kind: 'decideAgain' };
  delivery.goOnWith(written.stored);
  return attemptSubmission(delivery, found);
}

/** A missing copy proves nothing until this tenant is known to keep our marks. On the draft route the item itself was read. */
const absenceCounts = async ({ context, record }: Delivery): Promise<boolean> =>
  record.claim?.route === 'draft' || context.proofs.isProven(record.format);

/** Throws StoreUnavailable. */
export async function resolveDoubt(delivery: Delivery): Promise<Ending> {
  const { context, stored, situation } = delivery;
  const { now, record } = situation;
  const { retry, graphRights } = context.rules;
  const graceUntil = record.doubt?.graceUntil ?? now;
  if (now < graceUntil) return waitUntil(situation, graceUntil);
  if (graphRights === 'send') return giveUp(situation, 'in doubt, and the rights tier "send" may not look into the mailbox');
  const settled = await settleDoubt(context, stored, true);
  if (settled.kind === 'settled') return { kind: 'accepted' };
  if (settled.kind === 'changed') return { kind: 'decideAgain' };
  const looksOn = settled.kind === 'cannotLook' && now < after(record.sendBefore, LOOKS_ON_MS);
  if (now >= record.sendBefore && !looksOn) return giveUp(situation, `still in doubt at the end of its lifetime, ${record.sendBefore}`);
  if (settled.kind === 'cannotLook') return lookAgain(situation, retry);
  if (settled.kind === 'absent' && !(await absenceCounts(delivery))) return lookAgain(situation, retry);
  return submitAgain(delivery, settled.kind === 'unsentDraft' ? settled : undefined);
}
