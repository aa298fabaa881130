// GET sendRequests of one mailbox (an application's own; all of them for operators), and of all mailboxes (operators only).
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { type Caller, hasRole, type Role } from '../../domain/accept/caller.ts';
import { type Problem, problems } from '../../domain/content/problem.ts';
import { type ListOptions, readListOptions, skipTokenOf } from '../../domain/log/list-options.ts';
import type { ListPage, SendRequestList } from '../../ports/send-request-list.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import { listSendRequests } from '../../usecases/log/list-send-requests.ts';
import { jsonAnswer, type RequestIds } from './answer.ts';
import { enter, type GateParts, READ, visitorOf } from './gate.ts';
import { type HandlerParts, type HttpHandler, httpHandler } from './handler.ts';
import { toSendRequestJson } from './send-request-json.ts';

export interface ListParts extends HandlerParts, GateParts {
  list: SendRequestList;
}

const ALL: readonly Role[] = ['SendRequests.Read.All'];

/** Absolute, as Graph's are, with the same filter and page size. */
function nextLinkOf(request: HttpRequest, next: string): string {
  const url = new URL(request.url);
  for (const name of [...url.searchParams.keys()]) if (name.toLowerCase() === '$skiptoken') url.searchParams.delete(name);
  url.searchParams.set('$skiptoken', skipTokenOf(next));
  return url.href;
}

function toJson({ records, next }: ListPage, request: HttpRequest) {
  const value = records.map((record) => {
    const { recipients: _recipients, events: _events, ...properties } = toSendRequestJson(record, [], []);
    return properties;
  });
  return { value, ...(next !== undefined && { '@odata.nextLink': nextLinkOf(request, next) }) };
}

/** What an application may not see is as if it weren't there. */
const isForeign = (caller: Caller, { filter }: ListOptions): boolean =>
  !hasRole(caller, 'SendRequests.Read.All') && filter.application !== undefined && filter.application !== caller.application;

async function answer(parts: ListParts, request: HttpRequest, ids: RequestIds, options: ListOptions): Promise<HttpResponseInit | Problem> {
  try {
    return jsonAnswer(200, toJson(await listSendRequests(parts.list, options), request), ids);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return problems.unavailable(`the status log is out of reach (${error.message})`);
  }
}

export function listSendRequestsHandler(parts: ListParts): HttpHandler {
  return httpHandler(parts, async (request, ids) => {
    const visitor = await visitorOf(parts, request, READ);
    if (!visitor.ok) return visitor.problem;
    const { caller, mailbox } = visitor.value;
    const options = readListOptions(request.query);
    if (!options.ok) return options.problem;
    const { filter } = options.value;
    if (isForeign(caller, options.value) || (filter.mailbox ?? mailbox) !== mailbox) return jsonAnswer(200, { value: [] }, ids);
    const own = hasRole(caller, 'SendRequests.Read.All') ? {} : { application: caller.application };
    return answer(parts, request, ids, { ...options.value, filter: { ...filter, ...own, mailbox } });
  });
}

export function listAllSendRequestsHandler(parts: ListParts): HttpHandler {
  return httpHandler(parts, async (request, ids) => {
    const caller = await enter(parts, request, ALL, true);
    if (!caller.ok) return caller.problem;
    const options = readListOptions(request.query);
    if (!options.ok) return options.problem;
    const { filter } = options.value;
    const mailbox = filter.mailbox === undefined ? undefined : await parts.mandates.canonical(filter.mailbox);
    if (mailbox && !mailbox.ok) return mailbox.problem;
    return answer(parts, request, ids, { ...options.value, filter: { ...filter, ...(mailbox && { mailbox: mailbox.value }) } });
  });
}
