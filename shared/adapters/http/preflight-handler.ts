// GET /v1.0/users/{mailbox}/preflight?from=: whether a mail would go out, before there is one.

import type { Caller } from '../../domain/accept/caller.ts';
import { isAddress } from '../../domain/address/address.ts';
import { printable } from '../../domain/content/addresses.ts';
import { type Checked, problems } from '../../domain/content/problem.ts';
import type { Preflight } from '../../usecases/accept/preflight.ts';
import { jsonAnswer } from './answer.ts';
import { type AuthorizationDependencies, authorizedCaller, CREATE } from './authorize.ts';
import { type HandlerDependencies, type HttpHandler, httpHandler, mailboxOf } from './handler.ts';

/** Read from the query. */
export const PREFLIGHT_OPTIONS = { from: 'From address of the mail, if it is not the mailbox' };

export interface PreflightHandlerDependencies extends HandlerDependencies, AuthorizationDependencies {
  preflight: (caller: Caller, name: string, from?: string) => Promise<Checked<Preflight>>;
}

export function preflightHandler(dependencies: PreflightHandlerDependencies): HttpHandler {
  return httpHandler(dependencies, async (request, ids) => {
    const caller = await authorizedCaller(dependencies, request, CREATE);
    if (!caller.ok) return caller.problem;
    const name = mailboxOf(request);
    if (typeof name !== 'string') return name;
    const from = request.query.get('from')?.trim() || undefined;
    if (from !== undefined && !isAddress(from)) return problems.invalidRecipient(printable(from));
    const found = await dependencies.preflight(caller.value, name, from);
    return found.ok ? jsonAnswer(200, found.value, ids) : found.problem;
  });
}
