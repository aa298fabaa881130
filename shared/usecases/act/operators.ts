// What only operators do, as the HTTP API calls it: pauses, and suppressed addresses.
import type { Caller } from '../../domain/accept/caller.ts';
import type { Context } from '../context.ts';
import { liftPause, listPauses, type PauseOrder, type ResumeOrder, setPause } from './pause-and-resume.ts';
import { liftSuppression, listSuppressions } from './suppressions.ts';

export const operatorActions = (context: Context) => ({
  listPauses: () => listPauses(context),
  pause: (caller: Caller, order: PauseOrder) => setPause(context, caller, order),
  resume: (caller: Caller, order: ResumeOrder) => liftPause(context, caller, order),
  listSuppressions: (page: { top: number; after?: string }) => listSuppressions(context, page),
  liftSuppression: (caller: Caller, address: string, reason: string | undefined) => liftSuppression(context, caller, address, reason),
});
