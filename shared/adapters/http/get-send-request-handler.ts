// GET /v1.0/users/{mailbox}/sendRequests/{id}: status, recipients and timeline of one send request.
import type { HttpResponseInit } from '@azure/functions';
import { maySee } from '../../domain/accept/caller.ts';
import { type Problem, problems } from '../../domain/content/problem.ts';
import { belongsTo, timeOfId } from '../../domain/log/send-request-id.ts';
import type { StatusLog } from '../../ports/status-log.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import { jsonAnswer, type RequestIds } from './answer.ts';
import { type GateParts, READ, visitorOf } from './gate.ts';
import { type HandlerParts, type HttpHandler, httpHandler } from './handler.ts';
import { toSendRequestJson } from './send-request-json.ts';

export interface GetSendRequestParts extends HandlerParts, GateParts {
  log: StatusLog;
  /** How long a request may wait for its first row. */
  sendLifetimeMs: number;
}

/** The id was given out for this mailbox, and its row isn't there yet: the log was out of reach when it was accepted. */
function notLoggedYet(id: string, mailbox: string, parts: GetSendRequestParts, ids: RequestIds): HttpResponseInit | Problem {
  if (Math.abs(parts.clock.now() - timeOfId(id)) > parts.sendLifetimeMs) return problems.notFound();
  const createdDateTime = new Date(timeOfId(id)).toISOString();
  return jsonAnswer(200, { id, status: 'queued', mailbox, createdDateTime, attempts: 0, recipients: [], events: [] }, ids);
}

export function getSendRequestHandler(parts: GetSendRequestParts): HttpHandler {
  return httpHandler(parts, async (request, ids) => {
    const visitor = await visitorOf(parts, request, READ);
    if (!visitor.ok) return visitor.problem;
    const { caller, mailbox } = visitor.value;
    const id = (request.params['id'] ?? '').toLowerCase();
    if (!belongsTo(id, mailbox)) return problems.notFound();
    try {
      const stored = await parts.log.read(mailbox, id);
      if (!stored) return notLoggedYet(id, mailbox, parts, ids);
      // Not a word on whether it is there.
      if (!maySee(caller, stored.value.application)) return problems.notFound();
      const [recipients, events] = await Promise.all([parts.log.recipients(mailbox, id), parts.log.events(mailbox, id)]);
      return jsonAnswer(200, toSendRequestJson(stored.value, recipients, events), ids);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      return problems.unavailable(`the status log is out of reach (${error.message})`);
    }
  });
}
