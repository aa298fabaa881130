// OpenAPI of the operations that take mail: made from the table of operations, the schemas of their bodies and the headers that they read.
import { caseless, FORWARD_NEEDS } from '../../domain/content/message-schema.ts';
import { isAction, isDraftOnly, namesMessage, OPERATION_TABLE, type Operation, type OperationBody } from '../../domain/operations.ts';
import { CONTENT_ENCODINGS } from './content-encoding.ts';
import { FORWARD_EXAMPLE, MAIL_EXAMPLES, MESSAGE_EXAMPLE, MIME_EXAMPLE, REPLY_EXAMPLE } from './openapi-examples.ts';
import { type Described, header, json, problem, ref, summary, text } from './openapi-schemas.ts';
import { REQUEST_HEADERS } from './request-headers.ts';
import { withHeaders } from './response-headers.ts';

const JSON_EXAMPLES: Record<Exclude<OperationBody, 'none'>, Record<string, unknown>> = {
  sendMail: MAIL_EXAMPLES,
  message: { draft: { summary: 'A bare message', value: MESSAGE_EXAMPLE } },
  reply: { comment: { summary: 'A comment above the quoted original', value: REPLY_EXAMPLE } },
  forward: { comment: { summary: 'A comment, and to whom', value: FORWARD_EXAMPLE } },
};

const headersOf = (operation: Operation) =>
  Object.values(REQUEST_HEADERS)
    .filter(({ forDraftsOnly }) => !forDraftsOnly || isDraftOnly(operation))
    .map(({ name, description, schema }) => header(name, description, schema));

const encoding = header('Content-Encoding', 'How the body is compressed: one encoding, in upper or lower case', {
  type: 'string',
  pattern: `^(?:${[...CONTENT_ENCODINGS, 'identity'].map(caseless).join('|')})$`,
});

function requestBody(operation: Operation): object | undefined {
  const { body, bodyMayBeEmpty } = OPERATION_TABLE[operation];
  if (body === 'none') return undefined;
  const isForward = body === 'forward' && !isDraftOnly(operation);
  return {
    required: !bodyMayBeEmpty || isForward,
    content: {
      'application/json': { schema: isForward ? { allOf: [ref(body), FORWARD_NEEDS] } : ref(body), examples: JSON_EXAMPLES[body] },
      'text/plain': {
        schema: { type: 'string', contentEncoding: 'base64', description: 'The whole RFC 5322 message' },
        examples: { mime: { summary: 'A mail as MIME', value: MIME_EXAMPLE } },
      },
    },
  };
}

const RESENDABLE = {
  const: false,
  description: 'Only if, after Exchange has returned the mail, it cannot be sent again, because there will be no copy of its content',
};

const responses = (operation: Operation, takesBody: boolean) => ({
  ...(isDraftOnly(operation) && {
    201: {
      description: 'If the request had Prefer: wait and the draft was created in time: the message as Graph returns it',
      ...withHeaders('location', 'repeat-of', 'preference-applied'),
      content: json({ type: 'object', required: ['id'], properties: { id: text, webLink: text } }),
    },
  }),
  202: {
    description: 'The send request is on the queue',
    ...withHeaders('location', 'repeat-of', ...(isDraftOnly(operation) ? (['preference-applied'] as const) : [])),
    content: json({
      type: 'object',
      required: ['id', 'status', 'mailbox', 'operation'],
      properties: { ...summary, resendable: RESENDABLE },
    }),
  },
  400: problem('Something in the request is wrong; the message says what and where'),
  403: problem('The caller may not send as that mailbox, or this service was not granted the right for the operation'),
  404: problem(namesMessage(operation) ? 'No such mailbox, or no such send request of this application' : 'No such mailbox'),
  ...(takesBody && {
    408: problem('The body came too slowly'),
    413: problem('Too large; the message says the limit and the size'),
    415: problem('The content type or encoding is not supported'),
  }),
  422: problem('The Idempotency-Key was used with other content'),
  429: problem("The application's own limit is used up"),
  503: problem('The request was not accepted and may be repeated'),
});

export function describeMail(operation: Operation): Described {
  const body = requestBody(operation);
  return {
    summary: OPERATION_TABLE[operation].summary,
    ...(isAction(operation) && {
      description: `The qualified name of the action, \`microsoft.graph.${operation}\`, is also accepted in the path`,
    }),
    parameters: [...headersOf(operation), ...(body ? [encoding] : [])],
    ...(body && { requestBody: body }),
    responses: responses(operation, body !== undefined),
  };
}
