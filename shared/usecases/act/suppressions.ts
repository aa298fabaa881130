// Listing suppressed addresses, and lifting one: with who and why in the audit log.
import type { Caller } from '../../domain/accept/caller.ts';
import type { SuppressionPage } from '../../ports/suppressions.ts';
import type { Context } from '../context.ts';

/** Throws StoreUnavailable. */
export const listSuppressions = (
  context: Pick<Context, 'suppressions'>,
  query: { top: number; after?: string },
): Promise<SuppressionPage> => context.suppressions.page(query);

/** False if the address is not suppressed. Mail that is held for it goes out within a quarter of an hour. Throws StoreUnavailable. */
export async function liftSuppression(context: Context, caller: Caller, address: string, reason: string | undefined): Promise<boolean> {
  if (!(await context.suppressions.lift(address))) return false;
  context.telemetry.event('operatorAction', { application: caller.application, action: 'liftSuppression', reason });
  return true;
}
