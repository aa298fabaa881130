// GET /v1.0/users/{mailbox}/preflight?from=: whether a mail would go out, before there is one.

import type { Caller } from '../../domain/accept/caller.ts';
import { isAddress } from '../../domain/address/address.ts';
import { printable } from '../../domain/content/addresses.ts';
import { type Checked, ok, problems, refused } from '../../domain/content/problem.ts';
import type { AskedMail, Preflight } from '../../usecases/accept/preflight.ts';
import { jsonAnswer } from './answer.ts';
import { type AuthorizationDependencies, authorizedCaller, CREATE } from './authorize.ts';
import { type HandlerDependencies, type HttpHandler, httpHandler, mailboxOf } from './handler.ts';

/** Read from the query. */
export const PREFLIGHT_OPTIONS = {
  from: 'From address of the mail, if it is not the mailbox',
  recipients: 'Recipients of the mail, separated by commas, to learn which are suppressed',
};

const MAXIMUM_RECIPIENTS = 50;

export interface PreflightHandlerDependencies extends HandlerDependencies, AuthorizationDependencies {
  preflight: (caller: Caller, name: string, mail: AskedMail) => Promise<Checked<Preflight>>;
}

function recipientsOf(text: string): Checked<{ address: string }[]> {
  const addresses = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  if (addresses.length > MAXIMUM_RECIPIENTS) return refused(problems.tooManyRecipients(addresses.length, MAXIMUM_RECIPIENTS));
  const wrong = addresses.find((address) => !isAddress(address));
  return wrong === undefined ? ok(addresses.map((address) => ({ address }))) : refused(problems.invalidRecipient(printable(wrong)));
}

export function preflightHandler(dependencies: PreflightHandlerDependencies): HttpHandler {
  return httpHandler(dependencies, async (request, ids) => {
    const caller = await authorizedCaller(dependencies, request, CREATE);
    if (!caller.ok) return caller.problem;
    const name = mailboxOf(request);
    if (typeof name !== 'string') return name;
    const from = request.query.get('from')?.trim() || undefined;
    if (from !== undefined && !isAddress(from)) return problems.invalidRecipient(printable(from));
    const recipients = recipientsOf(request.query.get('recipients') ?? '');
    if (!recipients.ok) return recipients.problem;
    const found = await dependencies.preflight(caller.value, name, { ...(from !== undefined && { from }), recipients: recipients.value });
    return found.ok ? jsonAnswer(200, found.value, ids) : found.problem;
  });
}
