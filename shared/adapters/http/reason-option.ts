// The query option `reason` of an operator's DELETE: for the audit log.
import type { HttpRequest } from '@azure/functions';
import { hasControlCharacter } from '../../domain/content/addresses.ts';
import { type Checked, ok, problems, refused } from '../../domain/content/problem.ts';

export const MAXIMUM_REASON = 500;

export const REASON_OPTION = { reason: 'For the audit log' };

export function reasonOption(request: HttpRequest): Checked<string | undefined> {
  const reason = request.query.get('reason') ?? undefined;
  if (reason !== undefined && reason.length > MAXIMUM_REASON)
    return refused(problems.wrongType('reason', `expected at most ${MAXIMUM_REASON} characters, and it has ${reason.length}`));
  if (reason !== undefined && hasControlCharacter(reason)) return refused(problems.lineBreak('reason'));
  return ok(reason);
}
