// Authorizes a request: who calls, and as which mailbox.
import type { HttpRequest } from '@azure/functions';
import type { Caller, Role } from '../../domain/accept/caller.ts';
import { type Checked, ok, refused } from '../../domain/content/problem.ts';
import type { Authorization, SenderAuthorization } from '../../usecases/accept/authorization.ts';
import { mailboxOf } from './handler.ts';

export interface AuthorizationDependencies {
  authorization: Authorization;
}

export const CREATE: readonly Role[] = ['SendRequests.Create'];
export const READ: readonly Role[] = ['SendRequests.Create', 'SendRequests.Read.All', 'SendRequests.Manage.All'];
export const MANAGE_ALL: readonly Role[] = ['SendRequests.Manage.All'];
export const MANAGE: readonly Role[] = ['SendRequests.Create', 'SendRequests.Manage.All'];

/** The caller, if it has one of the roles. */
export const authorizedCaller = (
  { authorization }: AuthorizationDependencies,
  request: HttpRequest,
  roles: readonly Role[],
  operatorsOnly = false,
): Promise<Checked<Caller>> => authorization.authorizeCaller({ authorization: request.headers.get('authorization'), operatorsOnly }, roles);

/** The caller, authorized to send as the mailbox of the path. Comes before anything else of the request is read. */
export async function authorizedSender(
  dependencies: AuthorizationDependencies,
  request: HttpRequest,
): Promise<Checked<SenderAuthorization>> {
  const caller = await authorizedCaller(dependencies, request, CREATE);
  if (!caller.ok) return caller;
  const name = mailboxOf(request);
  return typeof name === 'string' ? dependencies.authorization.authorizeSender(caller.value, name) : refused(name);
}

/** The caller and the canonical mailbox of the path, for what an application does with its own send requests. */
export async function callerAndMailbox(
  dependencies: AuthorizationDependencies,
  request: HttpRequest,
  roles: readonly Role[],
): Promise<Checked<{ caller: Caller; mailbox: string }>> {
  const caller = await authorizedCaller(dependencies, request, roles);
  if (!caller.ok) return caller;
  const name = mailboxOf(request);
  if (typeof name !== 'string') return refused(name);
  const mailbox = await dependencies.authorization.canonicalName(name);
  return mailbox.ok ? ok({ caller: caller.value, mailbox: mailbox.value }) : mailbox;
}
