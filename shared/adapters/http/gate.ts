// The gate of every function for applications: who calls, and as which mailbox.
import type { HttpRequest } from '@azure/functions';
import type { Caller, Role } from '../../domain/accept/caller.ts';
import { type Checked, ok, refused } from '../../domain/content/problem.ts';
import type { Mandate, Mandates } from '../../usecases/accept/mandate.ts';
import { mailboxOf } from './handler.ts';

export interface GateParts {
  mandates: Mandates;
}

export const CREATE: readonly Role[] = ['SendRequests.Create'];
export const READ: readonly Role[] = ['SendRequests.Create', 'SendRequests.Read.All', 'SendRequests.Manage.All'];
export const MANAGE_ALL: readonly Role[] = ['SendRequests.Manage.All'];
export const MANAGE: readonly Role[] = ['SendRequests.Create', 'SendRequests.Manage.All'];

/** The caller, where it has one of the roles. */
export const enter = (
  { mandates }: GateParts,
  request: HttpRequest,
  roles: readonly Role[],
  operatorsOnly = false,
): Promise<Checked<Caller>> => mandates.enter({ authorization: request.headers.get('authorization'), operatorsOnly }, roles);

/** Leave to send as the mailbox of the path. Comes before anything of the request is read. */
export async function mandateOf(parts: GateParts, request: HttpRequest): Promise<Checked<Mandate>> {
  const caller = await enter(parts, request, CREATE);
  if (!caller.ok) return caller;
  const name = mailboxOf(request);
  return typeof name === 'string' ? parts.mandates.mandate(caller.value, name) : refused(name);
}

/** The caller and the canonical mailbox of the path, for what an application does with its own send requests. */
export async function visitorOf(
  parts: GateParts,
  request: HttpRequest,
  roles: readonly Role[],
): Promise<Checked<{ caller: Caller; mailbox: string }>> {
  const caller = await enter(parts, request, roles);
  if (!caller.ok) return caller;
  const name = mailboxOf(request);
  if (typeof name !== 'string') return refused(name);
  const mailbox = await parts.mandates.canonical(name);
  return mailbox.ok ? ok({ caller: caller.value, mailbox: mailbox.value }) : mailbox;
}
