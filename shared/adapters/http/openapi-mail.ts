// OpenAPI of the operations that take mail: one row each; what they share is written once.
import type { Operation } from '../../domain/operations.ts';
import { FORWARD_EXAMPLE, MAIL_EXAMPLES, MESSAGE_EXAMPLE, MIME_EXAMPLE, REPLY_EXAMPLE } from './openapi-examples.ts';
import { dateTime, json, mailbox, problem, ref, summary, text } from './openapi-schemas.ts';

interface Row {
  operation: Operation;
  /** Below `/v1.0/users/{mailbox}/`. */
  path: string;
  summary: string;
  /** The schema of its JSON body; none: it has no body. */
  body?: 'sendMail' | 'message' | 'reply' | 'forward';
  bodyRequired?: boolean;
  makesDraft?: boolean;
}

const ROWS: readonly Row[] = [
  { operation: 'sendMail', path: 'sendMail', summary: 'Queue a mail', body: 'sendMail', bodyRequired: true },
  { operation: 'createDraft', path: 'messages', summary: 'Make a draft', body: 'message', bodyRequired: true, makesDraft: true },
  { operation: 'reply', path: 'messages/{message}/reply', summary: 'Reply to the sender', body: 'reply' },
  { operation: 'replyAll', path: 'messages/{message}/replyAll', summary: 'Reply to everybody', body: 'reply' },
  { operation: 'forward', path: 'messages/{message}/forward', summary: 'Forward', body: 'forward' },
  {
    operation: 'createReply',
    path: 'messages/{message}/createReply',
    summary: 'Make the draft of a reply',
    body: 'reply',
    makesDraft: true,
  },
  {
    operation: 'createReplyAll',
    path: 'messages/{message}/createReplyAll',
    summary: 'Make the draft of a reply to everybody',
    body: 'reply',
    makesDraft: true,
  },
  {
    operation: 'createForward',
    path: 'messages/{message}/createForward',
    summary: 'Make the draft of a forward',
    body: 'forward',
    makesDraft: true,
  },
  { operation: 'send', path: 'messages/{message}/send', summary: 'Send a draft' },
];

const JSON_EXAMPLES: Record<NonNullable<Row['body']>, Record<string, unknown>> = {
  sendMail: MAIL_EXAMPLES,
  message: { draft: { summary: 'A bare message', value: MESSAGE_EXAMPLE } },
  reply: { comment: { summary: 'A comment above the quoted original', value: REPLY_EXAMPLE } },
  forward: { comment: { summary: 'A comment, and to whom', value: FORWARD_EXAMPLE } },
};

const header = (name: string, description: string, schema: unknown = text) => ({
  name,
  in: 'header',
  required: false,
  description,
  schema,
});

const HEADERS = [
  header('Idempotency-Key', 'The same key with the same content gets the first answer again; with other content 422'),
  header('Send-At', 'RFC 3339; not submitted before', dateTime),
  header('Send-Before', 'RFC 3339; expired after', dateTime),
  header('Priority', 'RFC 9218; u=0 takes the urgent lane'),
  header('client-request-id', 'Echoed, and kept in the log'),
  header('traceparent', 'W3C Trace Context, kept with the request'),
];

const target = {
  name: 'message',
  in: 'path',
  required: true,
  description: "Graph's id of the message or draft, or the id of the send request that makes or sent it, which is then waited for",
  schema: text,
};

const requestBody = ({ body, bodyRequired = false }: Row) =>
  body && {
    required: bodyRequired,
    content: {
      'application/json': { schema: ref(body), examples: JSON_EXAMPLES[body] },
      'text/plain': {
        schema: { type: 'string', contentEncoding: 'base64', description: 'The whole RFC 5322 message' },
        examples: { mime: { summary: 'A mail as MIME', value: MIME_EXAMPLE } },
      },
    },
  };

const location = { Location: { description: 'The send request, relative', schema: text } };

const responses = ({ body, makesDraft, path }: Row) => ({
  ...(makesDraft && {
    201: {
      description: 'With Prefer: wait, where the draft was made in time: the message, as Graph has it',
      headers: location,
      content: json({ type: 'object', required: ['id'], properties: { id: text, webLink: text } }),
    },
  }),
  202: {
    description: 'On the queue',
    headers: location,
    content: json({ type: 'object', required: ['id', 'status', 'mailbox', 'operation'], properties: summary }),
  },
  400: problem('Something in the request is wrong; the message says what and where'),
  401: problem('No token, or one that does not hold'),
  403: problem('The caller may not send as that mailbox, or this service was not granted the right for the operation'),
  404: problem(path.includes('{message}') ? 'No such mailbox, or no such send request of this application' : 'No such mailbox'),
  ...(body && { 413: problem('Too large; the message says the limit and the size'), 415: problem('Another content type or encoding') }),
  422: problem('The Idempotency-Key was used with other content'),
  503: problem('Not accepted, and may be repeated'),
});

function operationOf(row: Row): unknown {
  const body = requestBody(row);
  return {
    operationId: row.operation,
    summary: row.summary,
    ...(row.operation !== 'createDraft' && {
      description: `The qualified name of the action, \`microsoft.graph.${row.operation}\`, is taken in the path as well`,
    }),
    tags: ['mail'],
    parameters: [
      mailbox,
      ...(row.path.includes('{message}') ? [target] : []),
      ...HEADERS,
      ...(row.makesDraft ? [header('Prefer', 'wait=N (RFC 7240): the answer is held up to N seconds, at most 60, for the draft')] : []),
      ...(row.body ? [header('Content-Encoding', 'gzip, deflate or br')] : []),
    ],
    ...(body && { requestBody: body }),
    responses: responses(row),
  };
}

export const mailPaths = (): Record<string, unknown> =>
  Object.fromEntries(ROWS.map((row) => [`/v1.0/users/{mailbox}/${row.path}`, { post: operationOf(row) }]));
