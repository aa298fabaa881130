// A sender policy for tests: one application with everything, one with little, one for people's tokens.
import type { Caller } from '../../../shared/domain/accept/caller.ts';
import { readSenderPolicy, type SenderPolicy } from '../../../shared/domain/accept/sender-policy.ts';

export const BILLING = '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1001';
export const ALERTS = '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1002';
export const OBJECT_ID = '0b4e7e7e-5a0f-4a53-8f6e-3b1a4c1d2e3f';

export const document = {
  mailboxes: [{ name: 'Invoices@contoso.com', otherNames: ['billing@contoso.com', OBJECT_ID.toUpperCase()] }, { name: 'ceo@contoso.com' }],
  applications: [
    {
      name: 'Billing',
      applicationId: BILLING.toUpperCase(),
      mailboxes: ['billing@contoso.com'],
      from: ['NoReply@contoso.com', '*@invoices.contoso.com'],
      mailsPerMinute: 3,
      mailsPerDay: 5,
      recipientsPerMail: 2,
      maximumMessageSize: 2000,
      recipientDomains: ['example.com', '*.example.org'],
      requireIdempotencyKey: true,
    },
    { name: 'Alerts', applicationId: ALERTS, mailboxes: ['*@alerts.contoso.com'], delegated: true },
  ],
};

export function policyOf(value: unknown = document): SenderPolicy {
  const read = readSenderPolicy(value);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.policy;
}

export const caller = (application: string, more: Partial<Caller> = {}): Caller => ({
  application,
  roles: ['SendRequests.Create'],
  delegated: false,
  ...more,
});
