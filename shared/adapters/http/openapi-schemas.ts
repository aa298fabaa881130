// The schemas of the OpenAPI description: what is posted is made from the schemas that check it, what is answered is described here.

import * as z from 'zod';
import { caseless, forwardSchema, replySchema, sendMailSchema } from '../../domain/content/message-schema.ts';
import { STATES } from '../../domain/log/lifecycle.ts';
import { EVIDENCES } from '../../domain/log/send-request.ts';
import { OPERATIONS } from '../../domain/operations.ts';
import { FAILURE_CLASSES } from '../../domain/reports/failure-rule.ts';
import { actByFilterSchema, cancelOrderSchema, resendOrderSchema } from './act-orders.ts';
import { pauseOrderSchema } from './pauses-handlers.ts';

export const text = { type: 'string' };
export const dateTime = { type: 'string', format: 'date-time' };
export const count = { type: 'integer', minimum: 0 };
export const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
export const json = (schema: unknown) => ({ 'application/json': { schema } });

export interface DescribedAnswer {
  description: string;
  headers?: object;
  content?: object;
}

export const problem = (description: string): DescribedAnswer => ({ description, content: json(ref('error')) });

/** What an operation's row in OpenAPI says beside its path. */
export interface Described {
  summary: string;
  description?: string;
  /** Besides those of the path. */
  parameters?: readonly object[];
  requestBody?: object;
  responses: Record<number, DescribedAnswer>;
}

/** The body of an operation, with the schema that reads it. */
export const jsonBody = (schema: string, examples: Record<string, object>, required = true) => ({
  required,
  content: { 'application/json': { schema: ref(schema), examples } },
});

export const header = (name: string, description: string, schema: object = text) => ({
  name,
  in: 'header',
  required: false,
  description,
  schema,
});
export const option = (name: string, description: string, schema: object = text) => ({
  name,
  in: 'query',
  required: false,
  description,
  schema,
});

export const summary = { id: text, status: { enum: STATES }, mailbox: text, operation: { enum: OPERATIONS } };

const recipient = {
  type: 'object',
  required: ['address', 'type'],
  properties: {
    address: text,
    type: { enum: ['to', 'cc', 'bcc'] },
    action: {
      enum: ['failed', 'delayed', 'delivered', 'relayed', 'expanded', 'quarantined', 'filteredAsSpam'],
      description: 'RFC 3464; the last two come from the message trace. Absent if nothing was reported',
    },
    status: { type: 'string', description: 'Enhanced status code, RFC 3463' },
    diagnosticCode: text,
    remoteMta: text,
    disposition: { type: 'string', description: 'RFC 8098' },
    reportedDateTime: dateTime,
    evidence: { enum: [...EVIDENCES] },
    replaces: { ...text, description: 'Of a resend: the recipient of the first send request whose address was corrected' },
    resentAs: { ...text, description: 'The send request that sends the mail to this recipient again' },
  },
};

const sendRequest = {
  type: 'object',
  required: ['id', 'status', 'mailbox', 'recipients', 'events'],
  properties: {
    ...summary,
    application: text,
    subject: text,
    internetMessageId: text,
    clientRequestId: text,
    createdDateTime: dateTime,
    lastModifiedDateTime: {
      ...dateTime,
      description:
        'When the log was last written for it, by the clock of the instance that wrote. When a report says that something happened is in `reportedDateTime` and in `events`',
    },
    attempts: count,
    nextAttemptDateTime: dateTime,
    sendBefore: dateTime,
    acceptedDateTime: dateTime,
    reportWindowEnds: dateTime,
    draft: { type: 'object', required: ['id'], properties: { id: text, webLink: text } },
    redirectedTo: {
      type: 'string',
      description: 'In an environment that is not production: the address that got the mail instead of its recipients',
    },
    resendOf: { type: 'string', description: 'The send request that this one sends again' },
    resentAs: { type: 'string', description: 'The last send request that sends this one again, to some recipients or all' },
    hasFailures: {
      type: 'boolean',
      description:
        'At least one recipient has failed, whatever the status is: a mail to two of which one was returned is `sent` or `closed`',
    },
    failureClass: {
      enum: FAILURE_CLASSES,
      description:
        "Whose matter the failures are: the recipient's address, our own account, our whole tenant, or the recipient's policy or state",
    },
    recipientCounts: { type: 'object', additionalProperties: count },
    recipients: { type: 'array', items: ref('sendRequestRecipient') },
    error: { type: 'object', required: ['code', 'message'], properties: { code: text, message: text } },
    events: { type: 'array', items: ref('sendRequestEvent') },
  },
};

const event = {
  type: 'object',
  required: ['type', 'dateTime'],
  properties: { type: text, dateTime, attempt: count, recipient: text, detail: text },
};

const error = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: text,
        message: text,
        innerError: { type: 'object', properties: { date: text, 'request-id': text, 'client-request-id': text } },
      },
    },
  },
};

/** A type's name is read without regard to case, before the schema checks it. */
function withoutCase({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  const [name] = jsonSchema.enum ?? [];
  if (typeof name !== 'string' || !name.startsWith('#microsoft.graph.')) return;
  delete jsonSchema.enum;
  Object.assign(jsonSchema, {
    type: 'string',
    pattern: `^#?${caseless(name.slice(1)).replaceAll('.', '\\.')}$`,
    description: `${name}; in any case`,
  });
}

/** zod's JSON Schema of what a caller posts, with every part that has an id as a component of its own. */
function posted(name: string, schema: z.ZodType): Record<string, unknown> {
  const {
    $schema: _dialect,
    $ref: _itself,
    $defs = {},
  } = z.toJSONSchema(schema, { io: 'input', override: withoutCase }) as Record<string, unknown>;
  const components = JSON.stringify($defs).replaceAll('#/$defs/', '#/components/schemas/');
  const parsed = JSON.parse(components) as Record<string, Record<string, unknown>>;
  if (!parsed[name]) throw new Error(`the schema of ${name} has no component of its own`);
  return Object.fromEntries(Object.entries(parsed).map(([id, { id: _id, ...rest }]) => [id, rest]));
}

export const componentSchemas = (): Record<string, unknown> => ({
  ...posted('sendMail', sendMailSchema),
  ...posted('reply', replySchema),
  ...posted('forward', forwardSchema),
  ...posted('pauseOrder', pauseOrderSchema),
  ...posted('actByFilter', actByFilterSchema),
  ...posted('cancelOrder', cancelOrderSchema),
  ...posted('resendOrder', resendOrderSchema),
  sendRequest,
  sendRequestRecipient: recipient,
  sendRequestEvent: event,
  error,
});
