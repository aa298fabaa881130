// The sender policy in force: read again when it has changed, at bounded cost. A broken policy never replaces a valid one.
import { readSenderPolicy, type SenderPolicy } from '../../domain/accept/sender-policy.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PolicySource } from '../../ports/policy-source.ts';
import { StoreUnavailable } from '../../ports/store-unavailable.ts';
import type { Telemetry } from '../../ports/telemetry.ts';

/** How long a change may go unseen. One conditional read per process in that time. */
const CHECK_EVERY_MS = 10_000;
/** A policy that stays broken is reported again after this time. */
const TELL_AGAIN_MS = 600_000;

/** No policy has been read yet, so nobody may send until one can be read or an operator uploads one. */
export class PolicyUnavailable extends Error {
  override name = 'PolicyUnavailable';
}

export interface CurrentPolicyDependencies {
  source: PolicySource;
  clock: Clock;
  telemetry: Telemetry;
}

export class CurrentPolicy {
  readonly #dependencies: CurrentPolicyDependencies;
  #policy: SenderPolicy | undefined;
  /** Of the text that was read last, good or broken. */
  #version: string | undefined;
  #checkedAt = Number.NEGATIVE_INFINITY;
  #checking: Promise<void> | undefined;
  #broken: { reason: string; toldAt: number; inText: boolean } | undefined;

  constructor(dependencies: CurrentPolicyDependencies) {
    this.#dependencies = dependencies;
  }

  /** Throws PolicyUnavailable if no valid policy was ever read. */
  async get(): Promise<SenderPolicy> {
    if (this.#dependencies.clock.now() - this.#checkedAt >= CHECK_EVERY_MS) {
      this.#checking ??= this.#check().finally(() => {
        this.#checking = undefined;
      });
      await this.#checking;
    }
    if (!this.#policy) throw new PolicyUnavailable(`there is no usable sender policy at ${this.#dependencies.source.place}`);
    return this.#policy;
  }

  async #check(): Promise<void> {
    try {
      const read = await this.#dependencies.source.read(this.#version);
      if (read.kind === 'read') this.#take(read.text, read.version);
      else if (read.kind === 'missing') this.#report('it is not there');
      else if (this.#broken?.inText) this.#report(this.#broken.reason, true);
      else this.#broken = undefined;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      this.#report(error.message);
    }
    this.#checkedAt = this.#dependencies.clock.now();
  }

  #take(text: string, version: string): void {
    this.#version = version;
    const read = readSenderPolicy(parsed(text));
    if (!read.ok) {
      this.#report(read.problems.join('; '), true);
      return;
    }
    this.#policy = read.policy;
    this.#broken = undefined;
    const { mailboxes, applications } = read.policy;
    this.#dependencies.telemetry.event('senderPolicyRead', { version, mailboxes: mailboxes.size, applications: applications.size });
  }

  /** An alert counts these. `lastGood`: whether an older policy stays in force. */
  #report(reason: string, inText = false): void {
    const now = this.#dependencies.clock.now();
    if (this.#broken?.reason === reason && now - this.#broken.toldAt < TELL_AGAIN_MS) return;
    this.#broken = { reason, toldAt: now, inText };
    this.#dependencies.telemetry.event('senderPolicyBroken', { reason, lastGood: this.#policy !== undefined });
  }
}

/** What isn't JSON is no policy either: the schema says so of undefined. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
