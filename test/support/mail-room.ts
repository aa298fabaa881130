// The use cases over the real Graph client and a Graph mail emulator in this process, with stores in memory and one clock for all: what takes days takes no time.

import { GraphMailClient } from '../../shared/adapters/graph/graph-mail-client.ts';
import { MessageTraceClient } from '../../shared/adapters/graph/message-trace-client.ts';
import type { Recipient, SendRequestRecord, StatusEvent } from '../../shared/domain/log/send-request.ts';
import type { Rules } from '../../shared/domain/rules.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { MailboxRegistry, WatchedMailbox } from '../../shared/ports/mailbox-registry.ts';
import type { StatusLog } from '../../shared/ports/status-log.ts';
import type { EnqueueCommand } from '../../shared/usecases/accept/enqueue-command.ts';
import { enqueueSendRequest } from '../../shared/usecases/accept/enqueue-send-request.ts';
import type { Context } from '../../shared/usecases/context.ts';
import { reconcileMailboxes } from '../../shared/usecases/reconcile/reconcile-mailboxes.ts';
import { submitSendRequest } from '../../shared/usecases/submit/submit-send-request.ts';
import { createClock, type GraphMailEmulator, type Switches, startGraphMailEmulator } from '../emulators/graph-mail/index.ts';
import { firstDelivery } from '../fakes/first-delivery.ts';
import { InMemoryAccountPauses } from '../fakes/in-memory-account-pauses.ts';
import { InMemoryContentStore } from '../fakes/in-memory-content-store.ts';
import { InMemoryMailboxRegistry } from '../fakes/in-memory-mailbox-registry.ts';
import { InMemoryPauses } from '../fakes/in-memory-pauses.ts';
import { InMemoryProofs } from '../fakes/in-memory-proofs.ts';
import { InMemoryRefusedAttempts } from '../fakes/in-memory-refused-attempts.ts';
import { InMemoryStatusLog } from '../fakes/in-memory-status-log.ts';
import { InMemorySubmissionQueue } from '../fakes/in-memory-submission-queue.ts';
import { InMemorySuppressions } from '../fakes/in-memory-suppressions.ts';
import { InMemoryTenantCounter } from '../fakes/in-memory-tenant-counter.ts';
import { newProcess } from '../fakes/new-process.ts';
import { RecordingTelemetry } from '../fakes/recording-telemetry.ts';
import { RULES } from '../fakes/rules.ts';
import { SeededChance } from '../fakes/seeded-chance.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const MAILBOX = 'sender@contoso.com';
const START = Date.parse('2026-01-15T08:00:00.000Z');

export interface Mail extends Partial<Omit<EnqueueCommand, 'content' | 'recipients'>> {
  to?: readonly string[];
  /** Further properties of the message. */
  message?: Record<string, unknown>;
}

export interface Seen extends SendRequestRecord {
  recipients: Recipient[];
  events: StatusEvent[];
}

/** Stores in place of those in memory. */
export interface Stores {
  log?: StatusLog;
  registry?: (clock: Clock) => MailboxRegistry;
}

export class MailRoom {
  readonly emulator: GraphMailEmulator;
  readonly context: Context;
  readonly log: StatusLog;
  readonly queue: InMemorySubmissionQueue;
  readonly telemetry: RecordingTelemetry;

  constructor(emulator: GraphMailEmulator, rules: Partial<Rules>, stores: Stores) {
    this.emulator = emulator;
    const clock = emulator.control.clock;
    const year = 365 * 24 * 3600;
    const getToken = async () => ({
      token: await emulator.control.token({ expiresIn: year }),
      expiresOnTimestamp: clock.now() + year * 1000,
    });
    this.log = stores.log ?? new InMemoryStatusLog();
    this.queue = new InMemorySubmissionQueue();
    this.telemetry = new RecordingTelemetry();
    this.context = {
      clock,
      chance: new SeededChance(7),
      queue: this.queue,
      contents: new InMemoryContentStore(),
      log: this.log,
      registry: stores.registry?.(clock) ?? new InMemoryMailboxRegistry(clock),
      proofs: new InMemoryProofs('json', 'mime', 'reports'),
      graph: new GraphMailClient({ baseUrl: emulator.url, makeCredential: () => ({ getToken }), clock }),
      messageTrace: new MessageTraceClient({ baseUrl: emulator.url, makeCredential: () => ({ getToken }), clock }),
      telemetry: this.telemetry,
      ...newProcess(),
      accountPauses: new InMemoryAccountPauses(clock),
      pauses: new InMemoryPauses(),
      suppressions: new InMemorySuppressions(clock),
      tenantCounter: new InMemoryTenantCounter(),
      refusedAttempts: new InMemoryRefusedAttempts(clock, HOUR / 4),
      rules: { ...RULES, ...rules },
    };
  }

  get control(): GraphMailEmulator['control'] {
    return this.emulator.control;
  }

  /** Posts a mail; the worker has not seen it yet. Returns its id. */
  async post({ to = ['customer@example.com'], message, ...more }: Mail = {}): Promise<string> {
    const toRecipients = to.map((address) => ({ emailAddress: { address } }));
    const body = { message: { subject: 'Invoice', body: { contentType: 'Text', content: 'Hello' }, toRecipients, ...message } };
    const outcome = await enqueueSendRequest(this.context, {
      mailbox: MAILBOX,
      application: 'test',
      operation: 'sendMail',
      format: 'json',
      content: Buffer.from(JSON.stringify(body)),
      saveToSentItems: true,
      recipients: to.map((address) => ({ address, type: 'to' })),
      urgent: false,
      ...more,
    });
    if (outcome.kind !== 'accepted') throw new Error(outcome.kind);
    return outcome.id;
  }

  /** The worker handles every queue message whose time has come. */
  async work(): Promise<void> {
    const now = () => new Date(this.context.clock.now()).toISOString();
    for (let queued = this.queue.take(now()); queued; queued = this.queue.take(now()))
      await submitSendRequest(this.context, queued.message, firstDelivery);
  }

  /** Posts and submits a mail, and lets Exchange do all its steps. */
  async send(mail: Mail = {}): Promise<string> {
    const id = await this.post(mail);
    await this.work();
    await this.transport();
    return id;
  }

  /** Exchange does all its steps that are not held. */
  async transport(): Promise<void> {
    for (let step = 0; step < 6; step++) await this.control.clock.advance(100);
    await this.control.settled();
  }

  async later(milliseconds: number): Promise<void> {
    await this.control.clock.advance(milliseconds);
  }

  reconcile(): Promise<number> {
    return reconcileMailboxes(this.context);
  }

  async see(id: string, mailbox = MAILBOX): Promise<Seen> {
    const stored = await this.log.read(mailbox, id);
    if (!stored) throw new Error(`no record of ${id}`);
    return { ...stored.value, recipients: await this.log.recipients(mailbox, id), events: await this.log.events(mailbox, id) };
  }

  async watched(mailbox = MAILBOX): Promise<WatchedMailbox | undefined> {
    return (await this.context.registry.list()).find(({ value }) => value.mailbox === mailbox)?.value;
  }

  /** Requests to Graph so far, by operation, over all mailboxes. */
  requests(): Record<string, number> {
    return { ...(this.control.stats().totals as Record<string, number>) };
  }

  close(): Promise<void> {
    return this.emulator.close();
  }
}

export interface MailRoomOptions extends Stores {
  rules?: Partial<Rules>;
  switches?: Partial<Switches>;
}

export async function openMailRoom({ rules = {}, switches = {}, ...stores }: MailRoomOptions = {}): Promise<MailRoom> {
  const emulator = await startGraphMailEmulator({ stageDelay: 0, clock: createClock({ frozenAt: START }), switches });
  return new MailRoom(emulator, rules, stores);
}
