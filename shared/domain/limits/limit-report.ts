// Which limit a report of our own account speaks of, by its enhanced status code.
import type { LimitName } from './account.ts';

/** Microsoft, "Email non-delivery reports and SMTP errors in Exchange Online", and the announcement of the tenant's limit. */
const LIMITS: Readonly<Record<string, LimitName>> = {
  '5.1.90': 'recipientsPerDay',
  // With these words of our own account: the submission quota. As a recipient's failure it is a full mailbox.
  '5.2.2': 'recipientsPerDay',
  '5.7.232': 'tenantExternalRecipientsPerDay',
  '5.7.233': 'tenantExternalRecipientsPerDay',
};

/** `statusCode`: of a report that blames our own account. Undefined: it is about something else. */
export const reportedLimit = (statusCode: string): LimitName | undefined =>
  Object.hasOwn(LIMITS, statusCode) ? LIMITS[statusCode] : undefined;
