// Hosts that send by the limits of Exchange in virtual time, each with its own memory.
import type { LimitRules } from '../../../shared/domain/limits/limit-rules.ts';
import type { QueueMessage } from '../../../shared/domain/submit/queue-message.ts';
import type { EnqueueCommand } from '../../../shared/usecases/accept/enqueue-command.ts';
import type { Context } from '../../../shared/usecases/context.ts';
import { submitSendRequest } from '../../../shared/usecases/submit/submit-send-request.ts';
import { firstDelivery } from '../../fakes/first-delivery.ts';
import type { Sent } from '../limits/sending.ts';
import { content, HOUR, Stage } from './stage.ts';

export const DAY = 24 * HOUR;
const LIMITS: LimitRules = {
  messagesPerMinute: 30,
  recipientsPerDay: 10_000,
  acceptedDomains: ['contoso.com'],
  share: 1,
  urgentReserve: 0.1,
};

export class SimulatedDeath extends Error {}

/** Hosts that take what is due in turn, each with its own memory. */
export class Hosts {
  readonly stage: Stage;
  readonly #contexts: Context[];
  #turn = 0;
  /** How often a mail was delivered, at most. */
  readonly deliveries = new Map<string, number>();

  constructor(limits: Partial<LimitRules>, hosts = 2, more: Partial<Context> = {}) {
    this.stage = new Stage({ rules: { limits: { ...LIMITS, ...limits }, sendLifetimeMs: 20 * DAY } });
    this.#contexts = Array.from({ length: hosts }, () => ({ ...this.stage.anotherProcess(), ...more }));
  }

  async post(count: number, more: Partial<EnqueueCommand> = {}): Promise<string[]> {
    const ids: string[] = [];
    for (let n = 0; n < count; n++) ids.push(await this.stage.post({ content: content(`${count}-${n}`), ...more }));
    return ids;
  }

  /** Until nothing is due before `until`, in milliseconds from now. A host that dies starts anew, and the message comes again. */
  async run(ms: number): Promise<void> {
    const { queue, clock } = this.stage;
    const until = new Date(clock.now() + ms).toISOString();
    for (;;) {
      const next = queue.queued.reduce<string>((first, { notBefore = '' }) => (notBefore < first ? notBefore : first), '~');
      if (next > until) break;
      if (next !== '') clock.advanceTo(next);
      const queued = queue.take(this.stage.now());
      if (!queued) throw new Error('nothing is visible');
      await this.#deliver(queued.message);
    }
    clock.advanceTo(until);
  }

  async #deliver(message: QueueMessage): Promise<void> {
    const host = this.#turn++ % this.#contexts.length;
    this.deliveries.set(message.id, (this.deliveries.get(message.id) ?? 0) + 1);
    try {
      await submitSendRequest(this.#contexts[host] as Context, message, firstDelivery);
    } catch (error) {
      if (!(error instanceof SimulatedDeath)) throw error;
      this.#contexts[host] = { ...(this.#contexts[host] as Context), ...this.stage.anotherProcess() };
      await this.#deliver(message);
    }
  }

  /** What Exchange got. */
  get sent(): Sent[] {
    return this.stage.graph.submissions.map(({ createdDateTime, subject }) => ({
      at: Date.parse(createdDateTime),
      recipients: 1,
      urgent: subject?.startsWith('urgent') === true,
      application: subject ?? '',
    }));
  }
}
