// Health: whether the process lives, and whether what it depends on can be reached.
import type { HttpResponseInit } from '@azure/functions';
import type { Clock } from '../../ports/clock.ts';
import type { Authorization } from '../../usecases/accept/authorization.ts';
import type { HttpHandler } from './handler.ts';

/** One dependency; `check` throws if it is out of reach. */
export interface Dependency {
  name: string;
  check: () => Promise<void>;
}

const CHECK_TIMEOUT_MS = 5_000;
const GOOD_FOR_MS = 5_000;

export const healthAnswer = (status: number, body: unknown): HttpResponseInit => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(body),
});

export const healthLiveHandler =
  (version: string): HttpHandler =>
  async () =>
    healthAnswer(200, { status: 'live', version });

interface State {
  name: string;
  reachable: boolean;
  /** For the log and for operators. */
  reason?: string;
}

async function stateOf({ name, check }: Dependency, timeoutMs: number): Promise<State> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([check(), late]);
    return { name, reachable: true };
  } catch (error) {
    return { name, reachable: false, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Without a sender policy every mail is refused, and nothing else is wrong: whoever deploys uploads it next. */
const SENDER_POLICY = 'senderPolicy';

function statusOf(states: readonly State[]): 'ready' | 'noSenderPolicy' | 'notReady' {
  const missing = states.filter(({ reachable }) => !reachable);
  if (missing.length === 0) return 'ready';
  return missing.every(({ name }) => name === SENDER_POLICY) ? 'noSenderPolicy' : 'notReady';
}

export interface ReadinessDependencies {
  readiness: readonly Dependency[];
  clock: Clock;
  authorization: Pick<Authorization, 'isOperator'>;
  /** Absent: events are off. `reason`: why this process could not publish, the last time. Mail does not wait for it, so the app is ready. */
  events?: Readonly<{ reason: string | undefined }> | undefined;
}

/** Anybody may ask, so an answer is good for some seconds. What is out of reach, and why, is for operators and the log. */
export function healthReadyHandler(dependencies: ReadinessDependencies, timeoutMs = CHECK_TIMEOUT_MS): HttpHandler {
  const { readiness, clock, authorization, events } = dependencies;
  let asked: { at: number; states: Promise<readonly State[]> } | undefined;
  return async (request, invocation) => {
    const known = asked !== undefined && clock.now() < asked.at + GOOD_FOR_MS;
    if (asked === undefined || !known) {
      const states = Promise.all(readiness.map((dependency) => stateOf(dependency, timeoutMs)));
      asked = { at: clock.now(), states };
    }
    const states = await asked.states;
    for (const { name, reachable, reason } of known ? [] : states)
      if (!reachable) invocation.warn(`not ready: ${name} is out of reach: ${reason}`);
    const status = statusOf(states);
    const isOperator = await authorization.isOperator(request.headers.get('authorization'));
    const forOperators = { dependencies: states, events: { on: events !== undefined, reason: events?.reason } };
    return healthAnswer(status === 'ready' ? 200 : 503, { status, ...(isOperator && forOperators) });
  };
}
