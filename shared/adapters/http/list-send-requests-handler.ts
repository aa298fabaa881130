// GET sendRequests of one mailbox (an application's own; all of them for operators), and of all mailboxes (operators only).
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { type Caller, hasRole, type Role } from '../../domain/accept/caller.ts';
import { type Problem, problems } from '../../domain/content/problem.ts';
import { deltaTokenOf, type FeedStart, feedSkipTokenOf, linkExpired } from '../../domain/log/change-feed.ts';
import { type ListOptions, readListOptions, skipTokenOf } from '../../domain/log/list-options.ts';
import type { SendRequestRecord } from '../../domain/log/send-request.ts';
import type { ChangeFeed } from '../../ports/change-feed.ts';
import type { SendRequestList } from '../../ports/send-request-list.ts';
import { listChanges } from '../../usecases/log/list-changes.ts';
import { listSendRequests } from '../../usecases/log/list-send-requests.ts';
import { jsonAnswer, type RequestIds } from './answer.ts';
import { type AuthorizationDependencies, authorizedCaller, callerAndMailbox, READ } from './authorize.ts';
import { type HandlerDependencies, type HttpHandler, httpHandler } from './handler.ts';
import { toSendRequestJson } from './send-request-json.ts';

export interface ListDependencies extends HandlerDependencies, AuthorizationDependencies {
  list: SendRequestList;
  feed: ChangeFeed;
  /** How long records are kept, and with them the links of the change feed. */
  logRetentionMs: number;
  /** Whether subjects are kept. */
  logSubjects: boolean;
}

const ALL: readonly Role[] = ['SendRequests.Read.All'];

/** Absolute, as Graph's are, with the same filter and page size. */
function linkOf(request: HttpRequest, option: '$skiptoken' | '$deltatoken', token: string): string {
  const url = new URL(request.url);
  for (const name of [...url.searchParams.keys()]) if (/^\$(skip|delta)token$/i.test(name)) url.searchParams.delete(name);
  url.searchParams.set(option, token);
  return url.href;
}

function toValue(records: readonly SendRequestRecord[]) {
  return records.map((record) => {
    const { recipients: _recipients, events: _events, ...properties } = toSendRequestJson(record, [], []);
    return properties;
  });
}

/** An application gets an empty list if it asks for send requests that it may not see. */
const isForeign = (caller: Caller, { filter }: ListOptions): boolean =>
  !hasRole(caller, 'SendRequests.Read.All') && filter.application !== undefined && filter.application !== caller.application;

/** A page of the list by changes, or why the link can no longer be used. */
async function changesJson(
  { feed: changes, clock, logRetentionMs }: ListDependencies,
  request: HttpRequest,
  options: ListOptions,
  feed: FeedStart,
) {
  const { filter, top, scope } = options;
  const page = await listChanges({ feed: changes, now: clock.now(), retentionMs: logRetentionMs }, { filter, top, feed });
  if (!page) return undefined;
  const { records, next, since } = page;
  return {
    value: toValue(records),
    ...(next && { '@odata.nextLink': linkOf(request, '$skiptoken', feedSkipTokenOf(next, scope)) }),
    ...(since !== undefined && { '@odata.deltaLink': linkOf(request, '$deltatoken', deltaTokenOf(since, scope)) }),
  };
}

async function answer(
  dependencies: ListDependencies,
  request: HttpRequest,
  ids: RequestIds,
  options: ListOptions,
): Promise<HttpResponseInit | Problem> {
  if (options.filter.subject && !dependencies.logSubjects) return problems.subjectsNotKept();
  if (options.feed) {
    const changes = await changesJson(dependencies, request, options, options.feed);
    return changes ? jsonAnswer(200, changes, ids) : linkExpired();
  }
  const { filter, top, after } = options;
  const { records, next } = await listSendRequests(dependencies.list, { filter, top, ...(after !== undefined && { after }) });
  const nextLink = next !== undefined && { '@odata.nextLink': linkOf(request, '$skiptoken', skipTokenOf(next)) };
  return jsonAnswer(200, { value: toValue(records), ...nextLink }, ids);
}

export function listSendRequestsHandler(dependencies: ListDependencies): HttpHandler {
  return httpHandler(dependencies, async (request, ids) => {
    const authorized = await callerAndMailbox(dependencies, request, READ);
    if (!authorized.ok) return authorized.problem;
    const { caller, mailbox } = authorized.value;
    const options = readListOptions(request.query, mailbox);
    if (!options.ok) return options.problem;
    const { filter } = options.value;
    if (isForeign(caller, options.value) || (filter.mailbox ?? mailbox) !== mailbox) return jsonAnswer(200, { value: [] }, ids);
    const own = hasRole(caller, 'SendRequests.Read.All') ? {} : { application: caller.application };
    return answer(dependencies, request, ids, { ...options.value, filter: { ...filter, ...own, mailbox } });
  });
}

export function listAllSendRequestsHandler(dependencies: ListDependencies): HttpHandler {
  return httpHandler(dependencies, async (request, ids) => {
    const caller = await authorizedCaller(dependencies, request, ALL, true);
    if (!caller.ok) return caller.problem;
    const options = readListOptions(request.query);
    if (!options.ok) return options.problem;
    const { filter } = options.value;
    const mailbox = filter.mailbox === undefined ? undefined : await dependencies.authorization.canonicalName(filter.mailbox);
    if (mailbox && !mailbox.ok) return mailbox.problem;
    return answer(dependencies, request, ids, { ...options.value, filter: { ...filter, ...(mailbox && { mailbox: mailbox.value }) } });
  });
}
