// Pausing and resuming an application, a mailbox, or everything: with who and why in the audit log. Pauses of accounts and of the tenant can be listed and lifted.
import type { Caller } from '../../domain/accept/caller.ts';
import { TENANT } from '../../domain/act/account-pause.ts';
import { actorOf } from '../../domain/act/by-whom.ts';
import {
  type ListedAccountPause,
  type ListedScope,
  listedAccountPause,
  type Pause,
  type PauseScope,
  pauseIdOf,
} from '../../domain/act/pauses.ts';
import type { Context } from '../context.ts';
import { nowOf } from '../context.ts';

export interface PauseOrder {
  scope: PauseScope;
  /** Canonical mailbox, or application id. */
  name?: string;
  reason: string;
}

/** A mailbox is a property of its own, which telemetry may hash; an application is named by its id. */
const subjectOf = (scope: ListedScope, name: string | undefined) => ({
  paused: scope === 'application' ? `application ${name}` : scope,
  mailbox: scope === 'mailbox' || scope === 'account' ? name : undefined,
});

/** Those of operators, then those that reports have made. Throws StoreUnavailable. */
export async function listPauses({ pauses, accountPauses }: Context): Promise<(Pause | ListedAccountPause)[]> {
  const [byOperators, accounts] = await Promise.all([pauses.list(), accountPauses.list()]);
  return [...byOperators, ...accounts.map(({ mailbox, ...pause }) => listedAccountPause(mailbox, pause))];
}

/** Throws StoreUnavailable. */
export async function setPause(context: Context, caller: Caller, { scope, name, reason }: PauseOrder): Promise<Pause> {
  const pause: Pause = {
    id: pauseIdOf(scope, name),
    scope,
    ...(name !== undefined && { name }),
    reason,
    setBy: caller.user ?? caller.application,
    setDateTime: nowOf(context),
  };
  await context.pauses.set(pause);
  context.telemetry.event('operatorAction', { ...actorOf(caller, reason), action: 'pause', ...subjectOf(scope, name) });
  return pause;
}

export interface ResumeOrder {
  scope: ListedScope;
  /** Canonical mailbox, or application id. */
  name?: string;
  reason?: string;
}

/** False if it is not paused. `of`: a mailbox, or `TENANT`. */
async function liftAccountPause({ accountPauses }: Context, of: string): Promise<boolean> {
  if (!(await accountPauses.current(of))) return false;
  await accountPauses.lift(of);
  return true;
}

/** Whose pause by a report this order ends. */
function accountOf({ scope, name }: ResumeOrder): string | undefined {
  if (scope === 'tenant') return TENANT;
  return scope === 'mailbox' || scope === 'account' ? name : undefined;
}

/** False if nothing was paused under this name. The pause of a blocked account ends with that of its mailbox, or alone. Throws StoreUnavailable. */
export async function liftPause(context: Context, caller: Caller, order: ResumeOrder): Promise<boolean> {
  const { scope, name, reason } = order;
  const of = accountOf(order);
  const account = of !== undefined && (await liftAccountPause(context, of));
  const lifted = scope !== 'account' && scope !== 'tenant' && (await context.pauses.lift(pauseIdOf(scope, name)));
  if (!lifted && !account) return false;
  context.telemetry.event('operatorAction', { ...actorOf(caller, reason), action: 'resume', ...subjectOf(scope, name) });
  return true;
}
