// Which handler answers which operation of the routes.
import { OPERATIONS } from '../../domain/operations.ts';
import { type ActByFilterDependencies, actByFilterHandler } from './act-by-filter-handlers.ts';
import { type ActDependencies, cancelHandler, resendHandler } from './act-handlers.ts';
import { type ConsoleDependencies, consoleHandler } from './console-handler.ts';
import { type GetSendRequestDependencies, getSendRequestHandler } from './get-send-request-handler.ts';
import type { HttpHandler } from './handler.ts';
import { type Dependency, healthLiveHandler, healthReadyHandler } from './health-handlers.ts';
import { type LimitsDependencies, limitsHandler } from './limits-handler.ts';
import { type ListDependencies, listAllSendRequestsHandler, listSendRequestsHandler } from './list-send-requests-handler.ts';
import { type MailDependencies, mailHandler } from './mail-handler.ts';
import { openApi } from './openapi.ts';
import { activityHandler, type OverviewDependencies, overviewHandler } from './overview-handlers.ts';
import { listPausesHandler, type PausesDependencies, pauseHandler, resumeHandler } from './pauses-handlers.ts';
import { type PreflightHandlerDependencies, preflightHandler } from './preflight-handler.ts';
import { qualifiedActionHandler } from './qualified-action-handler.ts';
import { type Access, CONSOLE_ROUTE, type Method, methodsOf, type OperationId, QUALIFIED_ACTION, ROUTES, UNKNOWN_PATH } from './routes.ts';
import { liftSuppressionHandler, listSuppressionsHandler, type SuppressionsDependencies } from './suppressions-handlers.ts';
import { unknownPathHandler } from './unknown-path-handler.ts';

export interface HttpDependencies
  extends MailDependencies,
    ActDependencies,
    ActByFilterDependencies,
    PausesDependencies,
    SuppressionsDependencies,
    PreflightHandlerDependencies,
    LimitsDependencies,
    ListDependencies,
    OverviewDependencies,
    ConsoleDependencies,
    GetSendRequestDependencies {
  version: string;
  /** What readiness asks. */
  readiness: readonly Dependency[];
  /** Why events could not be published; absent: events are off. */
  events: Readonly<{ reason: string | undefined }> | undefined;
}

/** What `app.http` needs of a function. */
export interface HttpFunction {
  name: string;
  path: string;
  access: Access;
  methods: (Method | 'PUT' | 'PATCH' | 'HEAD' | 'OPTIONS')[];
  handler: HttpHandler;
}

/** The Functions library throws on TRACE and CONNECT, so the host's bare 404 is better for them. */
export const ALL_METHODS: HttpFunction['methods'] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

function handlersOf(dependencies: HttpDependencies): Record<OperationId, HttpHandler> {
  const mail = OPERATIONS.map((operation) => [operation, mailHandler(operation, dependencies)] as const);
  return {
    ...(Object.fromEntries(mail) as Record<(typeof OPERATIONS)[number], HttpHandler>),
    listSendRequests: listSendRequestsHandler(dependencies),
    getSendRequest: getSendRequestHandler(dependencies),
    cancelSendRequest: cancelHandler(dependencies),
    resendSendRequest: resendHandler(dependencies),
    preflight: preflightHandler(dependencies),
    listLimits: limitsHandler(dependencies),
    listPauses: listPausesHandler(dependencies),
    pause: pauseHandler(dependencies),
    resume: resumeHandler(dependencies),
    listSuppressions: listSuppressionsHandler(dependencies),
    liftSuppression: liftSuppressionHandler(dependencies),
    listAllSendRequests: listAllSendRequestsHandler(dependencies),
    getActivity: activityHandler(dependencies),
    getOverview: overviewHandler(dependencies),
    cancelByFilter: actByFilterHandler('cancel', dependencies),
    resendByFilter: actByFilterHandler('resend', dependencies),
    getLive: healthLiveHandler(dependencies.version),
    getReady: healthReadyHandler(dependencies),
    getOpenApi: async () => ({ status: 200, jsonBody: openApi(dependencies.version) }),
    getConsole: consoleHandler(dependencies),
  };
}

/** Every HTTP function, in the order in which they are registered: the one for unknown paths comes last. */
export function httpFunctions(dependencies: HttpDependencies): HttpFunction[] {
  const handlers = handlersOf(dependencies);
  const routes = ROUTES.filter((route) => route !== CONSOLE_ROUTE || dependencies.console);
  const routed = routes.map(({ name, path, access, operations }): HttpFunction => {
    const handler: HttpHandler = (request, invocation) =>
      handlers[operations[request.method as Method] as OperationId](request, invocation);
    return { name, path, access, methods: methodsOf({ operations }), handler };
  });
  return [
    ...routed,
    { ...QUALIFIED_ACTION, methods: ['POST'], handler: qualifiedActionHandler(dependencies) },
    { ...UNKNOWN_PATH, methods: ALL_METHODS, handler: unknownPathHandler(dependencies) },
  ];
}
