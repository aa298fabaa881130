// The applications: they post their mails, repeat what was not accepted, and cancel some.
import type { Caller } from '../../../shared/domain/accept/caller.ts';
import { StoreUnavailable } from '../../../shared/ports/store-unavailable.ts';
import { enqueueSendRequest } from '../../../shared/usecases/accept/enqueue-send-request.ts';
import { cancelSendRequest } from '../../../shared/usecases/act/cancel-send-request.ts';
import type { Faults } from './faults.ts';
import type { Hosts } from './hosts.ts';
import type { Observer } from './observer.ts';
import { MINUTE, SECOND, START } from './run-times.ts';
import type { Mail } from './script.ts';
import type { Simulation } from './simulation.ts';

const GIVES_UP_AFTER = 20 * MINUTE;
const REPEATS_AFTER = 15 * SECOND;

const CALLER: Caller = { application: 'application', roles: ['SendRequests.Create'], delegated: false };

/** What a caller knows of its mail. */
export interface Posted {
  mail: Mail;
  id?: string;
}

export class Callers {
  readonly posted: Posted[] = [];
  readonly #simulation: Simulation;
  readonly #hosts: Hosts;
  readonly #observer: Observer;
  readonly #faults: Faults;

  constructor(simulation: Simulation, hosts: Hosts, observer: Observer, faults: Faults) {
    this.#simulation = simulation;
    this.#hosts = hosts;
    this.#observer = observer;
    this.#faults = faults;
  }

  plan(mail: Mail): void {
    const posted: Posted = { mail };
    this.posted.push(posted);
    this.#simulation.after(mail.postedAt, () => this.#post(posted));
    const { cancelledAt } = mail;
    if (cancelledAt !== undefined) this.#simulation.after(cancelledAt, () => void this.#cancel(posted));
  }

  /**
   * A caller that was told 503 repeats its request; one that was told nothing does so if it has a key, or if its library repeats by itself. A
   * library has no way to know of a queue message without a row: its repeat is then a second mail, so it is left out.
   */
  #post(posted: Posted, number = 0): void {
    const host = this.#hosts.any();
    const { command, label, postedAt, repeats, givesUpMs } = posted.mail;
    const again = (ms = REPEATS_AFTER) => {
      if (this.#simulation.now() < START + postedAt + GIVES_UP_AFTER) this.#simulation.after(ms, () => this.#again(posted, number));
    };
    if (!host) {
      again();
      return;
    }
    let isOver = false;
    /** Once: what comes later reaches nobody. */
    const over = () => !isOver && (isOver = true);
    host.process.onDeath(() => {
      if (!over()) return;
      if (!command.idempotencyKey && number === 0) this.#faults.count(`death at the HTTP API: ${this.#observer.traceOf(label)}`);
      if (command.idempotencyKey || repeats) again();
    });
    // Beside an attempt that has written nothing yet, its repeat is a second mail: as above.
    const giveUp = () => {
      if (isOver || !host.process.alive || !['the row alone', 'both'].includes(this.#observer.traceOf(label))) return;
      over();
      this.#faults.count(`a repeat beside its first attempt: ${this.#observer.traceOf(label)}`);
      this.#again(posted, number);
    };
    if (repeats && number === 0 && givesUpMs !== undefined) this.#simulation.after(givesUpMs, giveUp);
    const retryAttempt = repeats && number > 0 ? { retryAttempt: number } : {};
    void enqueueSendRequest(host.context, { ...command, ...retryAttempt }).then((outcome) => {
      this.#observer.note(`HTTP API: ${label} ${outcome.kind}`);
      if (outcome.kind === 'keyReused') this.#observer.violation(`${label}: its key was said to be used for other content`);
      if (outcome.kind === 'accepted' && !this.#observer.wasEnqueued(outcome.id))
        this.#observer.violation(`${label} was accepted, and the queue never had it`);
      if (!over()) return;
      if (outcome.kind === 'accepted') posted.id = outcome.id;
      // Queue and log both out of reach: 503, and the queue may have it all the same. Repeating that is the one way to double a mail.
      else if (outcome.kind === 'unavailable' && (command.idempotencyKey || repeats || !this.#observer.isOut(label))) again();
    });
  }

  #again(posted: Posted, number: number): void {
    const { label, repeats } = posted.mail;
    if (repeats && this.#observer.traceOf(label) === 'the queue message alone') return;
    this.#post(posted, number + 1);
  }

  /** Competes with the claim for the record. */
  async #cancel({ id, mail }: Posted): Promise<void> {
    const host = this.#hosts.any();
    if (!host || id === undefined) return;
    try {
      await cancelSendRequest(host.context, CALLER, { mailbox: mail.command.mailbox, id });
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) this.#observer.violation(String((error as Error).stack));
    }
  }
}
