// The applications: they post their mails, repeat what was not accepted, and cancel some.
import type { Caller } from '../../../shared/domain/accept/caller.ts';
import { StoreUnavailable } from '../../../shared/ports/store-unavailable.ts';
import { enqueueSendRequest } from '../../../shared/usecases/accept/enqueue-send-request.ts';
import { cancelSendRequest } from '../../../shared/usecases/act/cancel-send-request.ts';
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

  constructor(simulation: Simulation, hosts: Hosts, observer: Observer) {
    this.#simulation = simulation;
    this.#hosts = hosts;
    this.#observer = observer;
  }

  plan(mail: Mail): void {
    const posted: Posted = { mail };
    this.posted.push(posted);
    this.#simulation.after(mail.postedAt, () => this.#post(posted));
    const { cancelledAt } = mail;
    if (cancelledAt !== undefined) this.#simulation.after(cancelledAt, () => void this.#cancel(posted));
  }

  /** A caller that was told 503 repeats its request; one that was told nothing does so only if it has a key. */
  #post(posted: Posted): void {
    const host = this.#hosts.any();
    const { command, label, postedAt } = posted.mail;
    const again = () => {
      if (this.#simulation.now() < START + postedAt + GIVES_UP_AFTER) this.#simulation.after(REPEATS_AFTER, () => this.#post(posted));
    };
    if (!host) {
      again();
      return;
    }
    let answered = false;
    if (command.idempotencyKey) host.process.onDeath(() => !answered && again());
    void enqueueSendRequest(host.context, command).then((outcome) => {
      answered = true;
      this.#observer.note(`HTTP API: ${label} ${outcome.kind}`);
      if (outcome.kind === 'keyReused') this.#observer.violation(`${label}: its key was said to be used for other content`);
      if (outcome.kind === 'accepted') posted.id = outcome.id;
      if (outcome.kind !== 'unavailable') return;
      // Queue and log both out of reach: 503, and the queue may have it all the same. Repeating that is the one way to double a mail.
      if (command.idempotencyKey || !this.#observer.isOut(label)) again();
    });
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
