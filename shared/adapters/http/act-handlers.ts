// POST sendRequests/{id}/cancel and /resend: an application's own send requests, any of them for operators.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { accessProblems } from '../../domain/accept/access-problems.ts';
import type { Caller } from '../../domain/accept/caller.ts';
import { hasRole } from '../../domain/accept/caller.ts';
import { type Problem, problems } from '../../domain/content/problem.ts';
import { belongsTo, timeOfId } from '../../domain/log/send-request-id.ts';
import type { EnqueueCommand } from '../../usecases/accept/enqueue-command.ts';
import type { Acted } from '../../usecases/act/cancel-send-request.ts';
import type { Admit, ResendOrder, Resent } from '../../usecases/act/resend-send-request.ts';
import { cancelOrderSchema, MAXIMUM_ORDER_BYTES, readOrder, resendOrderSchema } from './act-orders.ts';
import { jsonAnswer, type RequestIds } from './answer.ts';
import { type AuthorizationDependencies, callerAndMailbox, MANAGE } from './authorize.ts';
import { type HandlerDependencies, type HttpHandler, httpHandler } from './handler.ts';
import { readBody } from './read-body.ts';
import { locationOf, toSummary } from './send-request-json.ts';

interface Named {
  mailbox: string;
  id: string;
}

export interface ActDependencies extends HandlerDependencies, AuthorizationDependencies {
  cancel: (caller: Caller, named: Named, reason?: string) => Promise<Acted>;
  resend: (caller: Caller, named: Named, order: ResendOrder, admit: Admit) => Promise<Resent>;
  /** How long a request may wait for its first row. */
  sendLifetimeMs: number;
}

/** The state of the send request does not allow the action. The message names the state. */
const wrongState = (message: string): Problem => ({ status: 409, code: 'InvalidSendRequestState', message });

type Act = (caller: Caller, named: Named, body: Uint8Array, ids: RequestIds) => Promise<HttpResponseInit | Problem>;

function handler(dependencies: ActDependencies, act: Act): HttpHandler {
  return httpHandler(dependencies, async (request: HttpRequest, ids) => {
    const authorized = await callerAndMailbox(dependencies, request, MANAGE);
    if (!authorized.ok) return authorized.problem;
    const { caller, mailbox } = authorized.value;
    const id = (request.params['id'] ?? '').toLowerCase();
    if (!belongsTo(id, mailbox)) return problems.notFound();
    const body = await readBody(request, MAXIMUM_ORDER_BYTES);
    return body.ok ? await act(caller, { mailbox, id }, body.value, ids) : body.problem;
  });
}

/** We gave this id out, and the log has no row for it: the log was out of reach when the request was accepted. */
function absent(id: string, dependencies: ActDependencies): Problem {
  const isYoung = Math.abs(dependencies.clock.now() - timeOfId(id)) <= dependencies.sendLifetimeMs;
  return isYoung
    ? { ...wrongState('The send request is queued, but not in the log yet. Repeat the request in a moment.'), retryAfter: 5 }
    : problems.notFound();
}

/** Why nothing was done, the same for every action. */
function notDone(acted: Exclude<Acted, { kind: 'done' }>, id: string, dependencies: ActDependencies): Problem {
  switch (acted.kind) {
    case 'impossible':
      return wrongState(acted.why);
    case 'denied':
      return accessProblems.accessDenied('The application may read this send request, but not act on it.');
    case 'unknown':
      return problems.notFound();
    case 'absent':
      return absent(id, dependencies);
  }
}

export const cancelHandler = (dependencies: ActDependencies): HttpHandler =>
  handler(dependencies, async (caller, named, body, ids) => {
    const order = readOrder(body, cancelOrderSchema, 'cancel', true);
    if (!order.ok) return order.problem;
    const acted = await dependencies.cancel(caller, named, order.value.reason);
    return acted.kind === 'done' ? jsonAnswer(200, toSummary(acted.record), ids) : notDone(acted, named.id, dependencies);
  });

/** An application resends under today's policy. An operator acts for the application that sent first. */
async function admission(
  dependencies: ActDependencies,
  caller: Caller,
  mailbox: string,
  command: EnqueueCommand,
): Promise<Problem | undefined> {
  if (hasRole(caller, 'SendRequests.Manage.All')) return undefined;
  const sender = await dependencies.authorization.authorizeSender(caller, mailbox);
  return sender.ok ? dependencies.authorization.authorizeMail(sender.value, command) : sender.problem;
}

/** What a resend would do. */
const toPossible = ({ record, recipients, source }: Extract<Resent, { kind: 'possible' }>) => ({
  ...toSummary(record),
  dryRun: true,
  possible: true,
  content: source,
  recipients: recipients.map(({ address, type, replaces }) => ({ address, type, replaces })),
});

export const resendHandler = (dependencies: ActDependencies): HttpHandler =>
  handler(dependencies, async (caller, named, body, ids) => {
    const order = readOrder(body, resendOrderSchema, 'resend', true);
    if (!order.ok) return order.problem;
    const resent = await dependencies.resend(caller, named, order.value, (command) =>
      admission(dependencies, caller, named.mailbox, command),
    );
    switch (resent.kind) {
      case 'possible':
        return jsonAnswer(200, toPossible(resent), ids);
      case 'resent':
        return jsonAnswer(202, toSummary(resent.as), ids, { location: locationOf(resent.as) });
      case 'refused':
        return resent.problem;
      case 'unavailable':
        return problems.unavailable(resent.reason, resent.retryAfter);
      default:
        return notDone(resent, named.id, dependencies);
    }
  });
