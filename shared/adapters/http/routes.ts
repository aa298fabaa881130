// Every HTTP route, one row each. From these rows come the functions in Azure, the known paths (404 and 405), OpenAPI and the tests.
import { isAction, namesMessage, OPERATION_TABLE, OPERATIONS, type Operation } from '../../domain/operations.ts';

export type Method = 'GET' | 'POST' | 'DELETE';

/** Who may call. `operators`: with CALLER_AUTH=function-key the host asks for the master key. */
export type Access = 'anonymous' | 'callers' | 'operators';

/** Operations that Graph does not have, by OpenAPI's operationId. */
export type QueueOperation =
  | 'getSendRequest'
  | 'listSendRequests'
  | 'cancelSendRequest'
  | 'resendSendRequest'
  | 'preflight'
  | 'listLimits'
  | 'listPauses'
  | 'pause'
  | 'resume'
  | 'listSuppressions'
  | 'liftSuppression'
  | 'cancelByFilter'
  | 'resendByFilter'
  | 'listAllSendRequests'
  | 'getActivity'
  | 'getOverview'
  | 'getLive'
  | 'getReady'
  | 'getOpenApi';

/** Answered for browsers: no part of the API. */
export type PageOperation = 'getConsole';

export type OperationId = Operation | QueueOperation | PageOperation;

export interface HttpRoute {
  /** The function in Azure: infrastructure, alerts and queries name it. */
  name: string;
  /** Without the leading slash, as `app.http` takes it. */
  path: string;
  access: Access;
  operations: Readonly<Partial<Record<Method, OperationId>>>;
  /** Another spelling of a path that OpenAPI describes. */
  isAlias?: true;
  /** For browsers: OpenAPI leaves it out. */
  isPage?: true;
}

/** A route whose last segment names the action: one function for all of them. The host matches without regard to case. */
export const QUALIFIED_ACTION = {
  name: 'message-action-qualified',
  path: 'v1.0/users/{mailbox}/messages/{message}/microsoft.graph.{messageAction}',
  access: 'callers',
} as const;

/** Everything that no other route takes. Its name sorts last and it is registered last: the host may go by either. */
export const UNKNOWN_PATH = { name: 'unknown-path', path: '{*path}', access: 'anonymous' } as const;

const USER = 'v1.0/users/{mailbox}';

const mailRoute = (operation: Operation): HttpRoute => {
  const { functionName, path } = OPERATION_TABLE[operation];
  return { name: functionName, path: `${USER}/${path}`, access: 'callers', operations: { POST: operation } };
};

/** The page, its files and its configuration: one function. With CONSOLE=off there is none. */
export const CONSOLE_ROUTE: HttpRoute = {
  name: 'console',
  path: 'console/{*asset}',
  access: 'anonymous',
  operations: { GET: 'getConsole' },
  isPage: true,
};

export const ROUTES: readonly HttpRoute[] = [
  ...OPERATIONS.map(mailRoute),
  // Microsoft's older libraries call actions by their qualified names. Those of a message share QUALIFIED_ACTION.
  {
    name: 'send-mail-qualified',
    path: `${USER}/microsoft.graph.sendMail`,
    access: 'callers',
    operations: { POST: 'sendMail' },
    isAlias: true,
  },
  // python-o365 creates drafts here. Other folders are none of the queue's.
  {
    name: 'create-draft-in-drafts',
    path: `${USER}/mailFolders/Drafts/messages`,
    access: 'callers',
    operations: { POST: 'createDraft' },
    isAlias: true,
  },
  { name: 'list-send-requests', path: `${USER}/sendRequests`, access: 'callers', operations: { GET: 'listSendRequests' } },
  { name: 'get-send-request', path: `${USER}/sendRequests/{id}`, access: 'callers', operations: { GET: 'getSendRequest' } },
  { name: 'cancel-send-request', path: `${USER}/sendRequests/{id}/cancel`, access: 'callers', operations: { POST: 'cancelSendRequest' } },
  { name: 'resend-send-request', path: `${USER}/sendRequests/{id}/resend`, access: 'callers', operations: { POST: 'resendSendRequest' } },
  { name: 'preflight', path: `${USER}/preflight`, access: 'callers', operations: { GET: 'preflight' } },
  { name: 'limits', path: 'v1.0/limits', access: 'operators', operations: { GET: 'listLimits' } },
  { name: 'pauses', path: 'v1.0/pauses', access: 'operators', operations: { GET: 'listPauses', POST: 'pause' } },
  { name: 'resume', path: 'v1.0/pauses/{id}', access: 'operators', operations: { DELETE: 'resume' } },
  { name: 'suppressions', path: 'v1.0/suppressions', access: 'operators', operations: { GET: 'listSuppressions' } },
  { name: 'lift-suppression', path: 'v1.0/suppressions/{address}', access: 'operators', operations: { DELETE: 'liftSuppression' } },
  { name: 'list-all-send-requests', path: 'v1.0/sendRequests', access: 'operators', operations: { GET: 'listAllSendRequests' } },
  { name: 'activity', path: 'v1.0/activity', access: 'operators', operations: { GET: 'getActivity' } },
  { name: 'overview', path: 'v1.0/overview', access: 'operators', operations: { GET: 'getOverview' } },
  { name: 'cancel-by-filter', path: 'v1.0/sendRequests/cancel', access: 'operators', operations: { POST: 'cancelByFilter' } },
  { name: 'resend-by-filter', path: 'v1.0/sendRequests/resend', access: 'operators', operations: { POST: 'resendByFilter' } },
  { name: 'health-live', path: 'health/live', access: 'anonymous', operations: { GET: 'getLive' } },
  { name: 'health-ready', path: 'health/ready', access: 'anonymous', operations: { GET: 'getReady' } },
  { name: 'openapi', path: 'openapi.json', access: 'anonymous', operations: { GET: 'getOpenApi' } },
  CONSOLE_ROUTE,
];

/** What OpenAPI describes. */
export const API_ROUTES = ROUTES.filter(({ isAlias, isPage }) => !isAlias && !isPage);

/** The actions of a message, by their names in lower case. */
export const MESSAGE_ACTIONS: ReadonlyMap<string, Operation> = new Map(
  OPERATIONS.filter((operation) => isAction(operation) && namesMessage(operation)).map((operation) => [operation.toLowerCase(), operation]),
);

export const methodsOf = ({ operations }: Pick<HttpRoute, 'operations'>): Method[] => Object.keys(operations) as Method[];
