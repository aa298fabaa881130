// What the sender policy lowers of Exchange's limits, for a mailbox and for an application in it.
import type { ApplicationLimits, LowerLimits } from '../limits/limit-rules.ts';
import type { SenderPolicy } from './sender-policy.ts';

/** `mailbox`: under its canonical name. */
export function policyLimits(
  policy: SenderPolicy,
  mailbox: string,
  application: string,
): { ofMailbox: LowerLimits; ofApplication: ApplicationLimits } {
  const { perMailbox = {} } = policy.applications.get(application.toLowerCase())?.rule ?? {};
  return { ofMailbox: policy.limits.get(mailbox) ?? {}, ofApplication: perMailbox };
}
