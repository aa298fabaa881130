// A whole world in simulated time: callers, host processes with the real use cases, broker, stores, Exchange, and what goes wrong.
import { pauseIdOf } from '../../../shared/domain/act/pauses.ts';
import type { Rules } from '../../../shared/domain/rules.ts';
import { StoreUnavailable } from '../../../shared/ports/store-unavailable.ts';
import { reconcileMailboxes } from '../../../shared/usecases/reconcile/reconcile-mailboxes.ts';
import { SuccessorNotEnqueued } from '../../../shared/usecases/submit/finish.ts';
import { submitSendRequest } from '../../../shared/usecases/submit/submit-send-request.ts';
import { InMemoryProofs } from '../../fakes/in-memory-proofs.ts';
import { SeededChance } from '../../fakes/seeded-chance.ts';
import { Broker, type Delivery } from './broker.ts';
import { Callers } from './callers.ts';
import { Exchange, type Item, type Tenant } from './exchange.ts';
import { Faults } from './faults.ts';
import { type Host, Hosts } from './hosts.ts';
import { Observer } from './observer.ts';
import { ndr } from './reports.ts';
import { END, HEALED, MINUTE, RULES, SECOND, START } from './run-times.ts';
import { type Mail, mailsOf, TENANTS } from './script.ts';
import { Simulation } from './simulation.ts';

const OPEN = ['queued', 'submitting', 'deferred', 'inDoubt', 'accepted', 'sent'];

export interface WorldOptions {
  rules?: Partial<Rules>;
  /** How late a copy may show up; within the grace, unless a test wants to see that break. */
  longestLagMs?: number;
  /** Operators pause and resume. */
  pauses?: boolean;
  /** More mails than usual, so that limits are reached. */
  manyMails?: boolean;
  /** A product that takes a row for proof that the queue has the request. */
  trustsRows?: boolean;
}

export class World {
  readonly rules: Rules;
  readonly simulation = new Simulation(START);
  readonly faults: Faults;
  readonly tenant: Tenant;
  readonly exchange: Exchange;
  readonly observer: Observer;
  readonly broker: Broker;
  readonly hosts: Hosts;
  readonly callers: Callers;

  readonly #pauses: boolean;
  readonly #manyMails: boolean;

  constructor(seed: number, { rules, longestLagMs, pauses = false, manyMails = false, trustsRows = false }: WorldOptions = {}) {
    this.#pauses = pauses;
    this.#manyMails = manyMails;
    this.rules = { ...RULES, ...rules };
    this.faults = new Faults(new SeededChance(seed));
    this.tenant = this.faults.pick(TENANTS);
    this.exchange = new Exchange(this.simulation, this.tenant);
    this.observer = new Observer(this.simulation, this.exchange, this.rules.limits, trustsRows);
    this.broker = new Broker(this.simulation, this.faults.pick([true, false]));
    this.broker.deliver = (delivery) => this.#deliver(delivery);
    this.broker.onEnqueue = (message, notBefore, taken) => this.observer.onEnqueue(message, notBefore, taken);
    this.broker.onDeadLetter = ({ subject }) => this.observer.violation(`${subject} was dead-lettered`);
    const findable = this.tenant.marksSurvive || this.tenant.messageIdKept;
    this.hosts = new Hosts({
      ...this,
      seed,
      pauses,
      proofs: findable && this.faults.pick([true, true, false]) ? new InMemoryProofs('json', 'mime') : new InMemoryProofs(),
      longestLagMs: longestLagMs ?? this.rules.inDoubtGraceMs - 20 * SECOND,
      // A cancellation can overtake what a refusal hides, and where nothing can be found nobody sees it.
      mayHide: (label) => this.#seesItsMails(findable) && this.#mail(label)?.cancelledAt === undefined,
      isRefused: (label) => this.#mail(label)?.refused === true,
    });
    this.callers = new Callers(this.simulation, this.hosts, this.observer, this.faults);
  }

  async run(): Promise<void> {
    for (const mail of mailsOf(this.faults, this.tenant, START, this.#manyMails)) this.callers.plan(mail);
    const { simulation, observer, exchange } = this;
    exchange.onTransport = (item) => {
      observer.onTransport(item);
      this.#planReport(item);
    };
    this.#planForgeries();
    this.#planOutages();
    this.#planVisits();
    if (this.#pauses) this.#planPauses();
    simulation.after(HEALED, () => {
      observer.note('healed');
      this.faults.active = false;
      this.broker.setUp(true);
    });
    await simulation.run(START + END, () => observer.violations.length > 0 || this.#over());
  }

  #over(): boolean {
    if (this.simulation.now() < START + HEALED || !this.broker.idle) return false;
    return [...this.observer.records.values()].every((record) => !OPEN.includes(record.status) && !record.copyToRemove);
  }

  #seesItsMails(findable: boolean): boolean {
    return this.rules.graphRights === 'readWrite' || (this.rules.graphRights === 'read' && findable);
  }

  #mail(label: string): Mail | undefined {
    return this.callers.posted.find(({ mail }) => mail.label === label)?.mail;
  }

  #planReport({ label, mailbox, internetMessageId, mark }: Item): void {
    const failing = this.#mail(label)?.failing ?? [];
    if (failing.length === 0) return;
    this.simulation.after(this.faults.number(5 * SECOND, 10 * MINUTE), () =>
      this.exchange.receive(mailbox, label, ndr(internetMessageId, failing, mark), 'REPORT.IPM.Note.NDR'),
    );
  }

  /** Anybody can send a mail that looks like a report, before the mail that it is about has even left. */
  #planForgeries(): void {
    for (const posted of this.callers.posted.filter(({ mail }) => mail.forged)) {
      const { command, label, postedAt } = posted.mail;
      this.simulation.after(postedAt + this.faults.number(0, 10 * MINUTE), () => {
        const record = this.observer.records.get(posted.id ?? '');
        const failing = command.recipients.map(({ address }) => address);
        if (record) this.exchange.receive(command.mailbox, label, ndr(record.internetMessageId, failing, record.id), 'IPM.Note');
      });
    }
  }

  #deliver(delivery: Delivery): void {
    const host = this.hosts.any();
    const { faults, simulation, broker, observer } = this;
    if (!host) {
      simulation.after(SECOND, () => this.#deliver(delivery));
      return;
    }
    const { message } = delivery.queued;
    const name = `${message.subject} ${message.id.slice(-6)}/${message.step}`;
    observer.note(`${host.process.name} gets ${name}`);
    host.process.onDeath(() => simulation.after(faults.number(0, 2 * MINUTE), () => broker.loseLock(delivery)));
    const loseLock = (withinMs: number) =>
      simulation.after(faults.number(0, withinMs), () => {
        if (delivery.locked) observer.note(`lock of ${name} lost`);
        broker.loseLock(delivery);
      });
    if (faults.happens(0.1, 'lock lost')) loseLock(faults.pick([SECOND, 5 * SECOND, 3 * MINUTE]));
    host.process.onFreeze((ms) => faults.pick([true, false]) && loseLock(ms));
    void this.#handle(host, delivery, name);
  }

  async #handle({ process, context }: Host, delivery: Delivery, name: string): Promise<void> {
    try {
      await submitSendRequest(context, structuredClone(delivery.queued.message), {
        count: delivery.queued.deliveries + 1,
        sleep: (ms) => process.pause(ms),
      });
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

  #planVisits(): void {
    for (let at = MINUTE; at < END; at += at < 100 * MINUTE ? MINUTE : 10 * MINUTE) {
      this.simulation.after(at, () => {
        const host = this.hosts.any();
        if (!host) return;
        void reconcileMailboxes(host.context).catch((error: unknown) => {
          if (!(error instanceof StoreUnavailable)) this.observer.violation(String((error as Error).stack));
        });
      });
    }
  }

  #planPauses(): void {
    const { faults, simulation } = this;
    for (const scope of ['everything', 'mailbox', 'application'] as const) {
      if (!faults.pick([true, false])) continue;
      const name = { everything: undefined, mailbox: 'sender@contoso.com', application: 'application' }[scope];
      const pause = { id: pauseIdOf(scope, name), scope, reason: 'a test', setBy: 'operator', setDateTime: '', ...(name && { name }) };
      const from = faults.number(0, 15 * MINUTE);
      simulation.after(from, () => {
        this.observer.note(`${pause.id} is paused`);
        void this.hosts.pauses.set({ ...pause, setDateTime: simulation.iso() });
      });
      simulation.after(from + faults.number(SECOND, 20 * MINUTE), () => {
        this.observer.note(`${pause.id} goes on`);
        void this.hosts.pauses.lift(pause.id);
      });
    }
  }

  #planOutages(): void {
    const { faults, simulation } = this;
    for (const service of ['log', 'contents', 'registry', 'proofs', 'queue', 'graph', 'token'] as const) {
      if (!faults.pick([true, false, false, false])) continue;
      const from = faults.number(0, 15 * MINUTE);
      // A queue that is full, or that we may no longer send to, still gives what it has: for so long, before deliveries run out.
      const gives = service === 'queue' && faults.pick([true, false]);
      const longest = gives ? 5 * MINUTE : 10 * MINUTE;
      const set = (down: boolean) => {
        this.observer.note(`${service} is ${down ? 'down' : 'up'}`);
        faults.setDown(service, down);
        if (service === 'queue' && !gives) this.broker.setUp(!down);
      };
      simulation.after(from, () => set(true));
      simulation.after(from + faults.number(10 * SECOND, longest), () => set(false));
    }
  }
}
