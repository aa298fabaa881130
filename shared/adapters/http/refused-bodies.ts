// A POST that is answered 429 or 503 before its content is read: its body is hashed as it comes, so that the client's own repeat of it is
// known to be this mail, and is not answered with an earlier mail that looks the same (OPERATIONS.md, "A client's own repeats").
import { createHash } from 'node:crypto';
import type { HttpRequest } from '@azure/functions';
import pLimit from 'p-limit';
import type { AttemptName, RefusedAttempt } from '../../domain/accept/retry-chain.ts';
import { type Checked, type Problem, problems, refused } from '../../domain/content/problem.ts';
import type { Clock } from '../../ports/clock.ts';
import { mailboxOf } from './handler.ts';
import type { PostedBody } from './read-body.ts';
import { readRequestHeaders } from './request-headers.ts';

export interface RefusedBodiesOptions {
  /** So many bodies are hashed at a time. What is in memory of one is a chunk. */
  bodies: number;
  /** Of those, packed ones: unpacking brotli takes up to 16 MB (RFC 7932 section 9.1). */
  packed: number;
  /** With the wait for its turn. Less than the time in which a handler must answer. Milliseconds. */
  deadlineMs: number;
  /** A body may keep its turn for so long, and longer if it comes faster than `bytesPerSecond`. Milliseconds. */
  turnMs: number;
  bytesPerSecond: number;
}

const OPTIONS: RefusedBodiesOptions = { bodies: 64, packed: 4, deadlineMs: 180_000, turnMs: 20_000, bytesPerSecond: 128 * 1024 };

/**
 * Time is counted in turns of a timer, so many to `turnMs`, and not by the clock: while this process stands still, what has come is not read.
 */
const TICKS = 10;

export class RefusedBodies {
  readonly #options: RefusedBodiesOptions;
  readonly #plain: ReturnType<typeof pLimit>;
  readonly #packed: ReturnType<typeof pLimit>;

  constructor(options: Partial<RefusedBodiesOptions> = {}) {
    this.#options = { ...OPTIONS, ...options };
    const { bodies, packed } = this.#options;
    this.#plain = pLimit(bodies - packed);
    this.#packed = pLimit(packed);
  }

  async hashOf(body: PostedBody): Promise<Checked<string>> {
    const turn = body.isPacked ? this.#packed : this.#plain;
    const watch = this.#watch(body);
    // A body that is late gives its turn back.
    const hashed = turn(() => (watch.begin() ? Promise.race([body.hash(), watch.late]) : watch.late));
    return Promise.race([hashed, watch.late]).finally(watch.end);
  }

  /** `late` resolves once there is no time left; `begin` says that it is the body's turn, and whether there is time. */
  #watch(body: PostedBody) {
    const { deadlineMs, turnMs, bytesPerSecond } = this.#options;
    const tickMs = Math.min(turnMs, deadlineMs) / TICKS;
    let now = 0;
    let begun: number | undefined;
    let timer: NodeJS.Timeout | undefined;
    const isLate = (): boolean =>
      now >= deadlineMs || (begun !== undefined && now >= begun + turnMs + (body.received / bytesPerSecond) * 1000);
    const late = new Promise<Checked<string>>((resolve) => {
      timer = setInterval(() => {
        now += tickMs;
        if (!isLate()) return;
        clearInterval(timer);
        body.stop();
        resolve(refused(problems.notHashed()));
      }, tickMs);
    });
    const begin = (): boolean => {
      begun = now;
      return !isLate();
    };
    return { late, begin, end: () => clearInterval(timer) };
  }
}

const hashOf = (...parts: readonly string[]): string => createHash('sha256').update(parts.join('\0')).digest('hex');

/** Who called, if it could not be found out: a client repeats a request with the same token. */
const unknownCaller = (request: HttpRequest): string => `token ${hashOf(request.headers.get('authorization') ?? '')}`;

/** What all attempts of one POST have in common before its content is decoded: by the application, if it is known. */
function attemptName(request: HttpRequest, application: string | undefined, bodyHash: string): AttemptName | undefined {
  const mailbox = mailboxOf(request);
  const headers = readRequestHeaders(request.headers);
  if (typeof mailbox !== 'string' || !headers.ok) return undefined;
  const { pathname } = new URL(request.url);
  const contentHash = hashOf('unread', pathname, headers.value.sendAt ?? '', bodyHash);
  return { mailbox, application: application ?? unknownCaller(request), contentHash };
}

/** The names that an earlier attempt of this POST may have been remembered by. */
export const unreadNames = (request: HttpRequest, application: string, bodyHash: string): AttemptName[] =>
  [application, undefined].flatMap((one) => attemptName(request, one, bodyHash) ?? []);

/** Microsoft's SDKs repeat a POST by themselves after these, and after 504, which we never answer. */
const isRepeatable = ({ status }: Problem): boolean => status === 429 || status === 503;

export interface RefusalDependencies {
  clock: Clock;
  refusedBodies: RefusedBodies;
  /** Stores an attempt that is answered with 429 or 503 before it is enqueued, so that the client's own repeat of it counts as this mail. */
  rememberRefused: (attempt: RefusedAttempt) => Promise<void>;
}

/**
 * The answer to a POST that is refused before it was handed to the queue. If the client may repeat it by itself, it is remembered; if its
 * body cannot be hashed, the answer is one that no client repeats by itself. `application`: undefined if it could not be found out.
 */
export async function refusalOf(
  { clock, refusedBodies, rememberRefused }: RefusalDependencies,
  request: HttpRequest,
  body: PostedBody,
  application: string | undefined,
  problem: Problem,
): Promise<Problem> {
  const headers = readRequestHeaders(request.headers);
  // With an Idempotency-Key the caller says what a repeat is. If this request is itself a repeat, its first attempt was stored before.
  if (!isRepeatable(problem) || !headers.ok || headers.value.idempotencyKey !== undefined || headers.value.retryAttempt !== undefined)
    return problem;
  const hash = await refusedBodies.hashOf(body);
  if (!hash.ok) return hash.problem;
  const name = attemptName(request, application, hash.value);
  const { clientRequestId } = headers.value;
  if (name)
    await rememberRefused({
      ...name,
      number: 0,
      dateTime: new Date(clock.now()).toISOString(),
      ...(clientRequestId !== undefined && { clientRequestId }),
    });
  return problem;
}
