// GET /v1.0/limits: what is left of Exchange's limits, for operators.
import type { HttpRequest } from '@azure/functions';
import type { Role } from '../../domain/accept/caller.ts';
import { canonicalMailbox } from '../../domain/address/mailbox-name.ts';
import { printable } from '../../domain/content/addresses.ts';
import { type Checked, ok, type Problem, refused } from '../../domain/content/problem.ts';
import type { LimitsPage, LimitsQuery } from '../../usecases/limits/show-limits.ts';
import { jsonAnswer } from './answer.ts';
import { type AuthorizationDependencies, authorizedCaller } from './authorize.ts';
import { type HandlerDependencies, type HttpHandler, httpHandler } from './handler.ts';

export interface LimitsDependencies extends HandlerDependencies, AuthorizationDependencies {
  listLimits: (query: LimitsQuery) => Promise<LimitsPage>;
}

const ALL: readonly Role[] = ['SendRequests.Read.All'];
const DEFAULT_TOP = 50;
const MAXIMUM_TOP = 200;

/** The name of a mailbox, as a text that callers use unchanged. */
const TOKEN = /^l1-([A-Za-z0-9_-]{1,400})$/;

/** Read from the query. */
export const LIMITS_OPTIONS: Readonly<Record<string, { description: string; schema: Record<string, unknown> }>> = {
  $top: {
    description: 'Maximum number of mailboxes in a page',
    schema: { type: 'integer', minimum: 1, maximum: MAXIMUM_TOP, default: DEFAULT_TOP },
  },
  $skiptoken: {
    description: 'The place where the next page begins: use @odata.nextLink unchanged',
    schema: { type: 'string', pattern: TOKEN.source },
  },
};

const wrong = (message: string): Checked<never> => refused({ status: 400, code: 'BadRequest', message } satisfies Problem);

function readOption(query: LimitsQuery, name: string, value: string): Checked<LimitsQuery> {
  if (name === '$top') {
    const top = /^\d{1,3}$/.test(value) ? Number(value) : 0;
    const isRight = top >= 1 && top <= MAXIMUM_TOP;
    return isRight
      ? ok({ ...query, top })
      : wrong(`Invalid value '${printable(value)}' for $top: expected a number from 1 to ${MAXIMUM_TOP}.`);
  }
  if (name === '$skiptoken') {
    const after = Buffer.from(TOKEN.exec(value)?.[1] ?? '', 'base64url').toString();
    return canonicalMailbox(after) === undefined ? wrong('Invalid $skiptoken: use @odata.nextLink unchanged.') : ok({ ...query, after });
  }
  // A name without a dollar sign is no option of OData, such as a function key.
  return name.startsWith('$') ? wrong(`The query option '${printable(name)}' is not supported.`) : ok(query);
}

function queryOf(request: HttpRequest): Checked<LimitsQuery> {
  let read: Checked<LimitsQuery> = ok({ top: DEFAULT_TOP });
  for (const [name, value] of request.query) if (read.ok) read = readOption(read.value, name.toLowerCase(), value);
  return read;
}

function nextLinkOf(request: HttpRequest, next: string): string {
  const url = new URL(request.url);
  for (const name of [...url.searchParams.keys()]) if (name.toLowerCase() === '$skiptoken') url.searchParams.delete(name);
  url.searchParams.set('$skiptoken', `l1-${Buffer.from(next).toString('base64url')}`);
  return url.href;
}

export const limitsHandler = (dependencies: LimitsDependencies): HttpHandler =>
  httpHandler(dependencies, async (request, ids) => {
    const caller = await authorizedCaller(dependencies, request, ALL, true);
    if (!caller.ok) return caller.problem;
    const query = queryOf(request);
    if (!query.ok) return query.problem;
    const { mailboxes: value, next, ...rest } = await dependencies.listLimits(query.value);
    return jsonAnswer(200, { ...rest, value, ...(next !== undefined && { '@odata.nextLink': nextLinkOf(request, next) }) }, ids);
  });
