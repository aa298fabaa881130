// What stands between a caller and the queue: its role, the sender policy, and its own limits. Each refusal leaves an audit event.
import { accessProblems } from '../../domain/accept/access-problems.ts';
import { type Caller, hasRole, type Role } from '../../domain/accept/caller.ts';
import { type PlacedRule, resolveMailbox, type SenderPolicy } from '../../domain/accept/sender-policy.ts';
import type { ApplicationRule } from '../../domain/accept/sender-policy-schema.ts';
import { judgeCaller, judgeFrom, judgeMail, judgeMailbox, type Verdict } from '../../domain/accept/sending-verdict.ts';
import { type Checked, ok, type Problem, problems, refused } from '../../domain/content/problem.ts';
import type { Callers, Credentials } from '../../ports/callers.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { CallerLimits } from './caller-limits.ts';
import { type CurrentPolicy, PolicyUnavailable } from './current-policy.ts';
import type { EnqueueCommand } from './enqueue-command.ts';

export interface MandateParts {
  callers: Callers;
  /** Absent: everything is allowed (Development without SENDER_POLICY). */
  policy?: CurrentPolicy | undefined;
  limits: CallerLimits;
  telemetry: Telemetry;
}

/** Leave to send as one mailbox. */
export interface Mandate {
  caller: Caller;
  /** Canonical name. */
  mailbox: string;
  /** Absent where everything is allowed. */
  under?: { policy: SenderPolicy; placed: PlacedRule };
}

/** What the sender policy says of a caller and a mailbox. */
export interface Examined {
  mailbox: string;
  verdict: Verdict<object>;
  ofFrom?: Verdict<object>;
  rule?: ApplicationRule;
  left?: { minute?: number; day?: number };
}

type Refused = Extract<Verdict<object>, { allowed: false }>;

export class Mandates {
  readonly #parts: MandateParts;

  constructor(parts: MandateParts) {
    this.#parts = parts;
  }

  /** Who calls, and whether it may come in at all: by one of these roles, and with a person's token only where the policy takes it. */
  async enter(credentials: Credentials, roles: readonly Role[]): Promise<Checked<Caller>> {
    const identified = await this.#parts.callers.identify(credentials);
    if (!identified.ok) {
      if (identified.problem.status === 401) this.#parts.telemetry.event('callerUnknown', { reason: identified.problem.message });
      return identified;
    }
    const caller = identified.value;
    if (!roles.some((role) => hasRole(caller, role))) {
      const problem = accessProblems.roleMissing(roles.join(' or '));
      return refused(this.#tell(caller, undefined, { allowed: false, reason: 'roleMissing', problem, place: undefined }));
    }
    if (!caller.delegated) return ok(caller);
    return this.#under(async (policy) => {
      const judged = policy && judgeCaller(policy, caller);
      return judged && !judged.allowed ? refused(this.#tell(caller, undefined, judged)) : ok(caller);
    });
  }

  /** The canonical mailbox that a name stands for, whoever asks. */
  canonical(name: string): Promise<Checked<string>> {
    return this.#under(async (policy) => ok(policy ? resolveMailbox(policy, name) : name));
  }

  /** Leave to send as the mailbox of this name. */
  mandate(caller: Caller, name: string): Promise<Checked<Mandate>> {
    return this.#under(async (policy) => {
      if (!policy) return ok({ caller, mailbox: name });
      const judged = judgeMailbox(policy, caller, name);
      if (!judged.allowed) return refused(this.#tell(caller, name, judged));
      return ok({ caller, mailbox: judged.mailbox, under: { policy, placed: judged.placed } });
    });
  }

  /** Takes one mail from the application's allowance. Comes before its body is read. */
  async reserve({ caller, mailbox, under }: Mandate): Promise<Problem | undefined> {
    if (!under) return undefined;
    const taken = await this.#parts.limits.take(caller.application, under.placed.rule);
    if (taken.ok) return undefined;
    const problem = accessProblems.tooMany(taken.limit, taken.per, taken.retryAfter);
    const place = `${under.placed.place}.${taken.per === 'day' ? 'mailsPerDay' : 'mailsPerMinute'}`;
    return this.#tell(caller, mailbox, { allowed: false, reason: 'tooManyMails', problem, place });
  }

  /** The last check before the queue: the mail itself. */
  judge({ caller, mailbox, under }: Mandate, command: EnqueueCommand): Problem | undefined {
    if (!under) return undefined;
    const judged = judgeMail(under.policy, under.placed, mailbox, {
      operation: command.operation,
      targetMessageId: command.targetMessageId,
      from: command.from,
      otherFrom: command.otherFrom,
      recipients: command.recipients,
      size: command.content.length,
      hasIdempotencyKey: command.idempotencyKey !== undefined,
    });
    return judged.allowed ? undefined : this.#tell(caller, mailbox, judged);
  }

  /** Both, for a mail that is there already: it costs nothing if it is refused. */
  async admit(mandate: Mandate, command: EnqueueCommand): Promise<Problem | undefined> {
    return this.judge(mandate, command) ?? (await this.reserve(mandate));
  }

  /** What `mandate` would say, without an audit event, and what is left of the allowance. */
  examine(caller: Caller, name: string, from: string | undefined): Promise<Checked<Examined>> {
    return this.#under<Examined>(async (policy) => {
      if (!policy) return ok({ mailbox: name, verdict: { allowed: true, place: 'no sender policy: everything is allowed' } });
      const verdict = judgeMailbox(policy, caller, name);
      // Which mailbox is behind a name is for those who may send as it.
      if (!verdict.allowed) return ok({ mailbox: name, verdict });
      const { mailbox } = verdict;
      const { rule } = verdict.placed;
      const ofFrom = from === undefined ? undefined : judgeFrom(policy, verdict.placed, mailbox, from);
      const left = await this.#parts.limits.left(caller.application, rule);
      return ok({ mailbox, verdict, rule, left, ...(ofFrom && { ofFrom }) });
    });
  }

  /** The mail was not accepted after all. */
  giveBack({ caller }: Mandate): void {
    this.#parts.limits.giveBack(caller.application);
  }

  /** Throws PolicyUnavailable where no sender policy can be used; for readiness. */
  async check(): Promise<void> {
    await this.#parts.policy?.get();
  }

  async #under<T>(judge: (policy: SenderPolicy | undefined) => Promise<Checked<T>>): Promise<Checked<T>> {
    try {
      return await judge(await this.#parts.policy?.get());
    } catch (error) {
      if (!(error instanceof PolicyUnavailable)) throw error;
      return refused(problems.unavailable(error.message));
    }
  }

  #tell({ application, delegated }: Caller, mailbox: string | undefined, { reason, place, problem }: Refused): Problem {
    this.#parts.telemetry.event('callerRefused', { application, mailbox, reason, rule: place, delegated, errorCode: problem.code });
    return problem;
  }
}
