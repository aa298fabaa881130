// The settings that say what Exchange allows, and how much of it the queue uses.
import type { Setting } from './setting.ts';

export const LIMIT_SETTINGS = [
  {
    name: 'EXCHANGE_LIMITS',
    kind: ['on', 'off'],
    default: 'on',
    meaning:
      'on: mail that would pass a limit of Exchange waits until it fits; off: nothing is counted, and Exchange returns what is too much',
    example: 'on',
  },
  {
    name: 'MAILBOX_MESSAGES_PER_MINUTE',
    kind: 'integer',
    default: '30',
    minimum: 1,
    maximum: 30,
    meaning: "Mails a minute of one mailbox, at most Exchange's 30. The sender policy can lower it for a mailbox",
    example: '30',
  },
  {
    name: 'MAILBOX_RECIPIENTS_PER_DAY',
    kind: 'integer',
    default: '10000',
    minimum: 1,
    maximum: 10_000,
    meaning: "Recipients in 24 hours of one mailbox, at most Exchange's 10,000. The sender policy can lower it for a mailbox",
    example: '10000',
  },
  {
    name: 'TENANT_LICENCES',
    kind: 'text',
    meaning:
      'Number of mail licences of the tenant, or `trial`. From it follows how many external recipients the tenant may have in 24 hours: 500 × licences^0.7 + 9,500, or 5,000. If neither it nor TENANT_EXTERNAL_RECIPIENTS_PER_DAY is set, they are not counted',
    example: '250',
  },
  {
    name: 'TENANT_EXTERNAL_RECIPIENTS_PER_DAY',
    kind: 'integer',
    minimum: 1,
    meaning:
      'External recipients in 24 hours of the whole tenant, in place of the number that follows from TENANT_LICENCES, and not above it',
    example: '33000',
  },
  {
    name: 'ACCEPTED_DOMAINS',
    kind: 'text',
    meaning:
      "The tenant's accepted domains, separated by commas: recipients elsewhere are external. A subdomain is a domain of its own. Needed if external recipients are counted. While Exchange says that the tenant's limit of external recipients is reached, mail to these domains goes on",
    example: 'contoso.com,contoso.onmicrosoft.com',
  },
  {
    name: 'LIMIT_SHARE',
    kind: 'decimal',
    default: '0.8',
    minimum: 0.01,
    maximum: 1,
    meaning: 'How much of each limit the queue uses. The rest is for mail that is sent from the same mailboxes without the queue',
    example: '0.8',
  },
  {
    name: 'LIMIT_URGENT_RESERVE',
    kind: 'decimal',
    default: '0.1',
    minimum: 0,
    maximum: 0.9,
    meaning: "How much of a mailbox's limits only urgent mail (`Priority: u=0`) may use",
    example: '0.1',
  },
] as const satisfies readonly Setting[];

export type LimitSettingName = (typeof LIMIT_SETTINGS)[number]['name'];
