// The stop switch: GET and POST /v1.0/pauses, DELETE /v1.0/pauses/{id}. For operators.
import * as z from 'zod';
import type { Caller, Role } from '../../domain/accept/caller.ts';
import { LISTED_SCOPES, type ListedAccountPause, type ListedScope, type Pause } from '../../domain/act/pauses.ts';
import { canonicalMailbox } from '../../domain/address/mailbox-name.ts';
import { hasControlCharacter } from '../../domain/content/addresses.ts';
import { checkShape } from '../../domain/content/check-shape.ts';
import { parseJsonObject } from '../../domain/content/decode-json.ts';
import { type Checked, ok, type Problem, problems, refused } from '../../domain/content/problem.ts';
import type { PauseOrder, ResumeOrder } from '../../usecases/act/pause-and-resume.ts';
import { jsonAnswer } from './answer.ts';
import { type AuthorizationDependencies, authorizedCaller, MANAGE_ALL } from './authorize.ts';
import { type Handle, type HandlerDependencies, type HttpHandler, httpHandler } from './handler.ts';
import { readBody } from './read-body.ts';
import { MAXIMUM_REASON, reasonOption } from './reason-option.ts';

export interface PausesDependencies extends HandlerDependencies, AuthorizationDependencies {
  listPauses: () => Promise<readonly (Pause | ListedAccountPause)[]>;
  pause: (caller: Caller, order: PauseOrder) => Promise<Pause>;
  resume: (caller: Caller, order: ResumeOrder) => Promise<boolean>;
}

const MAXIMUM_BODY = 16_384;
const MAXIMUM_NAME = 254;

const reason = z.string().min(1).max(MAXIMUM_REASON).describe('For the audit log');

export const pauseOrderSchema = z
  .discriminatedUnion('scope', [
    z.strictObject({ scope: z.literal('everything'), name: z.never({ error: 'everything has no name' }).optional(), reason }),
    z.strictObject({
      scope: z.enum(['mailbox', 'application']),
      name: z.string().min(1).max(MAXIMUM_NAME).describe('Client id of the application, or any name of the mailbox'),
      reason,
    }),
  ])
  .meta({ id: 'pauseOrder' });

const wrongOrder = (why: string): Problem => problems.wrongType('name', why);

/** The mailbox under its one name, or the application in lower case. */
async function nameOf(
  dependencies: PausesDependencies,
  scope: ListedScope,
  name: string | undefined,
): Promise<Checked<string | undefined>> {
  if (scope === 'everything' || scope === 'tenant') return name === undefined ? ok(undefined) : refused(wrongOrder(`${scope} has no name`));
  if (name === undefined) return refused(wrongOrder(`expected the ${scope === 'account' ? 'mailbox' : scope}`));
  if (hasControlCharacter(name)) return refused(problems.lineBreak('name'));
  if (scope === 'application') return ok(name.toLowerCase());
  const mailbox = canonicalMailbox(name);
  return mailbox === undefined
    ? refused(wrongOrder('expected a mail address or an object id'))
    : dependencies.authorization.canonicalName(mailbox);
}

async function orderOf(dependencies: PausesDependencies, body: Uint8Array): Promise<Checked<PauseOrder>> {
  const parsed = parseJsonObject(body);
  if (!parsed.ok) return parsed;
  const shape = checkShape(parsed.value, pauseOrderSchema, 'pause');
  if (!shape.ok) return shape;
  if (hasControlCharacter(shape.value.reason)) return refused(problems.lineBreak('reason'));
  const { scope, reason } = shape.value;
  const name = await nameOf(dependencies, scope, shape.value.name);
  if (!name.ok) return name;
  return ok({ scope, reason, ...(name.value !== undefined && { name: name.value }) });
}

/** What an id names: a mailbox under any of its names. */
async function named(dependencies: PausesDependencies, id: string): Promise<Checked<Omit<ResumeOrder, 'reason'>>> {
  const [, word, name] = /^(\w+)(?::(.{1,254}))?$/s.exec(id) ?? [];
  const scope = LISTED_SCOPES.find((one) => one === word?.toLowerCase());
  if (!scope) return refused(problems.notFound());
  const canonical = await nameOf(dependencies, scope, name);
  if (!canonical.ok) return canonical.problem.status === 400 ? refused(problems.notFound()) : canonical;
  return ok({ scope, ...(canonical.value !== undefined && { name: canonical.value }) });
}

const SEE: readonly Role[] = ['SendRequests.Read.All', ...MANAGE_ALL];

const operators = (
  dependencies: PausesDependencies,
  roles: readonly Role[],
  handle: (caller: Caller, ...rest: Parameters<Handle>) => ReturnType<Handle>,
): HttpHandler =>
  httpHandler(dependencies, async (request, ids) => {
    const caller = await authorizedCaller(dependencies, request, roles, true);
    if (!caller.ok) return caller.problem;
    return await handle(caller.value, request, ids);
  });

export const listPausesHandler = (dependencies: PausesDependencies): HttpHandler =>
  operators(dependencies, SEE, async (_caller, _request, ids) => jsonAnswer(200, { value: await dependencies.listPauses() }, ids));

export const pauseHandler = (dependencies: PausesDependencies): HttpHandler =>
  operators(dependencies, MANAGE_ALL, async (caller, request, ids) => {
    const body = await readBody(request, MAXIMUM_BODY);
    if (!body.ok) return body.problem;
    const order = await orderOf(dependencies, body.value);
    return order.ok ? jsonAnswer(201, await dependencies.pause(caller, order.value), ids) : order.problem;
  });

export const resumeHandler = (dependencies: PausesDependencies): HttpHandler =>
  operators(dependencies, MANAGE_ALL, async (caller, request, ids) => {
    const reason = reasonOption(request);
    if (!reason.ok) return reason.problem;
    const order = await named(dependencies, request.params['id'] ?? '');
    if (!order.ok) return order.problem;
    const resumed = await dependencies.resume(caller, { ...order.value, ...(reason.value !== undefined && { reason: reason.value }) });
    return resumed ? jsonAnswer(200, { resumed: true }, ids) : problems.notFound();
  });
