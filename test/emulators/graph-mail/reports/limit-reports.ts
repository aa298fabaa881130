// Reports of a limit that the sender has reached. Texts: Microsoft's list of non-delivery reports of Exchange Online.
// https://learn.microsoft.com/troubleshoot/exchange/email-delivery/ndr/non-delivery-reports-in-exchange-online
import type { ReportPlan } from './plan.ts';

const refused = (status: string, text: string): ReportPlan => ({ kind: 'failed', status, diagnostic: `smtp;550 ${status} ${text}` });

export const submissionQuota = refused('5.2.2', "The message can't be submitted because the sender's submission quota was exceeded");

export const dailyRecipients = refused(
  '5.1.90',
  "Your message can't be sent because you've reached your daily limit for message recipients",
);

export const tenantExternalRecipients = refused(
  '5.7.233',
  "Your message can't be sent because your tenant exceeded its daily limit for sending email to external recipients (tenant external recipient rate limit)",
);

export const trialTenantExternalRecipients = refused(
  '5.7.232',
  "Your message can't be sent because your trial tenant has exceeded its daily limit for sending email to external recipients (tenant external recipient rate limit)",
);
