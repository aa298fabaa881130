// Lifts the pauses of accounts whose probe went through, once the reports that could say otherwise have been read.

import { quietUntil } from '../../domain/act/account-pause.ts';
import { canonicalMailbox } from '../../domain/address/mailbox-name.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { PausedAccount } from '../../ports/account-pauses.ts';
import type { WatchedMailbox } from '../../ports/mailbox-registry.ts';
import type { Context } from '../context.ts';

/** Reports on a mail come to its From, and this one could be read the last time. */
function readUntilOf({ mailbox, from }: SendRequestRecord, watched: readonly WatchedMailbox[]): string | undefined {
  const to = (from && canonicalMailbox(from)) ?? mailbox;
  const found = watched.find((one) => one.mailbox === to);
  return found?.error === undefined ? found?.reportsReadUntil : undefined;
}

async function liftIfPassed(context: Context, pause: PausedAccount, watched: readonly WatchedMailbox[]): Promise<void> {
  const { mailbox, probe, reason } = pause;
  const stored = probe && (await context.log.read(mailbox, probe.sendRequestId));
  const quiet = stored && quietUntil(pause, stored.value);
  const readUntil = stored && readUntilOf(stored.value, watched);
  if (!probe || quiet === undefined || readUntil === undefined || Date.parse(readUntil) < Date.parse(quiet)) return;
  if (!(await context.accountPauses.liftAfter(mailbox, probe, readUntil))) return;
  context.telemetry.event('accountPauseLifted', { sendRequestId: probe.sendRequestId, mailbox, reason });
}

/** Throws StoreUnavailable. The registry is read again: this run has just read on. */
export async function liftPauses(context: Context): Promise<void> {
  const probed = (await context.accountPauses.list()).filter(({ probe }) => probe !== undefined);
  if (probed.length === 0) return;
  const watched = (await context.registry.list()).map(({ value }) => value);
  for (const pause of probed) await liftIfPassed(context, pause, watched);
}
