// What the operations that Graph does not have answer, for OpenAPI.
import { LISTED_SCOPES } from '../../domain/act/pauses.ts';
import { TENANT_REACHES } from '../../domain/act/tenant-reach.ts';
import { ACTIVITIES } from '../../domain/log/activity.ts';
import { ATTENTION_KINDS } from '../../domain/log/attention.ts';
import { FAILURE_CLASSES } from '../../domain/reports/failure-rule.ts';
import { count, dateTime, ref, summary, text } from './openapi-schemas.ts';

const WAITING_REASONS =
  'answer of Graph, look into the mailbox, copy in Sent Items, sendAt, turn, unknown (written by an earlier version), the code of the last error, or the id of the pause that held it last';

const limit = {
  type: 'object',
  required: ['limit', 'used', 'left'],
  properties: {
    limit: { type: 'integer', description: 'What the queue may use' },
    used: { type: 'integer', description: 'What it has used in the last minute, or in the last 24 hours' },
    left: { type: 'integer', description: 'What is left for mail that is not urgent' },
    returnsDateTime: { ...dateTime, description: 'If nothing is left: when something is' },
  },
};
const mailboxLimits = { messagesPerMinute: limit, recipientsPerDay: limit };

export const queueSchemas: Record<string, unknown> = {
  sendRequestList: {
    type: 'object',
    required: ['value'],
    properties: {
      value: {
        type: 'array',
        items: {
          type: 'object',
          required: ['id', 'status', 'mailbox'],
          properties: {
            id: text,
            status: text,
            mailbox: text,
            createdDateTime: dateTime,
            hasFailures: { type: 'boolean' },
            failureClass: { enum: FAILURE_CLASSES },
          },
          additionalProperties: true,
        },
      },
      '@odata.nextLink': { type: 'string', format: 'uri' },
      '@odata.deltaLink': { type: 'string', format: 'uri', description: 'In a list by changes, on its last page: what changed since' },
    },
  },
  pause: {
    type: 'object',
    required: ['id', 'scope', 'reason', 'setBy', 'setDateTime'],
    properties: {
      id: text,
      scope: { enum: LISTED_SCOPES, description: '`account`: a report of Exchange has paused the mailbox; `tenant`: the whole tenant' },
      name: text,
      reason: text,
      setBy: { ...text, description: 'Application id of the operator, or `report`' },
      setDateTime: dateTime,
      until: {
        ...dateTime,
        description:
          "If the scope is `account`: when the pause ends by itself. If it is `tenant`: the end of the limit's window; the pause ends after a mail has tested it",
      },
      reach: { enum: TENANT_REACHES, description: 'If the scope is `tenant`: which of its mail is held' },
      nextProbeDateTime: {
        ...dateTime,
        description: 'If the scope is `account` or `tenant`: when the next mail may go out to test whether it is still blocked',
      },
      probe: { ...text, description: 'If the scope is `account` or `tenant`: the send request that tests it now' },
    },
  },
  activity: {
    type: 'object',
    required: ['approximate', 'value'],
    properties: {
      approximate: { const: true },
      value: {
        type: 'array',
        items: {
          type: 'object',
          required: ['hour', ...ACTIVITIES],
          properties: { hour: dateTime, ...Object.fromEntries(ACTIVITIES.map((kind) => [kind, count])) },
        },
      },
    },
  },
  overview: {
    type: 'object',
    required: ['waiting', 'attention', 'unreadable', 'pauses'],
    properties: {
      waiting: {
        type: 'object',
        required: ['counts', 'isMore'],
        properties: {
          counts: {
            type: 'array',
            items: {
              type: 'object',
              required: ['status', 'reason', 'count'],
              properties: { status: text, reason: { ...text, description: WAITING_REASONS }, count },
            },
          },
          isMore: { type: 'boolean' },
        },
      },
      attention: {
        type: 'array',
        items: {
          type: 'object',
          required: ['kind', 'meaning', 'filter', 'count', 'isMore', 'examples'],
          properties: {
            kind: { enum: ATTENTION_KINDS },
            meaning: text,
            filter: { ...text, description: '$filter of the list that has all of them' },
            count,
            isMore: { type: 'boolean' },
            examples: { type: 'array', items: { type: 'object', properties: summary, additionalProperties: true } },
          },
        },
      },
      unreadable: {
        type: 'object',
        required: ['count', 'examples'],
        properties: { count, examples: { type: 'array', items: { type: 'object', properties: { mailbox: text, error: text } } } },
      },
      pauses: { type: 'array', items: ref('pause') },
    },
  },
  suppression: {
    type: 'object',
    required: ['address', 'reason', 'suppressedDateTime', 'expirationDateTime', 'sendRequestId', 'mailbox'],
    properties: {
      address: text,
      reason: { ...text, description: 'Code and meaning of the report' },
      suppressedDateTime: { ...dateTime, description: 'When the report came in' },
      expirationDateTime: { ...dateTime, description: 'When it ends by itself' },
      sendRequestId: { ...text, description: 'The send request that was returned' },
      mailbox: { ...text, description: 'Its mailbox' },
    },
  },
  suppressionList: {
    type: 'object',
    required: ['value'],
    properties: {
      value: { type: 'array', items: ref('suppression') },
      '@odata.nextLink': { type: 'string', format: 'uri' },
    },
  },
  limits: {
    type: 'object',
    required: ['counted', 'value'],
    properties: {
      counted: { type: 'boolean', description: 'Whether limits are counted (EXCHANGE_LIMITS)' },
      tenant: { type: 'object', required: ['externalRecipientsPerDay'], properties: { externalRecipientsPerDay: limit } },
      value: {
        type: 'array',
        items: { type: 'object', required: ['mailbox', ...Object.keys(mailboxLimits)], properties: { mailbox: text, ...mailboxLimits } },
      },
      '@odata.nextLink': { type: 'string', format: 'uri' },
    },
  },
  preflight: {
    type: 'object',
    required: ['mailbox', 'application', 'maySend', 'policy', 'service', 'limits', 'pauses', 'problems'],
    properties: {
      mailbox: text,
      application: text,
      maySend: { type: 'boolean' },
      policy: { type: 'object', properties: { allowed: { type: 'boolean' }, place: text, reason: text } },
      service: { type: 'object', properties: { rights: text, readable: text, reason: text } },
      from: { type: 'object', additionalProperties: true },
      suppressed: { type: 'array', items: ref('suppression'), description: 'Of the recipients that the query names' },
      limits: {
        type: 'object',
        properties: {
          exchange: {
            type: 'object',
            description: "What is left of Exchange's limits",
            properties: {
              ...mailboxLimits,
              application: { type: 'object', properties: mailboxLimits },
              tenantExternalRecipientsPerDay: limit,
            },
          },
        },
        additionalProperties: true,
      },
      pauses: { type: 'array', items: { type: 'object', properties: { what: text, reason: text, until: dateTime } } },
      nonProduction: { type: 'object', additionalProperties: true },
      problems: { type: 'array', items: text },
    },
  },
  possibleResend: {
    type: 'object',
    required: [...Object.keys(summary), 'dryRun', 'possible', 'content', 'recipients'],
    properties: {
      ...summary,
      dryRun: { const: true },
      possible: { const: true },
      content: { enum: ['copy', 'kept'], description: 'Where the content comes from: the copy in Sent Items, or Blob Storage' },
      recipients: {
        type: 'array',
        items: {
          type: 'object',
          required: ['address', 'type'],
          properties: { address: text, type: { enum: ['to', 'cc', 'bcc'] }, replaces: text },
        },
      },
    },
  },
  actedByFilter: {
    type: 'object',
    required: ['dryRun', 'matched', 'done', 'more', 'leftOut', 'value'],
    properties: {
      dryRun: { type: 'boolean' },
      matched: { type: 'integer' },
      done: { type: 'integer' },
      more: { type: 'boolean' },
      next: { ...text, description: 'If there are more: `after` of the next request' },
      leftOut: {
        type: 'integer',
        description:
          'How many match but are not resent, because only a mail that anybody can send says that they failed. Resend them by id',
      },
      value: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            ...summary,
            done: { type: 'boolean' },
            possible: { type: 'boolean', description: 'Of a dry run: whether it would be done' },
            detail: text,
          },
        },
      },
    },
  },
};
