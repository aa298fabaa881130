// POST sendRequests/cancel and /resend with {filter, recipients, reason, dryRun, after}: for operators.
import type { Caller } from '../../domain/accept/caller.ts';
import { type Checked, ok, problems, refused } from '../../domain/content/problem.ts';
import { parseFilter } from '../../domain/log/parse-filter.ts';
import { type ActedByFilter, type BulkAction, type BulkOrder, positionText, readBulkPosition } from '../../usecases/act/act-by-filter.ts';
import { actByFilterSchema, readOrder } from './act-orders.ts';
import { jsonAnswer } from './answer.ts';
import { type AuthorizationDependencies, authorizedCaller, MANAGE_ALL } from './authorize.ts';
import { type HandlerDependencies, type HttpHandler, httpHandler } from './handler.ts';
import { readBody } from './read-body.ts';
import { toSummary } from './send-request-json.ts';

export interface ActByFilterDependencies extends HandlerDependencies, AuthorizationDependencies {
  /** Whether subjects are kept. */
  logSubjects: boolean;
  actByFilter: (caller: Caller, order: BulkOrder) => Promise<ActedByFilter>;
}

const MAXIMUM_BODY = 16_384;

function orderOf(body: Uint8Array, action: BulkAction): Checked<BulkOrder> {
  const order = readOrder(body, actByFilterSchema, action, false);
  if (!order.ok) return order;
  const { recipients = 'all', reason, dryRun = false, after } = order.value;
  if (action === 'cancel' && order.value.recipients !== undefined) return refused(problems.unknownParameter('recipients', action));
  const filter = parseFilter(order.value.filter);
  if (!filter.ok) return filter;
  const position = after === undefined ? undefined : readBulkPosition(after);
  if (after !== undefined && !position) return refused(problems.wrongType('after', "expected 'next' of an earlier answer"));
  return ok({ action, filter: filter.value, recipients, dryRun, reason, after: position });
}

/** In a dry run `possible` stands in place of `done`. */
function toJson({ each, next, leftOut }: ActedByFilter, dryRun: boolean) {
  const value = each.map(({ record, result }) => ({
    ...toSummary(record),
    ...(dryRun && { possible: result?.done ?? true }),
    ...(!dryRun && result && { done: result.done }),
    ...(result && { detail: result.detail }),
  }));
  return {
    dryRun,
    matched: each.length,
    done: dryRun ? 0 : each.filter(({ result }) => result?.done).length,
    more: next !== undefined,
    ...(next && { next: positionText(next) }),
    leftOut,
    value,
  };
}

export function actByFilterHandler(action: BulkAction, dependencies: ActByFilterDependencies): HttpHandler {
  return httpHandler(dependencies, async (request, ids) => {
    const caller = await authorizedCaller(dependencies, request, MANAGE_ALL, true);
    if (!caller.ok) return caller.problem;
    const body = await readBody(request, MAXIMUM_BODY);
    if (!body.ok) return body.problem;
    const order = orderOf(body.value, action);
    if (!order.ok) return order.problem;
    const { filter, dryRun } = order.value;
    if (filter.subject && !dependencies.logSubjects) return problems.subjectsNotKept();
    const mailbox = filter.mailbox === undefined ? undefined : await dependencies.authorization.canonicalName(filter.mailbox);
    if (mailbox && !mailbox.ok) return mailbox.problem;
    const named = { ...order.value, filter: { ...filter, ...(mailbox && { mailbox: mailbox.value }) } };
    return jsonAnswer(200, toJson(await dependencies.actByFilter(caller.value, named), dryRun), ids);
  });
}
