// The part of the OpenAPI description that Graph doesn't have: what applications and operators do with send requests.
import { dateTime, json, ref, text } from './openapi-schemas.ts';

const problem = (description: string) => ({ description, content: json(ref('error')) });
const inPath = (name: string, description: string) => ({ name, in: 'path', required: true, description, schema: text });
const option = (name: string, description: string, schema: unknown = text) => ({ name, in: 'query', required: false, description, schema });

const mailbox = inPath('mailbox', 'User principal name, mail address or object id');

const refusals = {
  400: problem('A query option is not understood; the message says which'),
  401: problem('No access token, or one that does not hold'),
  403: problem('The application may not do this'),
  503: problem('Out of reach for now, and may be repeated'),
};

const listOptions = [
  option(
    '$filter',
    "eq on status, application, recipient, internetMessageId, clientRequestId and (over all mailboxes) mailbox; ge, gt, le, lt, eq on createdDateTime; joined by and: status eq 'failed' and createdDateTime ge 2026-01-31T00:00:00Z",
  ),
  option('$top', 'Most send requests of a page', { type: 'integer', minimum: 1, maximum: 1000, default: 50 }),
  option('$skiptoken', 'As @odata.nextLink has it'),
];

const list = (operationId: string, summary: string, parameters: unknown[]) => ({
  operationId,
  summary,
  tags: ['sendRequests'],
  parameters,
  responses: {
    200: {
      description: 'Newest first; a page may be short, @odata.nextLink says that there is more',
      content: json(ref('sendRequestList')),
    },
    ...refusals,
  },
});

/** Schemas of this part. */
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
};

export const queuePaths: Record<string, unknown> = {
  '/v1.0/users/{mailbox}/sendRequests': {
    get: list('listSendRequests', "The application's send requests of a mailbox", [mailbox, ...listOptions]),
  },
  '/v1.0/sendRequests': { get: list('listAllSendRequests', 'Send requests of all mailboxes, for operators', listOptions) },
};
