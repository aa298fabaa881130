// A whole world in simulated time: callers, host processes with the real use cases, broker, stores, Exchange, and what goes wrong.

import { StoreUnavailable } from '../../../shared/ports/content-store.ts';
import { type Context, nowOf, type Rules } from '../../../shared/usecases/context.ts';
import { enqueueSendRequest } from '../../../shared/usecases/enqueue-send-request.ts';
import { Pauses } from '../../../shared/usecases/pauses.ts';
import { RecentIds } from '../../../shared/usecases/recent-ids.ts';
import { reconcileMailboxes } from '../../../shared/usecases/reconcile-mailboxes.ts';
import { recordDeadLetter } from '../../../shared/usecases/record-dead-letter.ts';
import { submitSendRequest } from '../../../shared/usecases/submit-send-request.ts';
import { SuccessorNotEnqueued } from '../../../shared/usecases/successor.ts';
import { writeEvent } from '../../../shared/usecases/write-log.ts';
import { InMemoryContentStore } from '../../fakes/in-memory-content-store.ts';
import { InMemoryMailboxRegistry } from '../../fakes/in-memory-mailbox-registry.ts';
import { InMemoryProofs } from '../../fakes/in-memory-proofs.ts';
import { SeededChance } from '../../fakes/seeded-chance.ts';
import { Broker, type Delivery } from './broker.ts';
import { Exchange, type Tenant } from './exchange.ts';
import { Faults } from './faults.ts';
import { gated } from './gate.ts';
import { HostProcess } from './host-process.ts';
import { Observer } from './observer.ts';
import { ndr } from './reports.ts';
import { type Mail, mailsOf, TENANTS } from './script.ts';
import { SimulatedGraph } from './simulated-graph.ts';
import { SimulatedQueue } from './simulated-queue.ts';
import { Simulation } from './simulation.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const START = Date.UTC(2026, 0, 15, 8, 0, 0);
export const HEALED = 45 * MINUTE;
const END = 6 * HOUR;
const CALLER_GIVES_UP = 20 * MINUTE;

const RULES: Rules = {
  graphRights: 'readWrite',
  graphTimeoutMs: 100 * SECOND,
  alwaysDraftRoute: false,
  retry: { initialIntervalMs: 30 * SECOND, backoffCoefficient: 2, maximumIntervalMs: 10 * MINUTE },
  sendLifetimeMs: 90 * MINUTE,
  inDoubtGraceMs: 5 * MINUTE,
  reportWindowMs: HOUR,
  lanesPerMailbox: 2,
  logSubjects: true,
};

interface Host {
  process: HostProcess;
  context: Context;
}

/** What a caller knows of its mail. */
export interface Posted {
  mail: Mail;
  id?: string;
  /** 503 although the queue has it and the log could not say that it was not accepted: the one case in which repeating doubles. */
  exempt: boolean;
}

export class World {
  readonly rules: Rules;
  readonly simulation = new Simulation(START);
  readonly faults: Faults;
  readonly tenant: Tenant;
  readonly exchange: Exchange;
  readonly observer: Observer;
  readonly broker: Broker;
  readonly contents = new InMemoryContentStore();
  readonly registry = new InMemoryMailboxRegistry(this.simulation);
  readonly proofs: InMemoryProofs;
  readonly posted: Posted[] = [];
  readonly #hosts: Host[] = [];
  readonly #seed: number;
  readonly #longestLagMs: number;
  #processes = 0;

  /** `longestLagMs`: how late a copy may show up; within the grace, unless a test wants to see that break. */
  constructor(seed: number, rules: Partial<Rules> = {}, { longestLagMs }: { longestLagMs?: number } = {}) {
    this.#seed = seed;
    this.rules = { ...RULES, ...rules };
    this.#longestLagMs = longestLagMs ?? this.rules.inDoubtGraceMs - 20 * SECOND;
    this.faults = new Faults(new SeededChance(seed));
    this.tenant = this.faults.pick(TENANTS);
    this.exchange = new Exchange(this.simulation, this.tenant);
    this.observer = new Observer(this.simulation, this.exchange);
    this.broker = new Broker(this.simulation, this.faults.pick([true, false]));
    const findable = this.tenant.marksSurvive || this.tenant.messageIdKept;
    this.proofs = findable && this.faults.pick([true, false]) ? new InMemoryProofs('json', 'mime') : new InMemoryProofs();
    this.broker.deliver = (delivery) => this.#deliver(delivery);
    this.broker.onEnqueue = (message, notBefore, taken) => this.observer.onEnqueue(message, notBefore, taken);
    this.broker.onDeadLetter = (message) => {
      this.observer.violation(`${message.subject} was dead-lettered`);
    };
    for (let slot = 0; slot < 2; slot++) this.#startHost(slot);
  }

  async run(): Promise<void> {
    for (const mail of mailsOf(this.faults, this.tenant, START)) this.#plan(mail);
    this.#planOutages();
    this.#planVisits();
    this.simulation.after(HEALED, () => {
      this.observer.note('healed');
      this.faults.active = false;
      this.broker.setUp(true);
    });
    const { simulation, observer } = this;
    await simulation.run(START + END, () => observer.violations.length > 0 || this.#over());
  }

  #over(): boolean {
    if (this.simulation.now() < START + HEALED || !this.broker.idle) return false;
    const open = ['queued', 'submitting', 'deferred', 'inDoubt', 'accepted', 'sent'];
    return [...this.observer.records.values()].every((record) => !open.includes(record.status) && !record.copyToRemove);
  }

  #startHost(slot: number): void {
    const process = new HostProcess(this.simulation, `host-${slot}.${++this.#processes}`);
    const { simulation, faults, exchange, observer } = this;
    const chance = new SeededChance(this.#seed * 1000 + this.#processes);
    const store = <Port extends object>(port: Port, name: 'log' | 'contents' | 'registry' | 'proofs') =>
      gated(port, simulation, process, (method) => faults.store(name, method));
    const graph = {
      simulation,
      exchange,
      faults,
      longestLagMs: this.#longestLagMs,
      isRefused: (label: string) => this.posted.some(({ mail }) => mail.label === label && mail.refused),
      onCall: this.#onGraphCall,
    };
    const context: Context = {
      clock: simulation,
      chance,
      queue: new SimulatedQueue(simulation, this.broker, faults, process),
      contents: store(this.contents, 'contents'),
      log: store(observer, 'log'),
      registry: store(this.registry, 'registry'),
      proofs: store(this.proofs, 'proofs'),
      graph: new SimulatedGraph(graph, process),
      telemetry: { event: () => undefined },
      pauses: new Pauses(),
      recentReports: new RecentIds(),
      rules: this.rules,
    };
    this.#hosts[slot] = { process, context };
    process.onDeath(() => {
      observer.note(`${process.name} DIES`);
      simulation.after(faults.number(SECOND, 20 * SECOND), () => this.#startHost(slot));
    });
  }

  #host(): Host | undefined {
    const alive = this.#hosts.filter(({ process }) => process.alive);
    return alive.length > 0 ? this.faults.pick(alive) : undefined;
  }

  #onGraphCall: ConstructorParameters<typeof SimulatedGraph>[0]['onCall'] = (method, detail, answer, item) => {
    const said = answer.kind === 'answered' ? `${answer.status} ${answer.code ?? ''}` : answer.kind;
    const routine = method === 'sentItemsDelta' || method === 'listReports';
    if (routine && answer.kind === 'answered' && answer.status === 200) return;
    this.observer.note(`graph ${method} ${item?.label ?? detail.slice(0, 40)}: ${said}`);
    if (!item || (method !== 'submit' && method !== 'sendDraft')) return;
    const mail = this.posted.find((posted) => posted.mail.label === item.label)?.mail;
    if (mail && mail.failing.length > 0 && item.submitted) {
      const report = ndr(item.internetMessageId, mail.failing, item.mark);
      this.simulation.after(this.faults.number(5 * SECOND, 10 * MINUTE), () =>
        this.exchange.receive(item.mailbox, item.label, report, 'REPORT.IPM.Note.NDR'),
      );
    }
  };

  #deliver(delivery: Delivery): void {
    const host = this.#host();
    if (!host) {
      this.simulation.after(SECOND, () => this.#deliver(delivery));
      return;
    }
    const { faults, simulation, broker, observer } = this;
    const { message } = delivery.queued;
    const name = `${message.subject} ${message.id.slice(-6)}/${message.step}`;
    observer.note(`${host.process.name} gets ${name}`);
    host.process.onDeath(() => simulation.after(faults.number(0, 2 * MINUTE), () => broker.loseLock(delivery)));
    if (faults.happens(0.05, 'lock lost')) {
      simulation.after(faults.number(0, 3 * MINUTE), () => {
        observer.note(`lock of ${name} lost`);
        broker.loseLock(delivery);
      });
    }
    void this.#handle(host, delivery, name);
  }

  async #handle({ process, context }: Host, delivery: Delivery, name: string): Promise<void> {
    try {
      await submitSendRequest(context, structuredClone(delivery.queued.message));
      if (this.faults.happens(0.03, 'crash before completion')) process.kill();
      await process.pause(10);
      this.observer.note(`${process.name} ${this.broker.complete(delivery) ? 'completes' : 'cannot complete'} ${name}`);
    } catch (error) {
      if (!(error instanceof SuccessorNotEnqueued)) this.observer.violation(`${name} threw ${String((error as Error).stack)}`);
      await process.pause(10);
      this.observer.note(`${process.name} abandons ${name}`);
      this.broker.abandon(delivery);
    }
  }

  #plan(mail: Mail): void {
    const posted: Posted = { mail, exempt: false };
    this.posted.push(posted);
    this.simulation.after(mail.postedAt, () => this.#post(posted));
    const { cancelledAt } = mail;
    if (cancelledAt !== undefined) this.simulation.after(cancelledAt, () => void this.#cancel(posted));
  }

  /** A caller that was told 503 repeats its request; one that was told nothing only if it has a key. */
  #post(posted: Posted): void {
    const host = this.#host();
    const { command, label, postedAt } = posted.mail;
    const again = () => {
      if (this.simulation.now() < START + postedAt + CALLER_GIVES_UP) this.simulation.after(15 * SECOND, () => this.#post(posted));
    };
    if (!host) {
      again();
      return;
    }
    let answered = false;
    if (command.idempotencyKey) host.process.onDeath(() => !answered && again());
    void enqueueSendRequest(host.context, command).then((outcome) => {
      answered = true;
      this.observer.note(`door: ${label} ${outcome.kind}`);
      if (outcome.kind === 'keyReused') this.observer.violation(`${label}: its key was said to be used for other content`);
      if (outcome.kind === 'accepted') posted.id = outcome.id;
      if (outcome.kind !== 'unavailable') return;
      if (!command.idempotencyKey && this.observer.isOut(label)) posted.exempt = true;
      else again();
    });
  }

  async #cancel({ id, mail }: Posted): Promise<void> {
    const host = this.#host();
    if (!host || id === undefined) return;
    const { context } = host;
    const build = () => ({ type: 'cancelled', dateTime: nowOf(context), fact: 'caller' }) as const;
    await writeEvent(context, mail.command.mailbox, id, build).catch((error: unknown) => {
      if (!(error instanceof StoreUnavailable)) this.observer.violation(String((error as Error).stack));
    });
  }

  #planVisits(): void {
    for (let at = MINUTE; at < END; at += at < 100 * MINUTE ? MINUTE : 10 * MINUTE) {
      this.simulation.after(at, () => {
        const host = this.#host();
        if (!host) return;
        void reconcileMailboxes(host.context).catch((error: unknown) => {
          if (!(error instanceof StoreUnavailable)) this.observer.violation(String((error as Error).stack));
        });
      });
    }
  }

  #planOutages(): void {
    const { faults, simulation } = this;
    for (const service of ['log', 'contents', 'registry', 'proofs', 'queue', 'graph', 'token'] as const) {
      if (!faults.pick([true, false, false, false])) continue;
      const from = faults.number(0, 15 * MINUTE);
      const set = (down: boolean) => {
        this.observer.note(`${service} is ${down ? 'down' : 'up'}`);
        faults.setDown(service, down);
        if (service === 'queue') this.broker.setUp(!down);
      };
      simulation.after(from, () => set(true));
      simulation.after(from + faults.number(10 * SECOND, 10 * MINUTE), () => set(false));
    }
  }
}

void recordDeadLetter;
