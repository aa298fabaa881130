// GET /v1.0/activity and GET /v1.0/overview: how much happens, what waits, and what needs a person. For operators.
import type { Role } from '../../domain/accept/caller.ts';
import type { ListedAccountPause, Pause } from '../../domain/act/pauses.ts';
import { type ActivityHour, activityRange, sumOfHours } from '../../domain/log/activity.ts';
import type { Attention, Overview } from '../../usecases/log/overview.ts';
import { jsonAnswer } from './answer.ts';
import { type AuthorizationDependencies, authorizedCaller } from './authorize.ts';
import { type HandlerDependencies, type HttpHandler, httpHandler } from './handler.ts';
import { toSendRequestJson } from './send-request-json.ts';

export interface OverviewDependencies extends HandlerDependencies, AuthorizationDependencies {
  /** Hours of that time, milliseconds since 1970. */
  activity: (from: number, until: number) => Promise<ActivityHour[]>;
  overview: () => Promise<Overview>;
  listPauses: () => Promise<readonly (Pause | ListedAccountPause)[]>;
}

const READ_ALL: readonly Role[] = ['SendRequests.Read.All'];

export const activityHandler = (dependencies: OverviewDependencies): HttpHandler =>
  httpHandler(dependencies, async (request, ids) => {
    const caller = await authorizedCaller(dependencies, request, READ_ALL, true);
    if (!caller.ok) return caller.problem;
    const asked = { from: request.query.get('from') ?? undefined, to: request.query.get('to') ?? undefined };
    const range = activityRange(asked, dependencies.clock.now());
    if (!range.ok) return range.problem;
    const { from, until } = range.value;
    const hours = sumOfHours(from, until, await dependencies.activity(from, until));
    const value = hours.map(({ hour, counts }) => ({ hour: new Date(hour).toISOString(), ...counts }));
    return jsonAnswer(200, { approximate: true, value }, ids);
  });

/** What an operator needs to know which mail it is: no recipients, no timeline. */
const SHOWN: readonly string[] = [
  ...['id', 'status', 'mailbox', 'operation', 'application', 'subject', 'createdDateTime', 'lastModifiedDateTime'],
  ...['hasFailures', 'recipientCounts', 'error'],
];

const toExample = (attention: Attention) => ({
  ...attention,
  examples: attention.examples.map((record) =>
    Object.fromEntries(Object.entries(toSendRequestJson(record, [], [])).filter(([name]) => SHOWN.includes(name))),
  ),
});

export const overviewHandler = (dependencies: OverviewDependencies): HttpHandler =>
  httpHandler(dependencies, async (request, ids) => {
    const caller = await authorizedCaller(dependencies, request, READ_ALL, true);
    if (!caller.ok) return caller.problem;
    const [{ waiting, attention, unreadable }, pauses] = await Promise.all([dependencies.overview(), dependencies.listPauses()]);
    return jsonAnswer(200, { waiting, attention: attention.map(toExample), unreadable, pauses }, ids);
  });
