// The OpenAPI 3.1 description, made from the schemas that check the requests. A new endpoint is a row in `paths`.
import { mailPaths } from './openapi-mail.ts';
import { queuePaths, queueSchemas } from './openapi-queue.ts';
import { componentSchemas, json, mailbox, problem, ref, text } from './openapi-schemas.ts';

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
      { name: 'operators', description: 'Pauses by operators' },
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
