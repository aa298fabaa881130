// What the operations that Graph does not have answer, for OpenAPI.
import { LISTED_SCOPES } from '../../domain/act/pauses.ts';
import { ACTIVITIES } from '../../domain/log/activity.ts';
import { ATTENTION_KINDS } from '../../domain/log/attention.ts';
import { count, dateTime, ref, summary, text } from './openapi-schemas.ts';

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
          properties: { id: text, status: text, mailbox: text, createdDateTime: dateTime, hasFailures: { type: 'boolean' } },
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
      scope: { enum: LISTED_SCOPES, description: '`account`: a report of Exchange has paused the mailbox' },
      name: text,
      reason: text,
      setBy: { ...text, description: 'Application id of the operator, or `report`' },
      setDateTime: dateTime,
      until: { ...dateTime, description: 'If the scope is `account`: when the pause ends by itself' },
      nextProbeDateTime: {
        ...dateTime,
        description: 'If the scope is `account`: when the next mail may go out to test whether the account is still blocked',
      },
      probe: { ...text, description: 'If the scope is `account`: the send request that tests it now' },
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
            items: { type: 'object', required: ['status', 'reason', 'count'], properties: { status: text, reason: text, count } },
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
      limits: { type: 'object', additionalProperties: true },
      pauses: { type: 'array', items: { type: 'object', properties: { what: text, reason: text, until: dateTime } } },
      nonProduction: { type: 'object', additionalProperties: true },
      problems: { type: 'array', items: text },
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
      leftOut: {
        type: 'integer',
        description:
          'How many match but are not resent, because only a mail that anybody can send says that they failed. Resend them by id',
      },
      value: {
        type: 'array',
        items: { type: 'object', properties: { ...summary, done: { type: 'boolean' }, detail: text } },
      },
    },
  },
};
