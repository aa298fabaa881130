// The part of the OpenAPI description that Graph doesn't have: what applications and operators do with send requests.
import { PAUSE_SCOPES } from '../../domain/act/pauses.ts';
import { dateTime, json, mailbox, problem, ref, summary, text } from './openapi-schemas.ts';

const inPath = (name: string, description: string) => ({ name, in: 'path', required: true, description, schema: text });
const option = (name: string, description: string, schema: unknown = text) => ({ name, in: 'query', required: false, description, schema });

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

const id = inPath('id', 'Id of the send request');

const act = (operationId: string, summary: string, responses: Record<number, unknown>) => ({
  operationId,
  summary,
  tags: ['sendRequests'],
  parameters: [mailbox, id],
  responses: {
    ...responses,
    401: refusals[401],
    403: refusals[403],
    404: problem('No such send request'),
    409: problem('Its status does not allow it, or no longer; the message names it'),
    503: refusals[503],
  },
});

const actByFilter = (operationId: string, summary: string) => ({
  operationId,
  summary,
  tags: ['sendRequests'],
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['filter'],
          additionalProperties: false,
          properties: { filter: { type: 'string', description: 'As $filter of the lists' }, dryRun: { type: 'boolean', default: false } },
        },
        examples: {
          dryRun: { summary: 'Which ones would it be?', value: { filter: "mailbox eq 'sender@contoso.com'", dryRun: true } },
        },
      },
    },
  },
  responses: {
    200: { description: 'What was found, and what was done to each; more: repeat it', content: json(ref('actedByFilter')) },
    ...refusals,
  },
});

const summaryBody = json({ type: 'object', required: Object.keys(summary), properties: summary });

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
  pause: {
    type: 'object',
    required: ['id', 'scope', 'reason', 'setBy', 'setDateTime'],
    properties: { id: text, scope: { enum: PAUSE_SCOPES }, name: text, reason: text, setBy: text, setDateTime: dateTime },
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
    required: ['dryRun', 'matched', 'done', 'more', 'value'],
    properties: {
      dryRun: { type: 'boolean' },
      matched: { type: 'integer' },
      done: { type: 'integer' },
      more: { type: 'boolean' },
      value: {
        type: 'array',
        items: { type: 'object', properties: { ...summary, done: { type: 'boolean' }, detail: text } },
      },
    },
  },
};

export const queuePaths: Record<string, unknown> = {
  '/v1.0/users/{mailbox}/sendRequests': {
    get: list('listSendRequests', "The application's send requests of a mailbox", [mailbox, ...listOptions]),
  },
  '/v1.0/users/{mailbox}/sendRequests/{id}/cancel': {
    post: act('cancelSendRequest', 'Cancel before it is submitted', { 200: { description: 'It is cancelled', content: summaryBody } }),
  },
  '/v1.0/users/{mailbox}/sendRequests/{id}/resend': {
    post: act('resendSendRequest', 'Send again after a final failure', {
      202: {
        description: 'A new send request; repeated: the same one',
        headers: { Location: { description: 'The new send request, relative', schema: text } },
        content: summaryBody,
      },
      429: problem("The application's own limit is used up"),
    }),
  },
  '/v1.0/users/{mailbox}/preflight': {
    get: {
      operationId: 'preflight',
      summary: 'Would a mail go out? Sends nothing',
      tags: ['sendRequests'],
      parameters: [mailbox, option('from', 'From address of the mail, where it is not the mailbox')],
      responses: { 200: { description: 'Whether it would, and why not', content: json(ref('preflight')) }, ...refusals },
    },
  },
  '/v1.0/pauses': {
    get: {
      operationId: 'listPauses',
      summary: 'What is paused, for operators',
      tags: ['operators'],
      responses: {
        200: {
          description: 'All pauses',
          content: json({ type: 'object', required: ['value'], properties: { value: { type: 'array', items: ref('pause') } } }),
        },
        401: refusals[401],
        403: refusals[403],
        503: refusals[503],
      },
    },
    post: {
      operationId: 'pause',
      summary: 'Pause an application, a mailbox or everything, for operators: mail waits',
      tags: ['operators'],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['scope', 'reason'],
              additionalProperties: false,
              properties: {
                scope: { enum: PAUSE_SCOPES },
                name: { ...text, description: 'Client id of the application, or any name of the mailbox; not with everything' },
                reason: { type: 'string', maxLength: 500 },
              },
            },
            examples: {
              mailbox: { summary: 'One mailbox', value: { scope: 'mailbox', name: 'sender@contoso.com', reason: 'Wrong template' } },
            },
          },
        },
      },
      responses: { 201: { description: 'It is paused within seconds', content: json(ref('pause')) }, ...refusals },
    },
  },
  '/v1.0/pauses/{id}': {
    delete: {
      operationId: 'resume',
      summary: 'End a pause, for operators',
      tags: ['operators'],
      parameters: [inPath('id', 'Id of the pause'), option('reason', 'For the audit log')],
      responses: {
        200: { description: 'It goes on', content: json({ type: 'object', properties: { resumed: { type: 'boolean' } } }) },
        404: problem('Nothing is paused under this id'),
        ...refusals,
      },
    },
  },
  '/v1.0/sendRequests/cancel': { post: actByFilter('cancelByFilter', 'Cancel all that a filter means, for operators') },
  '/v1.0/sendRequests/resend': { post: actByFilter('resendByFilter', 'Send all again that a filter means, for operators') },
  '/v1.0/sendRequests': { get: list('listAllSendRequests', 'Send requests of all mailboxes, for operators', listOptions) },
};
