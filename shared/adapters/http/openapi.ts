// The OpenAPI 3.1 description, made from the schemas that check the requests. A new endpoint is a row in `paths`.
<<<<<<< /tmp/tmpusuhxk6z/w
import { mailPaths } from './openapi-mail.ts';
import { componentSchemas, json, mailbox, problem, ref, text } from './openapi-schemas.ts';
=======
import { queuePaths, queueSchemas } from './openapi-queue.ts';
import { componentSchemas, dateTime, json, ref, summary, text } from './openapi-schemas.ts';

const MAIL_EXAMPLE = {
  message: {
    subject: 'Invoice 4711',
    body: { contentType: 'Text', content: 'Please find the invoice in our portal.' },
    toRecipients: [{ emailAddress: { address: 'customer@example.com' } }],
  },
  saveToSentItems: true,
};

const ATTACHMENT_EXAMPLE = {
  message: {
    ...MAIL_EXAMPLE.message,
    body: { contentType: 'HTML', content: '<p>Please find the invoice attached.</p>' },
    ccRecipients: [{ emailAddress: { name: 'Accounting', address: 'accounting@example.com' } }],
    replyTo: [{ emailAddress: { address: 'billing@contoso.com' } }],
    importance: 'high',
    internetMessageHeaders: [{ name: 'x-invoice', value: '4711' }],
    attachments: [
      {
        '@odata.type': '#microsoft.graph.fileAttachment',
        name: 'invoice.txt',
        contentType: 'text/plain',
        contentBytes: 'SW52b2ljZSA0NzEx',
      },
    ],
  },
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
    header('traceparent', 'W3C Trace Context, kept with the request'),
    header('Content-Encoding', 'gzip, deflate or br'),
  ],
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: ref('sendMail'),
        examples: {
          text: { summary: 'A line of text', value: MAIL_EXAMPLE },
          attachment: { summary: 'HTML with an attachment and a custom header', value: ATTACHMENT_EXAMPLE },
        },
      },
      'text/plain': {
        schema: { type: 'string', contentEncoding: 'base64', description: 'The whole RFC 5322 message' },
        examples: { mime: { summary: 'The same mail as MIME', value: MIME_EXAMPLE } },
      },
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
>>>>>>> /tmp/tmpusuhxk6z/n

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
      { name: 'sendRequests', description: 'What became of them, and what can still be done' },
      { name: 'service', description: 'The service itself' },
    ],
    paths: {
      ...mailPaths(),
      '/v1.0/users/{mailbox}/sendRequests/{id}': { get: getSendRequest },
      ...queuePaths,
      '/health/live': plain('getLive', 'The process', { 200: { description: 'It lives' } }),
      '/health/ready': plain('getReady', 'What it depends on', {
        200: { description: 'All is reachable' },
        503: { description: 'The body names what is not' },
      }),
      '/openapi.json': plain('getOpenApi', 'This description', { 200: { description: 'OpenAPI 3.1' } }),
    },
    components: { schemas: { ...componentSchemas(), ...queueSchemas } },
  };
}
