// Pausing and resuming an application, a mailbox, or everything: with who and why in the audit log.
import type { Caller } from '../../domain/accept/caller.ts';
import { type Pause, type PauseScope, pauseIdOf } from '../../domain/act/pauses.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';

export interface PauseOrder {
  scope: PauseScope;
  /** Canonical mailbox, or application id. */
  name?: string;
  reason: string;
}

/** A mailbox is a property of its own, which telemetry may hash; an application is named by its id. */
const subjectOf = (scope: PauseScope, name: string | undefined) => ({
  paused: scope === 'application' ? `application ${name}` : scope,
  mailbox: scope === 'mailbox' ? name : undefined,
});

/** Throws StoreUnavailable. */
export async function setPause(context: Context, caller: Caller, { scope, name, reason }: PauseOrder): Promise<Pause> {
  const pause: Pause = {
    id: pauseIdOf(scope, name),
    scope,
    ...(name !== undefined && { name }),
    reason,
    setBy: caller.application,
    setDateTime: nowOf(context),
  };
  await context.pauses.set(pause);
  context.telemetry.event('operatorAction', { application: caller.application, action: 'pause', ...subjectOf(scope, name), reason });
  return pause;
}

export type ResumeOrder = Omit<PauseOrder, 'reason'> & { reason?: string };

/** False if nothing was paused under this name. The pause of a blocked account ends with that of its mailbox. Throws StoreUnavailable. */
export async function liftPause(context: Context, caller: Caller, { scope, name, reason }: ResumeOrder): Promise<boolean> {
  const account = scope === 'mailbox' && name !== undefined ? await context.accountPauses.current(name) : undefined;
  if (account && name !== undefined) await context.accountPauses.lift(name);
  const lifted = await context.pauses.lift(pauseIdOf(scope, name));
  if (!lifted && !account) return false;
  context.telemetry.event('operatorAction', { application: caller.application, action: 'resume', ...subjectOf(scope, name), reason });
  return true;
}
