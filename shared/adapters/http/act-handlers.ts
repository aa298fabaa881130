// POST sendRequests/{id}/cancel and /resend: an application's own send requests, any of them for operators.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { accessProblems } from '../../domain/accept/access-problems.ts';
import type { Caller } from '../../domain/accept/caller.ts';
import { hasRole } from '../../domain/accept/caller.ts';
import { type Problem, problems } from '../../domain/content/problem.ts';
import { belongsTo, timeOfId } from '../../domain/log/send-request-id.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import type { EnqueueCommand } from '../../usecases/accept/enqueue-command.ts';
import type { Acted } from '../../usecases/act/cancel-send-request.ts';
import type { Resent } from '../../usecases/act/resend-send-request.ts';
import { jsonAnswer, type RequestIds } from './answer.ts';
import { type GateParts, MANAGE, visitorOf } from './gate.ts';
import { type HandlerParts, type HttpHandler, httpHandler } from './handler.ts';
import { locationOf, toSummary } from './send-request-json.ts';

export interface ActParts extends HandlerParts, GateParts {
  cancel: (caller: Caller, mailbox: string, id: string) => Promise<Acted>;
  resend: (
    caller: Caller,
    named: { mailbox: string; id: string },
    admit: (command: EnqueueCommand) => Promise<Problem | undefined>,
  ) => Promise<Resent>;
  /** How long a request may wait for its first row. */
  sendLifetimeMs: number;
}

/** Its state doesn't allow what was asked; the message names it. */
const wrongState = (message: string): Problem => ({ status: 409, code: 'InvalidSendRequestState', message });

type Act = (caller: Caller, mailbox: string, id: string, ids: RequestIds) => Promise<HttpResponseInit | Problem>;

function handler(parts: ActParts, act: Act): HttpHandler {
  return httpHandler(parts, async (request: HttpRequest, ids) => {
    const visitor = await visitorOf(parts, request, MANAGE);
    if (!visitor.ok) return visitor.problem;
    const { caller, mailbox } = visitor.value;
    const id = (request.params['id'] ?? '').toLowerCase();
    if (!belongsTo(id, mailbox)) return problems.notFound();
    try {
      return await act(caller, mailbox, id, ids);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      return problems.unavailable(`a store is out of reach (${error.message})`);
    }
  });
}

/** An id that we gave out, whose row isn't there yet: the log was out of reach then. */
function absent(id: string, parts: ActParts): Problem {
  const isYoung = Math.abs(parts.clock.now() - timeOfId(id)) <= parts.sendLifetimeMs;
  return isYoung
    ? { ...wrongState('The send request is queued, and not in the log yet: repeat this in a moment.'), retryAfter: 5 }
    : problems.notFound();
}

/** Why nothing was done, the same for every action. */
function notDone(acted: Exclude<Acted, { kind: 'done' }>, id: string, parts: ActParts): Problem {
  switch (acted.kind) {
    case 'impossible':
      return wrongState(acted.why);
    case 'denied':
      return accessProblems.accessDenied('The application may read this send request, and not act on it.');
    case 'unknown':
      return problems.notFound();
    case 'absent':
      return absent(id, parts);
  }
}

export const cancelHandler = (parts: ActParts): HttpHandler =>
  handler(parts, async (caller, mailbox, id, ids) => {
    const acted = await parts.cancel(caller, mailbox, id);
    return acted.kind === 'done' ? jsonAnswer(200, toSummary(acted.record), ids) : notDone(acted, id, parts);
  });

/** An application sends again under the policy of today; an operator acts for the application that sent first. */
async function admission(parts: ActParts, caller: Caller, mailbox: string, command: EnqueueCommand): Promise<Problem | undefined> {
  if (hasRole(caller, 'SendRequests.Manage.All')) return undefined;
  const mandate = await parts.mandates.mandate(caller, mailbox);
  return mandate.ok ? parts.mandates.admit(mandate.value, command) : mandate.problem;
}

export const resendHandler = (parts: ActParts): HttpHandler =>
  handler(parts, async (caller, mailbox, id, ids) => {
    const resent = await parts.resend(caller, { mailbox, id }, (command) => admission(parts, caller, mailbox, command));
    switch (resent.kind) {
      case 'resent':
        return jsonAnswer(202, toSummary(resent.as), ids, { location: locationOf(resent.as) });
      case 'refused':
        return resent.problem;
      case 'unavailable':
        return problems.unavailable(resent.reason, resent.retryAfter);
      default:
        return notDone(resent, id, parts);
    }
  });
