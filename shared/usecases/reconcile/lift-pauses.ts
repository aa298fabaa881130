// Lifts the pauses of accounts and of the tenant whose probe went through, once the reports that could say otherwise have been read.

import { quietUntil, TENANT } from '../../domain/act/account-pause.ts';
import { pauseScopeOf } from '../../domain/act/pauses.ts';
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
  const { mailbox: of, probe, reason } = pause;
  if (!probe) return;
  const { sendRequestId, mailbox = of } = probe;
  const stored = await context.log.read(mailbox, sendRequestId);
  const quiet = stored && quietUntil(pause, stored.value);
  const readUntil = stored && readUntilOf(stored.value, watched);
  if (quiet === undefined || readUntil === undefined || Date.parse(readUntil) < Date.parse(quiet)) return;
  if (!(await context.accountPauses.liftAfter(of, probe, readUntil))) return;
  context.telemetry.event('accountPauseLifted', { sendRequestId, mailbox, scope: pauseScopeOf(of), reason });
}

/** Told in every run, so that its alert lasts as long as the pause. */
function tellOfTenant(context: Context, pauses: readonly PausedAccount[]): void {
  const pause = pauses.find(({ mailbox }) => mailbox === TENANT);
  if (pause) context.telemetry.event('tenantPaused', { reason: pause.reason, since: pause.since, until: pause.until });
}

/** Throws StoreUnavailable. The registry is read again: this run has just read on. */
export async function liftPauses(context: Context): Promise<void> {
  const pauses = await context.accountPauses.list();
  tellOfTenant(context, pauses);
  const probed = pauses.filter(({ probe }) => probe !== undefined);
  if (probed.length === 0) return;
  const watched = (await context.registry.list()).map(({ value }) => value);
  for (const pause of probed) await liftIfPassed(context, pause, watched);
}
