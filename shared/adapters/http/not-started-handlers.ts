// What an app answers whose settings are wrong: that it has not started, and which settings are wrong. Nothing else runs then.
import type { InvocationContext } from '@azure/functions';
import { problems } from '../../domain/content/problem.ts';
import { type HandlerDependencies, type HttpHandler, httpHandler } from './handler.ts';
import { ALL_METHODS, type HttpFunction } from './handlers.ts';
import { healthAnswer } from './health-handlers.ts';
import { ROUTES, UNKNOWN_PATH } from './routes.ts';

export interface NotStartedDependencies extends HandlerDependencies {
  /** Names of the wrong settings; empty if the fault is another one. */
  settings: readonly string[];
  /** The whole reason, with values. Nobody but the log gets it. */
  forTheLog: string;
}

/** Seconds. A person must change a setting first. */
const RETRY_AFTER = 60;
const LOG_EVERY_MS = 60_000;

/** For anybody who asks: names and no values. */
const reasonFor = (settings: readonly string[]): string =>
  settings.length > 0 ? `application settings are wrong: ${settings.join(', ')}` : 'the app could not be put together; the log says why';

/** The functions in place of all others. No queue trigger: nothing is taken from the queue. No timer: the alert `reconciler-silent` fires. */
export function notStartedFunctions(dependencies: NotStartedDependencies): HttpFunction[] {
  const { clock, settings, forTheLog } = dependencies;
  const reason = reasonFor(settings);
  let loggedAt = Number.NEGATIVE_INFINITY;
  /** Anybody may ask, and as often as they like. */
  const log = (invocation: InvocationContext): void => {
    if (clock.now() < loggedAt + LOG_EVERY_MS) return;
    loggedAt = clock.now();
    invocation.error(`not ready: the app has not started: ${forTheLog}`);
  };
  const health: HttpHandler = async (_request, invocation) => {
    log(invocation);
    return healthAnswer(503, { status: 'notStarted', reason, settings });
  };
  const refuse = httpHandler(dependencies, async () => problems.unavailable('the service has not started', RETRY_AFTER));
  const everythingElse: HttpHandler = (request, invocation) => {
    log(invocation);
    return refuse(request, invocation);
  };
  const probes = ROUTES.filter(({ operations }) => operations.GET === 'getLive' || operations.GET === 'getReady');
  return [
    ...probes.map(({ name, path, access }): HttpFunction => ({ name, path, access, methods: ['GET'], handler: health })),
    { ...UNKNOWN_PATH, methods: ALL_METHODS, handler: everythingElse },
  ];
}
