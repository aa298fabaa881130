// POST sendRequests/cancel and /resend with {filter, dryRun}: for operators.
import { z } from 'zod';
import type { Caller } from '../../domain/accept/caller.ts';
import { checkShape } from '../../domain/content/check-shape.ts';
import { parseJsonObject } from '../../domain/content/decode-json.ts';
import { type Checked, ok, problems } from '../../domain/content/problem.ts';
import type { SendRequestFilter } from '../../domain/log/filter.ts';
import { parseFilter } from '../../domain/log/parse-filter.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import type { ActedByFilter, Action } from '../../usecases/act/act-by-filter.ts';
import { jsonAnswer } from './answer.ts';
import { enter, type GateParts, MANAGE_ALL } from './gate.ts';
import { type HandlerParts, type HttpHandler, httpHandler } from './handler.ts';
import { readBody } from './read-body.ts';
import { toSummary } from './send-request-json.ts';

export interface ActByFilterParts extends HandlerParts, GateParts {
  actByFilter: (caller: Caller, action: Action, filter: SendRequestFilter, dryRun: boolean) => Promise<ActedByFilter>;
}

const MAXIMUM_BODY = 16_384;

export const actByFilterSchema = z.strictObject({ filter: z.string().min(1), dryRun: z.boolean().optional() });

interface Order {
  filter: SendRequestFilter;
  dryRun: boolean;
}

function orderOf(body: Uint8Array, action: Action): Checked<Order> {
  const parsed = parseJsonObject(body);
  if (!parsed.ok) return parsed;
  const shape = checkShape(parsed.value, actByFilterSchema, action);
  if (!shape.ok) return shape;
  const filter = parseFilter(shape.value.filter);
  return filter.ok ? ok({ filter: filter.value, dryRun: shape.value.dryRun === true }) : filter;
}

function toJson({ each, more }: ActedByFilter, dryRun: boolean) {
  const value = each.map(({ record, result }) => ({ ...toSummary(record), ...(result && { done: result.done, detail: result.detail }) }));
  return { dryRun, matched: each.length, done: each.filter(({ result }) => result?.done).length, more, value };
}

export function actByFilterHandler(action: Action, parts: ActByFilterParts): HttpHandler {
  return httpHandler(parts, async (request, ids) => {
    const caller = await enter(parts, request, MANAGE_ALL, true);
    if (!caller.ok) return caller.problem;
    const body = await readBody(request, MAXIMUM_BODY);
    if (!body.ok) return body.problem;
    const order = orderOf(body.value, action);
    if (!order.ok) return order.problem;
    const { filter, dryRun } = order.value;
    const mailbox = filter.mailbox === undefined ? undefined : await parts.mandates.canonical(filter.mailbox);
    if (mailbox && !mailbox.ok) return mailbox.problem;
    try {
      const named = { ...filter, ...(mailbox && { mailbox: mailbox.value }) };
      return jsonAnswer(200, toJson(await parts.actByFilter(caller.value, action, named, dryRun), dryRun), ids);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      return problems.unavailable(`a store is out of reach (${error.message})`);
    }
  });
}
