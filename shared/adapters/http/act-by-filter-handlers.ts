// POST sendRequests/cancel and /resend with {filter, dryRun}: for operators.
import * as z from 'zod';
import type { Caller } from '../../domain/accept/caller.ts';
import { checkShape } from '../../domain/content/check-shape.ts';
import { parseJsonObject } from '../../domain/content/decode-json.ts';
import { type Checked, ok, problems } from '../../domain/content/problem.ts';
import type { SendRequestFilter } from '../../domain/log/filter.ts';
import { MAXIMUM_FILTER_LENGTH, parseFilter } from '../../domain/log/parse-filter.ts';
import type { ActedByFilter, BulkAction } from '../../usecases/act/act-by-filter.ts';
import { jsonAnswer } from './answer.ts';
import { type AuthorizationDependencies, authorizedCaller, MANAGE_ALL } from './authorize.ts';
import { type HandlerDependencies, type HttpHandler, httpHandler } from './handler.ts';
import { readBody } from './read-body.ts';
import { toSummary } from './send-request-json.ts';

export interface ActByFilterDependencies extends HandlerDependencies, AuthorizationDependencies {
  /** Whether subjects are kept. */
  logSubjects: boolean;
  actByFilter: (caller: Caller, action: BulkAction, filter: SendRequestFilter, dryRun: boolean) => Promise<ActedByFilter>;
}

const MAXIMUM_BODY = 16_384;

export const actByFilterSchema = z
  .strictObject({
    filter: z.string().min(1).max(MAXIMUM_FILTER_LENGTH).describe('A filter as in $filter of the lists'),
    dryRun: z.boolean().optional().describe('true: only lists the send requests that match, and does nothing'),
  })
  .meta({ id: 'actByFilter' });

interface Order {
  filter: SendRequestFilter;
  dryRun: boolean;
}

function orderOf(body: Uint8Array, action: BulkAction): Checked<Order> {
  const parsed = parseJsonObject(body);
  if (!parsed.ok) return parsed;
  const shape = checkShape(parsed.value, actByFilterSchema, action);
  if (!shape.ok) return shape;
  const filter = parseFilter(shape.value.filter);
  return filter.ok ? ok({ filter: filter.value, dryRun: shape.value.dryRun === true }) : filter;
}

function toJson({ each, more, leftOut }: ActedByFilter, dryRun: boolean) {
  const value = each.map(({ record, result }) => ({ ...toSummary(record), ...(result && { done: result.done, detail: result.detail }) }));
  return { dryRun, matched: each.length, done: each.filter(({ result }) => result?.done).length, more, leftOut, value };
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
    const named = { ...filter, ...(mailbox && { mailbox: mailbox.value }) };
    return jsonAnswer(200, toJson(await dependencies.actByFilter(caller.value, action, named, dryRun), dryRun), ids);
  });
}
