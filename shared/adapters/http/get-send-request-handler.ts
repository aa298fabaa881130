// GET /v1.0/users/{mailbox}/sendRequests/{id}: status, recipients and timeline of one send request.
import type { HttpResponseInit } from '@azure/functions';
import { maySee } from '../../domain/accept/caller.ts';
import { type Problem, problems } from '../../domain/content/problem.ts';
import { belongsTo, timeOfId } from '../../domain/log/send-request-id.ts';
import type { StatusLog } from '../../ports/status-log.ts';
import { jsonAnswer, type RequestIds } from './answer.ts';
import { type AuthorizationDependencies, callerAndMailbox, READ } from './authorize.ts';
import { type HandlerDependencies, type HttpHandler, httpHandler } from './handler.ts';
import { toSendRequestJson } from './send-request-json.ts';

export interface GetSendRequestDependencies extends HandlerDependencies, AuthorizationDependencies {
  log: StatusLog;
  /** How long a request may wait for its first row. */
  sendLifetimeMs: number;
}

/** We gave this id out for this mailbox, and the log has no row for it: the log was out of reach when the request was accepted. */
function notLoggedYet(id: string, mailbox: string, dependencies: GetSendRequestDependencies, ids: RequestIds): HttpResponseInit | Problem {
  if (Math.abs(dependencies.clock.now() - timeOfId(id)) > dependencies.sendLifetimeMs) return problems.notFound();
  const createdDateTime = new Date(timeOfId(id)).toISOString();
  return jsonAnswer(
    200,
    { id, status: 'queued', mailbox, createdDateTime, attempts: 0, hasFailures: false, recipients: [], events: [] },
    ids,
  );
}

export function getSendRequestHandler(dependencies: GetSendRequestDependencies): HttpHandler {
  return httpHandler(dependencies, async (request, ids) => {
    const authorized = await callerAndMailbox(dependencies, request, READ);
    if (!authorized.ok) return authorized.problem;
    const { caller, mailbox } = authorized.value;
    const id = (request.params['id'] ?? '').toLowerCase();
    if (!belongsTo(id, mailbox)) return problems.notFound();
    const stored = await dependencies.log.read(mailbox, id);
    if (!stored) return notLoggedYet(id, mailbox, dependencies, ids);
    // A caller that may not see it does not learn that it exists.
    if (!maySee(caller, stored.value.application)) return problems.notFound();
    const [recipients, events] = await Promise.all([
      stored.recipients ?? dependencies.log.recipients(mailbox, id),
      dependencies.log.events(mailbox, id),
    ]);
    return jsonAnswer(200, toSendRequestJson(stored.value, recipients, events), ids);
  });
}
