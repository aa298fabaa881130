// GET /v1.0/users/{mailbox}/preflight?from=: whether a mail would go out, before there is one.

import type { Caller } from '../../domain/accept/caller.ts';
import { isAddress } from '../../domain/address/address.ts';
import { printable } from '../../domain/content/addresses.ts';
import { type Checked, problems } from '../../domain/content/problem.ts';
import { StoreUnavailable } from '../../ports/content-store.ts';
import type { Preflight } from '../../usecases/accept/preflight.ts';
import { jsonAnswer } from './answer.ts';
import { CREATE, enter, type GateParts } from './gate.ts';
import { type HandlerParts, type HttpHandler, httpHandler, mailboxOf } from './handler.ts';

export interface PreflightHandlerParts extends HandlerParts, GateParts {
  preflight: (caller: Caller, name: string, from?: string) => Promise<Checked<Preflight>>;
}

export function preflightHandler(parts: PreflightHandlerParts): HttpHandler {
  return httpHandler(parts, async (request, ids) => {
    const caller = await enter(parts, request, CREATE);
    if (!caller.ok) return caller.problem;
    const name = mailboxOf(request);
    if (typeof name !== 'string') return name;
    const from = request.query.get('from')?.trim() || undefined;
    if (from !== undefined && !isAddress(from)) return problems.invalidRecipient(printable(from));
    try {
      const found = await parts.preflight(caller.value, name, from);
      return found.ok ? jsonAnswer(200, found.value, ids) : found.problem;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      return problems.unavailable(`a store is out of reach (${error.message})`);
    }
  });
}
