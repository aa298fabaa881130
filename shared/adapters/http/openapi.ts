// The OpenAPI 3.1 description, made from the route table and the schemas that check the requests. A new route is a row in routes.ts.
import { OPERATION_TABLE, type Operation } from '../../domain/operations.ts';
import { describeMail } from './openapi-mail.ts';
import { QUEUE_OPERATIONS } from './openapi-queue.ts';
import { queueSchemas } from './openapi-queue-schemas.ts';
import { componentSchemas, type Described, header, problem, text } from './openapi-schemas.ts';
import { REQUEST_HEADERS } from './request-headers.ts';
import { headerComponents, headersOfStatus } from './response-headers.ts';
import { type Access, API_ROUTES, type HttpRoute, methodsOf, type OperationId, type QueueOperation } from './routes.ts';

const PARAMETERS: Record<string, string> = {
  mailbox: 'User principal name, mail address or object id',
  message:
    "Graph's id of the message or draft, or the id of the send request that creates or sent it: the operation then waits for that send request",
  id: 'Id of the send request, or of the pause',
};

const isMail = (id: OperationId): id is Operation => Object.hasOwn(OPERATION_TABLE, id);

const tagOf = (id: OperationId, access: Access): string =>
  isMail(id) ? 'mail' : { anonymous: 'service', callers: 'sendRequests', operators: 'operators' }[access];

const pathParameters = (path: string) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    description: PARAMETERS[name as string],
    schema: text,
  }));

/** Every answer to a caller echoes it. */
const clientRequestId = ({ name, description, schema }: typeof REQUEST_HEADERS.clientRequestId) => header(name, description, schema);

/** What every answer in Graph's envelope has, and the answers that every operation may give. */
const answered = (responses: Described['responses']): Described['responses'] =>
  Object.fromEntries(
    Object.entries({
      ...responses,
      401: problem('No access token, or one that is not valid'),
      500: problem('An error in this service; the request-id identifies it in the logs'),
    }).map(([status, answer]) => [status, { ...answer, headers: { ...headersOfStatus(Number(status)), ...answer.headers } }]),
  );

function operationOf(id: OperationId, { path, access }: HttpRoute): object {
  const { parameters = [], responses, ...rest }: Described = isMail(id) ? describeMail(id) : QUEUE_OPERATIONS[id as QueueOperation];
  const isOpen = access === 'anonymous';
  const echoed = isOpen || isMail(id) ? [] : [clientRequestId(REQUEST_HEADERS.clientRequestId)];
  return {
    operationId: id,
    tags: [tagOf(id, access)],
    ...rest,
    parameters: [...pathParameters(path), ...parameters, ...echoed],
    responses: isOpen ? responses : answered(responses),
    ...(isOpen && { security: [] }),
  };
}

const pathOf = (route: HttpRoute): [string, object] => [
  `/${route.path}`,
  Object.fromEntries(methodsOf(route).map((method) => [method.toLowerCase(), operationOf(route.operations[method] as OperationId, route)])),
];

/** One of the two, as the setting CALLER_AUTH says. */
const securitySchemes = {
  entra: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: "CALLER_AUTH=entra: an access token of Microsoft Entra ID for this service's application id URI (scope {uri}/.default)",
  },
  functionKey: {
    type: 'apiKey',
    in: 'header',
    name: 'x-functions-key',
    description: 'CALLER_AUTH=function-key: a key of the function app; operations for operators take the master key',
  },
};

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
    security: [{ entra: [] }, { functionKey: [] }],
    tags: [
      { name: 'mail', description: 'Send requests' },
      { name: 'sendRequests', description: 'Status of send requests; cancelling and resending' },
      { name: 'operators', description: 'For operators: pauses, and the send requests of all mailboxes' },
      { name: 'service', description: 'The service itself' },
    ],
    paths: Object.fromEntries(API_ROUTES.map(pathOf)),
    components: { schemas: { ...componentSchemas(), ...queueSchemas }, headers: headerComponents(), securitySchemes },
  };
}
