// Authorizes callers: by role, by the sender policy, and by the limits of each application. Each refusal leaves an audit event.
import { accessProblems } from '../../domain/accept/access-problems.ts';
import { type Caller, hasRole, OPERATOR_ROLES, type Role } from '../../domain/accept/caller.ts';
import { type PlacedRule, resolveMailbox, type SenderPolicy } from '../../domain/accept/sender-policy.ts';
import type { ApplicationRule } from '../../domain/accept/sender-policy-schema.ts';
import { judgeCaller, judgeFrom, judgeMail, judgeMailbox, type SendingDecision } from '../../domain/accept/sending-decision.ts';
import { type Checked, ok, type Problem, problems, refused } from '../../domain/content/problem.ts';
import type { Callers, Credentials } from '../../ports/callers.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { CallerLimits } from './caller-limits.ts';
import { type CurrentPolicy, PolicyUnavailable } from './current-policy.ts';
import type { EnqueueCommand } from './enqueue-command.ts';

export interface SenderAuthorizationDependencies {
  callers: Callers;
  /** Absent: everything is allowed (Development without SENDER_POLICY). */
  policy?: CurrentPolicy | undefined;
  limits: CallerLimits;
  telemetry: Telemetry;
}

/** A caller that is authorized to send as one mailbox. */
export interface SenderAuthorization {
  caller: Caller;
  /** Canonical name. */
  mailbox: string;
  /** Absent if there is no sender policy: everything is allowed. */
  under?: { policy: SenderPolicy; placed: PlacedRule };
}

/** What the sender policy says of a caller and a mailbox. */
export interface Evaluation {
  mailbox: string;
  decision: SendingDecision<object>;
  ofFrom?: SendingDecision<object>;
  rule?: ApplicationRule;
  left?: { minute?: number; day?: number };
}

type Refused = Extract<SendingDecision<object>, { allowed: false }>;

export class Authorization {
  readonly #dependencies: SenderAuthorizationDependencies;

  constructor(dependencies: SenderAuthorizationDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Identifies the caller. It needs one of the roles. A token of a signed-in person is taken if a role of operators, which the person was
   * given, opens the door; and otherwise only if the policy says so.
   */
  async authorizeCaller(credentials: Credentials, roles: readonly Role[]): Promise<Checked<Caller>> {
    const identified = await this.#dependencies.callers.identify(credentials);
    if (!identified.ok) {
      if (identified.problem.status === 401) this.#dependencies.telemetry.event('callerUnknown', { reason: identified.problem.message });
      return identified;
    }
    const caller = identified.value;
    if (!roles.some((role) => hasRole(caller, role))) {
      const problem = accessProblems.roleMissing(roles.join(' or '));
      return refused(this.#refuse(caller, undefined, { allowed: false, reason: 'roleMissing', problem, place: undefined }));
    }
    if (!caller.delegated || OPERATOR_ROLES.some((role) => roles.includes(role) && hasRole(caller, role))) return ok(caller);
    return this.#under(async (policy) => {
      const judged = policy && judgeCaller(policy, caller);
      return judged && !judged.allowed ? refused(this.#refuse(caller, undefined, judged)) : ok(caller);
    });
  }

  /** Whether this Authorization header is an operator's. A function key is not looked at. Leaves no audit event: nothing is refused. */
  async isOperator(authorization: string | null): Promise<boolean> {
    const identified = await this.#dependencies.callers.identify({ authorization, operatorsOnly: false });
    return identified.ok && OPERATOR_ROLES.some((role) => hasRole(identified.value, role));
  }

  /** The canonical mailbox that a name stands for, whoever asks. */
  canonicalName(name: string): Promise<Checked<string>> {
    return this.#under(async (policy) => ok(policy ? resolveMailbox(policy, name) : name));
  }

  /** Whether the caller may send as the mailbox of this name. */
  authorizeSender(caller: Caller, name: string): Promise<Checked<SenderAuthorization>> {
    return this.#under(async (policy) => {
      if (!policy) return ok({ caller, mailbox: name });
      const judged = judgeMailbox(policy, caller, name);
      if (!judged.allowed) return refused(this.#refuse(caller, name, judged));
      return ok({ caller, mailbox: judged.mailbox, under: { policy, placed: judged.placed } });
    });
  }

  /** Takes one mail from the application's allowance. Comes before the body is read. */
  async reserve({ caller, mailbox, under }: SenderAuthorization): Promise<Problem | undefined> {
    if (!under) return undefined;
    const taken = await this.#dependencies.limits.take(caller.application, under.placed.rule);
    if (taken.ok) return undefined;
    const problem = accessProblems.tooMany(taken.limit, taken.per, taken.retryAfter);
    const place = `${under.placed.place}.${taken.per === 'day' ? 'mailsPerDay' : 'mailsPerMinute'}`;
    return this.#refuse(caller, mailbox, { allowed: false, reason: 'tooManyMails', problem, place });
  }

  /** The last check before the queue: the mail itself. */
  judge({ caller, mailbox, under }: SenderAuthorization, command: EnqueueCommand): Problem | undefined {
    if (!under) return undefined;
    const judged = judgeMail(under.policy, under.placed, mailbox, {
      operation: command.operation,
      format: command.format,
      targetMessageId: command.targetMessageId,
      from: command.from,
      otherFrom: command.otherFrom,
      recipients: command.recipients,
      size: command.content.length,
      hasIdempotencyKey: command.idempotencyKey !== undefined,
    });
    return judged.allowed ? undefined : this.#refuse(caller, mailbox, judged);
  }

  /** Both, for a mail that is there already: it costs nothing if it is refused. */
  async authorizeMail(sender: SenderAuthorization, command: EnqueueCommand): Promise<Problem | undefined> {
    return this.judge(sender, command) ?? (await this.reserve(sender));
  }

  /** What `authorizeSender` would answer, without an audit event, and what is left of the allowance. */
  evaluate(caller: Caller, name: string, from: string | undefined): Promise<Checked<Evaluation>> {
    return this.#under<Evaluation>(async (policy) => {
      if (!policy) return ok({ mailbox: name, decision: { allowed: true, place: 'no sender policy: everything is allowed' } });
      const decision = judgeMailbox(policy, caller, name);
      // Only a caller that may send as a mailbox learns its canonical name.
      if (!decision.allowed) return ok({ mailbox: name, decision });
      const { mailbox } = decision;
      const { rule } = decision.placed;
      const ofFrom = from === undefined ? undefined : judgeFrom(policy, decision.placed, mailbox, from);
      const left = await this.#dependencies.limits.left(caller.application, rule);
      return ok({ mailbox, decision, rule, left, ...(ofFrom && { ofFrom }) });
    });
  }

  /** Call this if the mail was not accepted: it does not count against the limits. */
  release({ caller }: SenderAuthorization): void {
    this.#dependencies.limits.release(caller.application);
  }

  /** Throws PolicyUnavailable if there is no usable sender policy. For readiness. */
  async check(): Promise<void> {
    await this.#dependencies.policy?.get();
  }

  async #under<T>(judge: (policy: SenderPolicy | undefined) => Promise<Checked<T>>): Promise<Checked<T>> {
    try {
      return await judge(await this.#dependencies.policy?.get());
    } catch (error) {
      if (!(error instanceof PolicyUnavailable)) throw error;
      return refused(problems.unavailable(error.message));
    }
  }

  #refuse({ application, delegated }: Caller, mailbox: string | undefined, { reason, place, problem }: Refused): Problem {
    this.#dependencies.telemetry.event('callerRefused', { application, mailbox, reason, rule: place, delegated, errorCode: problem.code });
    return problem;
  }
}
