// A stage for use-case tests: the real use cases on in-memory ports, with interventions at chosen calls.

import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import type { Rules } from '../../../shared/domain/rules.ts';
import type { QueueMessage } from '../../../shared/domain/submit/queue-message.ts';
import type { Change } from '../../../shared/ports/status-log.ts';
import { StoreUnavailable } from '../../../shared/ports/store-unavailable.ts';
import type { EnqueueCommand, EnqueueOutcome } from '../../../shared/usecases/accept/enqueue-command.ts';
import { enqueueSendRequest } from '../../../shared/usecases/accept/enqueue-send-request.ts';
import type { Context } from '../../../shared/usecases/context.ts';
import { submitSendRequest } from '../../../shared/usecases/submit/submit-send-request.ts';
import { firstDelivery } from '../../fakes/first-delivery.ts';
import { InMemoryAccountPauses } from '../../fakes/in-memory-account-pauses.ts';
import { InMemoryContentStore } from '../../fakes/in-memory-content-store.ts';
import { InMemoryGraphMail } from '../../fakes/in-memory-graph-mail.ts';
import { InMemoryMailboxRegistry } from '../../fakes/in-memory-mailbox-registry.ts';
import { InMemoryPauses } from '../../fakes/in-memory-pauses.ts';
import { InMemoryProofs } from '../../fakes/in-memory-proofs.ts';
import { InMemoryRefusedAttempts } from '../../fakes/in-memory-refused-attempts.ts';
import { InMemoryStatusLog } from '../../fakes/in-memory-status-log.ts';
import { InMemorySubmissionQueue } from '../../fakes/in-memory-submission-queue.ts';
import { InMemorySuppressions } from '../../fakes/in-memory-suppressions.ts';
import { InMemoryTenantCounter } from '../../fakes/in-memory-tenant-counter.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { newProcess } from '../../fakes/new-process.ts';
import { noMessageTrace } from '../../fakes/no-message-trace.ts';
import { RecordingTelemetry } from '../../fakes/recording-telemetry.ts';
import { RULES } from '../../fakes/rules.ts';
import { SeededChance } from '../../fakes/seeded-chance.ts';

export const MAILBOX = 'sender@contoso.com';
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const GRACE = 5 * MINUTE;

type Port = 'log' | 'contents' | 'registry' | 'proofs' | 'graph' | 'queue';
type Act = () => unknown;

interface Intervention {
  call: string;
  when: 'before' | 'after';
  act: Act;
  /** Calls to let pass first. */
  skip: number;
}

export interface StageOptions {
  rules?: Partial<Rules>;
  /** Formats whose marks are proven: these go in one POST. */
  proven?: ('json' | 'mime' | 'reports')[];
}

/** The content of a mail that differs from others by this text. */
export const content = (text: string) => new TextEncoder().encode(JSON.stringify({ message: { subject: text } }));

/** Or what kind of outcome it is, if nothing was accepted. */
export const idOf = (outcome: EnqueueOutcome): string => (outcome.kind === 'accepted' ? outcome.id : outcome.kind);

export class Stage {
  readonly clock = new ManualClock();
  readonly log = new InMemoryStatusLog();
  readonly queue = new InMemorySubmissionQueue();
  readonly contents = new InMemoryContentStore();
  readonly registry = new InMemoryMailboxRegistry(this.clock);
  readonly proofs: InMemoryProofs;
  readonly graph = new InMemoryGraphMail(this.clock);
  readonly accountPauses = new InMemoryAccountPauses(this.clock);
  readonly refusedAttempts = new InMemoryRefusedAttempts(this.clock, HOUR / 4);
  readonly pauses = new InMemoryPauses();
  readonly suppressions = new InMemorySuppressions(this.clock);
  readonly tenantCounter = new InMemoryTenantCounter();
  readonly telemetry = new RecordingTelemetry();
  /** Calls of all ports in their order, such as `log.write`. */
  readonly calls: string[] = [];
  readonly context: Context;
  readonly #interventions: Intervention[] = [];

  constructor({ rules, proven = ['json', 'mime', 'reports'] }: StageOptions = {}) {
    this.proofs = new InMemoryProofs(...proven);
    this.context = this.#context({ ...RULES, ...rules });
  }

  /** Another process: the same world, but nothing remembered. */
  anotherProcess(): Context {
    return { ...this.context, ...newProcess() };
  }

  /** Once, when `call` (such as `log.write`) is made: before it has its effect, or after. */
  before(call: `${Port}.${string}`, act: Act, skip = 0): void {
    this.#interventions.push({ call, when: 'before', act, skip });
  }

  after(call: `${Port}.${string}`, act: Act, skip = 0): void {
    this.#interventions.push({ call, when: 'after', act, skip });
  }

  now(): string {
    return new Date(this.clock.now()).toISOString();
  }

  /** Posts a mail and returns its id. */
  async post(more: Partial<EnqueueCommand> = {}): Promise<string> {
    const outcome = await enqueueSendRequest(this.context, command(more));
    if (outcome.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(outcome)}`);
    return outcome.id;
  }

  /** Takes the next visible queue message and handles it. */
  async deliver(context: Context = this.context): Promise<QueueMessage> {
    const queued = this.queue.take(this.now());
    if (!queued) throw new Error(`nothing visible at ${this.now()}`);
    await submitSendRequest(context, queued.message, firstDelivery);
    return queued.message;
  }

  /** Goes on, in the order of their times, until nothing is left on the queue. */
  async deliverAll(): Promise<void> {
    for (let count = 0; this.queue.queued.length > 0; count++) {
      if (count > 100) throw new Error('the queue never empties');
      const times = this.queue.queued.map(({ notBefore }) => notBefore ?? this.now());
      this.clock.advanceTo(times.sort()[0] as string);
      await this.deliver();
    }
  }

  async record(id: string): Promise<SendRequestRecord> {
    const stored = await this.log.read(MAILBOX, id);
    if (!stored) throw new Error(`${id} is not in the log`);
    return stored.value;
  }

  async events(id: string): Promise<string[]> {
    return (await this.log.events(MAILBOX, id)).map(({ type }) => type);
  }

  /** The only queue message that waits. */
  successor(): { message: QueueMessage; notBefore: string | undefined } {
    const [first, ...more] = this.queue.queued;
    if (!first || more.length > 0) throw new Error(`${this.queue.queued.length} queue messages wait`);
    return { message: first.message, notBefore: first.notBefore };
  }

  #context(rules: Rules): Context {
    return {
      clock: this.clock,
      chance: new SeededChance(7),
      queue: this.#watched('queue', this.queue),
      contents: this.#watched('contents', this.contents),
      log: this.#watched('log', this.log),
      registry: this.#watched('registry', this.registry),
      proofs: this.#watched('proofs', this.proofs),
      graph: this.#watched('graph', this.graph),
      telemetry: this.telemetry,
      ...newProcess(),
      accountPauses: this.accountPauses,
      pauses: this.pauses,
      suppressions: this.suppressions,
      refusedAttempts: this.refusedAttempts,
      tenantCounter: this.tenantCounter,
      messageTrace: noMessageTrace,
      rules,
    };
  }

  #watched<T extends object>(name: Port, port: T): T {
    return new Proxy(port, {
      get: (target, key) => {
        const member = Reflect.get(target, key) as unknown;
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          const call = `${name}.${String(key)}`;
          this.calls.push(call);
          if (call === 'log.write') expectBefore(args[0] as Change);
          if (call === 'log.writeAll') for (const { change } of args[1] as { change: Change }[]) expectBefore(change);
          await this.#intervene(call, 'before');
          const result = await (member as (...all: unknown[]) => Promise<unknown>).apply(target, args);
          await this.#intervene(call, 'after');
          return result;
        };
      },
    });
  }

  async #intervene(call: string, when: 'before' | 'after'): Promise<void> {
    const waiting = this.#interventions.find((one) => one.call === call && one.when === when);
    if (!waiting) return;
    if (waiting.skip-- > 0) return;
    this.#interventions.splice(this.#interventions.indexOf(waiting), 1);
    await waiting.act();
  }
}

/** Applications are told of a change only if it says what the record was before. */
function expectBefore({ events, before, record }: Change): void {
  if (events.length > 0 && before?.id !== record.id) throw new Error(`the change of ${record.id} does not say what it was before`);
}

/** An intervention: the store is out of reach, or its answer is lost. */
export const unavailable = (): never => {
  throw new StoreUnavailable('down');
};

export function command(more: Partial<EnqueueCommand> = {}): EnqueueCommand {
  const message = { subject: 'Invoice', ...(more.internetMessageId !== undefined && { internetMessageId: more.internetMessageId }) };
  return {
    mailbox: MAILBOX,
    application: 'application-1',
    operation: 'sendMail',
    format: 'json',
    content: new TextEncoder().encode(JSON.stringify({ message })),
    saveToSentItems: true,
    recipients: [{ address: 'person@example.com', type: 'to' }],
    subject: 'Invoice',
    urgent: false,
    ...more,
  };
}

export const answered = (status: number, code?: string, retryAfterMs?: number) =>
  ({
    kind: 'answered',
    status,
    ...(code !== undefined && { code }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }) as const;

export const NO_ANSWER = { kind: 'noAnswer', reason: 'connection reset' } as const;
export const NOT_SENT = { kind: 'notSent', reason: 'connection refused' } as const;
