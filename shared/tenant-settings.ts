// Settings of what reports say about our own accounts, the tenant, and recipients.
import type { Setting } from './setting.ts';

export const TENANT_SETTINGS = [
  {
    name: 'OWN_ACCOUNT_PAUSE',
    kind: 'duration',
    default: 'PT1H',
    minimum: 1000,
    meaning:
      'If a report says that the account of a mailbox, or the whole tenant, is blocked or over its quota: how long the mailbox is paused at most, and the tenant at least if a test fails. Meanwhile one mail at a time tests it. A daily limit of the tenant holds for its 24 hours',
    example: 'PT1H',
  },
] as const satisfies readonly Setting[];
