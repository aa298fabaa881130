// Settings of what reports say about our own accounts, the tenant, and recipients.
import type { Setting } from './setting.ts';

export const TENANT_SETTINGS = [
  {
    name: 'OWN_ACCOUNT_PAUSE',
    kind: 'duration',
    default: 'PT1H',
    minimum: 1000,
    meaning:
      'If a report says that the account of a mailbox, or the whole tenant, is blocked or over its quota: how long the mailbox is paused at most. Meanwhile one mail at a time tests it. The tenant is held until a test has gone through, whatever this time is',
    example: 'PT1H',
  },
  {
    name: 'SUPPRESSION',
    kind: ['off', 'on'],
    default: 'off',
    meaning:
      "on: mail to an address that Exchange's own report calls non-existent is refused or held, as the sender policy says (`suppressedRecipients`)",
    example: 'on',
  },
  {
    name: 'SUPPRESSION_EXPIRY',
    kind: 'duration',
    default: 'P30D',
    minimum: 3_600_000,
    meaning: 'If SUPPRESSION is on: how long an address is suppressed, counted from the report',
    example: 'P30D',
  },
] as const satisfies readonly Setting[];
