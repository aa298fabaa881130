// What the operations that Graph does not have answer, for OpenAPI.
import { LISTED_SCOPES } from '../../domain/act/pauses.ts';
import { dateTime, summary, text } from './openapi-schemas.ts';

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
          properties: { id: text, status: text, mailbox: text, createdDateTime: dateTime },
          additionalProperties: true,
        },
      },
      '@odata.nextLink': { type: 'string', format: 'uri' },
    },
  },
  pause: {
    type: 'object',
    required: ['id', 'scope', 'reason', 'setBy', 'setDateTime'],
    properties: {
      id: text,
      scope: { enum: LISTED_SCOPES, description: '`account`: the pause of a mailbox by a report of Exchange' },
      name: text,
      reason: text,
      setBy: { ...text, description: 'Application id of the operator, or `report`' },
      setDateTime: dateTime,
      until: { ...dateTime, description: 'Of an account: it ends then by itself' },
      nextProbeDateTime: { ...dateTime, description: 'Of an account: when the next mail may go out to see whether it is still blocked' },
      probe: { ...text, description: 'Of an account: the send request that does so now' },
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
        description: 'How many match and are not resent: that they failed is only the word of a mail. Resend them by their ids',
      },
      value: {
        type: 'array',
        items: { type: 'object', properties: { ...summary, done: { type: 'boolean' }, detail: text } },
      },
    },
  },
};
