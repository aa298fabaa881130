// The OpenAPI 3.1 description, made from the schemas that check the requests.
import { z } from 'zod';
import { sendMailSchema } from '../../domain/content/message-schema.ts';
import { STATES } from '../../domain/lifecycle.ts';
import { OPERATIONS } from '../../domain/send-request.ts';

const text = { type: 'string' };
const dateTime = { type: 'string', format: 'date-time' };
const count = { type: 'integer', minimum: 0 };
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: unknown, example?: unknown) => ({ 'application/json': { schema, ...(example !== undefined && { example }) } });

const summary = { id: text, status: { enum: STATES }, mailbox: text, operation: { enum: OPERATIONS } };

const recipient = {
  type: 'object',
  required: ['address', 'type'],
  properties: {
    address: text,
    type: { enum: ['to', 'cc', 'bcc'] },
    action: { enum: ['failed', 'delayed', 'delivered', 'relayed', 'expanded'], description: 'RFC 3464; absent: nothing was reported' },
    status: { type: 'string', description: 'Enhanced status code, RFC 3463' },
    diagnosticCode: text,
    remoteMta: text,
    disposition: { type: 'string', description: 'RFC 8098' },
    reportedDateTime: dateTime,
    evidence: { enum: ['exchangeReport', 'mail', 'messageTrace'] },
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
    lastModifiedDateTime: dateTime,
    attempts: count,
    nextAttemptDateTime: dateTime,
    sendBefore: dateTime,
    acceptedDateTime: dateTime,
    reportWindowEnds: dateTime,
    draft: { type: 'object', required: ['id'], properties: { id: text, webLink: text } },
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

const MAIL_EXAMPLE = {
  message: {
    subject: 'Invoice 4711',
    body: { contentType: 'Text', content: 'Please find the invoice in our portal.' },
    toRecipients: [{ emailAddress: { address: 'customer@example.com' } }],
  },
  saveToSentItems: true,
};
/** From, To, Subject and a line of text, as base64. */
const MIME_EXAMPLE =
  'RnJvbTogc2VuZGVyQGNvbnRvc28uY29tDQpUbzogY3VzdG9tZXJAZXhhbXBsZS5jb20NClN1YmplY3Q6IEludm9pY2UgNDcxMQ0KDQpQbGVhc2UgZmluZCB0aGUgaW52b2ljZSBpbiBvdXIgcG9ydGFsLg0K';

const problem = (description: string) => ({ description, content: json(ref('error')) });

const header = (name: string, description: string, schema: unknown = text) => ({
  name,
  in: 'header',
  required: false,
  description,
  schema,
});
const mailbox = {
  name: 'mailbox',
  in: 'path',
  required: true,
  description: 'User principal name, mail address or object id',
  schema: text,
};

const sendMail = {
  operationId: 'sendMail',
  summary: 'Queue a mail',
  tags: ['mail'],
  parameters: [
    mailbox,
    header('Idempotency-Key', 'The same key with the same content gets the first answer again; with other content 422'),
    header('Send-At', 'RFC 3339; not submitted before', dateTime),
    header('Send-Before', 'RFC 3339; expired after', dateTime),
    header('Priority', 'RFC 9218; u=0 takes the urgent lane'),
    header('client-request-id', 'Echoed, and kept in the log'),
  ],
  requestBody: {
    required: true,
    content: {
      ...json(ref('sendMail'), MAIL_EXAMPLE),
      'text/plain': { schema: { type: 'string', description: 'Base64 of the whole RFC 5322 message' }, example: MIME_EXAMPLE },
    },
  },
  responses: {
    202: {
      description: 'On the queue',
      headers: { Location: { description: 'The send request, relative', schema: text } },
      content: json({ type: 'object', required: ['id', 'status', 'mailbox', 'operation'], properties: summary }),
    },
    400: problem('Something in the request is wrong; the message says what and where'),
    404: problem('No such mailbox'),
    413: problem('Too large; the message says the limit and the size'),
    415: problem('Another content type or encoding'),
    422: problem('The Idempotency-Key was used with other content'),
    503: problem('Not accepted, and may be repeated'),
  },
};

const getSendRequest = {
  operationId: 'getSendRequest',
  summary: 'What became of it',
  tags: ['mail'],
  parameters: [mailbox, { name: 'id', in: 'path', required: true, description: 'Id of the send request', schema: text }],
  responses: {
    200: { description: 'The send request', content: json(ref('sendRequest')) },
    404: problem('No such send request in this mailbox'),
    503: problem('The status log is out of reach'),
  },
};

const plain = (operationId: string, summaryText: string, responses: unknown) => ({
  get: { operationId, summary: summaryText, tags: ['service'], responses },
});

/** zod's JSON Schemas, with the parts that have an id as components of their own. */
function schemas(): Record<string, unknown> {
  const registry = z.registry<{ id: string }>();
  registry.add(sendMailSchema, { id: 'sendMail' });
  const { schemas: made } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}`, io: 'input', reused: 'inline' });
  const components: Record<string, unknown> = { sendRequest, sendRequestRecipient: recipient, sendRequestEvent: event, error };
  for (const [id, schema] of Object.entries(made)) {
    const { $schema: _dialect, $id: _id, $defs, ...rest } = schema as Record<string, unknown>;
    components[id] = rest;
    Object.assign(components, $defs);
  }
  return JSON.parse(JSON.stringify(components).replaceAll('#/$defs/', '#/components/schemas/')) as Record<string, unknown>;
}

export function openApi(version: string): unknown {
  return {
    openapi: '3.1.0',
    info: {
      title: 'graph-mail-queue',
      version,
      description: "An outbound mail queue that takes mail in Microsoft Graph's own shape.",
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [],
    tags: [
      { name: 'mail', description: 'Send requests' },
      { name: 'service', description: 'The service itself' },
    ],
    paths: {
      '/v1.0/users/{mailbox}/sendMail': { post: sendMail },
      '/v1.0/users/{mailbox}/sendRequests/{id}': { get: getSendRequest },
      '/health/live': plain('getLive', 'The process', { 200: { description: 'It lives' } }),
      '/health/ready': plain('getReady', 'What it depends on', {
        200: { description: 'All is reachable' },
        503: { description: 'The body names what is not' },
      }),
      '/openapi.json': plain('getOpenApi', 'This description', { 200: { description: 'OpenAPI 3.1' } }),
    },
    components: { schemas: schemas() },
  };
}
