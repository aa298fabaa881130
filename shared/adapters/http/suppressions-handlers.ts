// GET /v1.0/suppressions, DELETE /v1.0/suppressions/{address}: addresses that Exchange has called non-existent. For operators.
import type { HttpRequest } from '@azure/functions';
import type { Caller } from '../../domain/accept/caller.ts';
import { isAddress } from '../../domain/address/address.ts';
import { printable } from '../../domain/content/addresses.ts';
import { type Checked, ok, problems, refused } from '../../domain/content/problem.ts';
import type { SuppressionPage } from '../../ports/suppressions.ts';
import { jsonAnswer } from './answer.ts';
import { type AuthorizationDependencies, authorizedCaller, MANAGE_ALL } from './authorize.ts';
import { type HandlerDependencies, type HttpHandler, httpHandler } from './handler.ts';
import { reasonOption } from './reason-option.ts';

interface Page {
  top: number;
  after?: string;
}

export interface SuppressionsDependencies extends HandlerDependencies, AuthorizationDependencies {
  listSuppressions: (page: Page) => Promise<SuppressionPage>;
  liftSuppression: (caller: Caller, address: string, reason: string | undefined) => Promise<boolean>;
}

const DEFAULT_TOP = 100;
const MAXIMUM_TOP = 1_000;
/** The key of a row. It gives no access to anything. */
const TOKEN = /^[A-Za-z0-9@._=-]{1,250}$/;

/** Read from the query. */
export const SUPPRESSION_LIST_OPTIONS: Readonly<Record<string, { description: string; schema: Record<string, unknown> }>> = {
  $top: {
    description: 'Maximum number of addresses in a page',
    schema: { type: 'integer', minimum: 1, maximum: MAXIMUM_TOP, default: DEFAULT_TOP },
  },
  $skiptoken: { description: 'The place where the next page begins: use @odata.nextLink unchanged', schema: { type: 'string' } },
};

const wrong = (message: string) => refused({ status: 400, code: 'BadRequest', message });

function pageOf(query: Iterable<[string, string]>): Checked<Page> {
  let page: Page = { top: DEFAULT_TOP };
  for (const [name, value] of query) {
    const option = name.toLowerCase();
    if (option === '$top') {
      const isOk = /^\d{1,4}$/.test(value) && Number(value) >= 1 && Number(value) <= MAXIMUM_TOP;
      if (!isOk) return wrong(`Invalid value '${printable(value)}' for $top: expected a number from 1 to ${MAXIMUM_TOP}.`);
      page = { ...page, top: Number(value) };
    } else if (option === '$skiptoken') {
      if (!TOKEN.test(value)) return wrong('Invalid $skiptoken: use @odata.nextLink unchanged.');
      page = { ...page, after: value };
    } else if (name.startsWith('$')) return wrong(`The query option '${printable(name)}' is not supported.`);
  }
  return ok(page);
}

function nextLinkOf(request: HttpRequest, next: string): string {
  const url = new URL(request.url);
  for (const name of [...url.searchParams.keys()]) if (name.toLowerCase() === '$skiptoken') url.searchParams.delete(name);
  url.searchParams.set('$skiptoken', next);
  return url.href;
}

export const listSuppressionsHandler = (dependencies: SuppressionsDependencies): HttpHandler =>
  httpHandler(dependencies, async (request, ids) => {
    const caller = await authorizedCaller(dependencies, request, MANAGE_ALL, true);
    if (!caller.ok) return caller.problem;
    const page = pageOf(request.query);
    if (!page.ok) return page.problem;
    const { suppressions, next } = await dependencies.listSuppressions(page.value);
    return jsonAnswer(200, { value: suppressions, ...(next !== undefined && { '@odata.nextLink': nextLinkOf(request, next) }) }, ids);
  });

export const liftSuppressionHandler = (dependencies: SuppressionsDependencies): HttpHandler =>
  httpHandler(dependencies, async (request, ids) => {
    const caller = await authorizedCaller(dependencies, request, MANAGE_ALL, true);
    if (!caller.ok) return caller.problem;
    const reason = reasonOption(request);
    if (!reason.ok) return reason.problem;
    const address = (request.params['address'] ?? '').trim();
    if (!isAddress(address)) return problems.invalidRecipient(printable(address));
    const lifted = await dependencies.liftSuppression(caller.value, address, reason.value);
    return lifted ? jsonAnswer(200, { lifted: true }, ids) : problems.notFound();
  });
