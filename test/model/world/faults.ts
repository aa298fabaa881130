// What goes wrong in a run, all drawn from one seed: latencies, crashes, lost answers, outages, and Graph's many ways to fail.
import type { Chance } from '../../../shared/ports/clock.ts';
import type { GraphAnswer } from '../../../shared/ports/graph-mail.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export interface CallPlan {
  /** Until the call has its effect, and until its answer is back. */
  before: number;
  after: number;
  /** How long the caller is held up before it sees the answer. */
  stall: number;
  crash?: 'before' | 'after';
  /** The answer is lost: before the call had its effect, or after. */
  fail?: 'before' | 'after';
}

export interface GraphPlan extends CallPlan {
  /** Answered in place of the truth; `taken`: the call had its effect all the same. */
  lie?: {
    answer: GraphAnswer<never>;
    taken: boolean;
    /** A refusal that hid that the mail was taken: seen at least once, and caught by the look before the next attempt. */
    hidesMail?: boolean;
    /** The draft is made and not handed to transport. */
    leftUnsent?: boolean;
  };
}

/** Calls of every visit of the reconciler: most faults are for calls that matter more. */
const ROUTINE = new Set(['list', 'save', 'agenda', 'comparedAgenda', 'sentItemsDelta', 'listReports', 'getMime']);

/** Calls whose answer decides what becomes of a mail. */
const SUBMITTING = new Set(['submit', 'createDraft', 'sendDraft']);

type Service = 'log' | 'contents' | 'registry' | 'proofs' | 'queue' | 'graph' | 'token';

const answered = (status: number, code?: string, retryAfterMs?: number): GraphAnswer<never> => ({
  kind: 'answered',
  status,
  ...(code !== undefined && { code }),
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});

/** Answers that say that nothing was sent, and tell the truth. */
const NOT_TAKEN: readonly GraphAnswer<never>[] = [
  answered(429, 'ApplicationThrottled', 2128),
  answered(429, 'ApplicationThrottled', 120_000),
  answered(429, 'TooManyRequests'),
  answered(503, 'ErrorServerBusy', 30_000),
  answered(401, 'InvalidAuthenticationToken'),
  answered(403, 'ErrorAccessDenied'),
  answered(403, 'ErrorQuotaExceeded'),
  answered(425),
  answered(404, 'ErrorNonExistentMailbox'),
  { kind: 'notSent', reason: 'connection refused' },
];

/** Answers, or none, that say nothing of what became of the mail. Without a code: a gateway's page, or an empty body. */
const DOUBTFUL: readonly GraphAnswer<never>[] = [
  { kind: 'noAnswer', reason: 'connection reset' },
  answered(500, 'ErrorInternalServerError'),
  answered(502),
  answered(503),
  answered(504, 'UnknownError'),
  answered(408),
  answered(200),
  answered(302),
  answered(307),
  answered(400),
  answered(400, 'UnknownError'),
  answered(400, 'ErrorNobodyHasSeen'),
  answered(403),
  answered(403, 'UnknownError'),
  answered(404),
  answered(404, 'serviceNotAvailable'),
  answered(409, 'ErrorIrresolvableConflict'),
  answered(412, 'ErrorNobodyHasSeen'),
  answered(421),
  answered(423),
  answered(507),
];

export class Faults {
  /** Faults that fired, by name. */
  readonly fired = new Map<string, number>();
  /** False once everything is well again. */
  active = true;
  readonly #chance: Chance;
  /** How often a call goes wrong in this run. */
  readonly #rate: number;
  #budget: number;
  /** Apart, so that faults elsewhere don't use up those that matter most. */
  #submissionBudget: number;
  readonly #down = new Set<Service>();

  constructor(chance: Chance) {
    this.#chance = chance;
    this.#rate = this.pick([0, 0.05, 0.15, 0.3, 0.5]);
    this.#budget = this.pick([1, 3, 6, 12, 25]);
    this.#submissionBudget = this.pick([0, 1, 2, 4, 8]);
  }

  number(from: number, to: number): number {
    return Math.floor(from + this.#chance.number() * (to - from));
  }

  pick<T>(values: readonly T[]): T {
    return values[this.number(0, values.length)] as T;
  }

  /** Happens with this probability, while the budget lasts. */
  happens(probability: number, name: string): boolean {
    if (!this.active || this.#budget <= 0 || this.#chance.number() >= probability) return false;
    this.#budget--;
    this.count(name);
    return true;
  }

  count(name: string): void {
    this.fired.set(name, (this.fired.get(name) ?? 0) + 1);
  }

  setDown(service: Service, down: boolean): void {
    if (down) this.#down.add(service);
    else this.#down.delete(service);
  }

  isDown(service: Service): boolean {
    return this.active && this.#down.has(service);
  }

  store(service: Service, method: string): CallPlan {
    const rate = this.#rateOf(method);
    const plan = this.#latencies(rate);
    if (this.isDown(service)) return { ...plan, fail: 'before' };
    if (this.happens(rate / 8, `crash at ${service}.${method}`)) plan.crash = this.pick(['before', 'after']);
    else if (this.happens(rate / 8, `lost answer of ${service}.${method}`)) plan.fail = this.pick(['before', 'after']);
    return plan;
  }

  graph(method: string): GraphPlan {
    if (SUBMITTING.has(method) && this.#submissionBudget > 0 && this.active && this.#chance.number() < 0.6) return this.#submission(method);
    const rate = this.#rateOf(method);
    const plan: GraphPlan = { ...this.#latencies(rate), before: this.#graphLatency(rate) };
    if (this.isDown('token')) plan.lie = { answer: { kind: 'notSent', reason: 'no token' }, taken: false };
    else if (this.isDown('graph')) plan.lie = { answer: this.pick(DOUBTFUL), taken: false };
    else if (this.happens(rate / 4, `crash at graph.${method}`)) plan.crash = this.pick(['before', 'after']);
    else if (this.happens(rate, `doubt at graph.${method}`)) plan.lie = { answer: this.#doubtful(method), taken: this.pick([true, false]) };
    else if (this.happens(rate / 2, `refusal at graph.${method}`)) plan.lie = { answer: this.pick(NOT_TAKEN), taken: false };
    return plan;
  }

  /** An answer that says nothing, counted: a test wants to see that each kind was given to a call that decides about a mail. */
  #doubtful(method: string): GraphAnswer<never> {
    const answer = this.pick(DOUBTFUL);
    if (answer.kind === 'answered') this.count(`${answer.status}${answer.code === undefined ? '' : ` ${answer.code}`} at graph.${method}`);
    return answer;
  }

  #submission(method: string): GraphPlan {
    this.#submissionBudget--;
    const plan: GraphPlan = { ...this.#latencies(this.#rate), before: this.number(50, 800) };
    const kind = this.pick(['doubt', 'doubt', 'doubt', 'refusal', 'crash'] as const);
    this.count(`${kind} at graph.${method}`);
    if (kind === 'crash') return { ...plan, crash: this.pick(['before', 'after']) };
    if (kind === 'refusal') {
      const hidesMail = method !== 'createDraft' && this.pick([true, false, false]);
      return { ...plan, lie: { answer: this.pick(NOT_TAKEN), taken: false, hidesMail } };
    }
    const leftUnsent = method === 'submit' && this.pick([true, false, false]);
    return { ...plan, lie: { answer: this.#doubtful(method), taken: leftUnsent || this.pick([true, false]), leftUnsent } };
  }

  #rateOf(method: string): number {
    return ROUTINE.has(method) ? this.#rate / 20 : this.#rate;
  }

  #latencies(rate: number): CallPlan {
    const stall = this.happens(rate / 10, 'stall') ? this.number(0, this.pick([10 * SECOND, 3 * MINUTE, 15 * MINUTE])) : 0;
    return { before: this.number(1, 60), after: this.number(1, 60), stall };
  }

  #graphLatency(rate: number): number {
    const slow = this.happens(rate / 4, 'slow call to Graph');
    return slow ? this.number(SECOND, 2 * MINUTE) : this.number(50, 800);
  }
}
