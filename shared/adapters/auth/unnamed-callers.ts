// Callers that we cannot distinguish: those with a function key, which the Functions host checks, and everybody in Development.
import { type Caller, ROLES } from '../../domain/accept/caller.ts';
import { ok } from '../../domain/content/problem.ts';
import type { Callers } from '../../ports/callers.ts';

/** The host checks keys before a function is called, and doesn't say which one it was. Operations for operators need the master key. */
export const functionKeyCallers: Callers = {
  async identify({ operatorsOnly }) {
    const caller: Caller = { application: 'function-key', roles: operatorsOnly ? ROLES : ['SendRequests.Create'], delegated: false };
    return ok(caller);
  },
};

export const anonymousCallers: Callers = {
  identify: async () => ok({ application: 'anonymous', roles: ROLES, delegated: false }),
};
