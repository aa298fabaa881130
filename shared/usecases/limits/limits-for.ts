// The limits that hold for a mail: those of the settings, and what the sender policy lowers.
import { policyLimits } from '../../domain/accept/policy-limits.ts';
import { type LimitRules, limitsOf, type MailboxLimits } from '../../domain/limits/limit-rules.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import { PolicyUnavailable } from '../accept/current-policy.ts';
import type { Context } from '../context.ts';

/** Throws StoreUnavailable, also if there is no usable sender policy: it may have a lower limit. */
export async function limitsFor(
  { policy }: Pick<Context, 'policy'>,
  rules: LimitRules,
  mailbox: string,
  application: string,
): Promise<MailboxLimits> {
  if (!policy) return limitsOf(rules);
  try {
    const { ofMailbox, ofApplication } = policyLimits(await policy.get(), mailbox, application);
    return limitsOf(rules, ofMailbox, ofApplication);
  } catch (error) {
    throw error instanceof PolicyUnavailable ? new StoreUnavailable(error.message, { cause: error }) : error;
  }
}
