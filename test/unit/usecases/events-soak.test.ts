// Send requests change at random while processes die, the table fails, and Event Grid fails and repeats: every change is told, in order, and nothing else.
import { describe, expect, test } from 'vitest';
import { cellOf, EVENTS, type EventType } from '../../../shared/domain/log/lifecycle.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import type { Context } from '../../../shared/usecases/context.ts';
import { publishOutbox } from '../../../shared/usecases/events/publish-outbox.ts';
import { enqueuedEvent } from '../../../shared/usecases/log/new-record.ts';
import { changeOf, writeEvent, writeEvents } from '../../../shared/usecases/log/write-log.ts';
import { recordReport } from '../../../shared/usecases/reconcile/record-report.ts';
import { RULES } from '../../fakes/rules.ts';
import { SeededChance } from '../../fakes/seeded-chance.ts';
import type { TopicFault } from '../../fakes/seeded-topic.ts';
import { newMailbox, recipients, record } from '../../support/samples.ts';
import { type TableFault, ToldWorld } from '../../support/told-world.ts';

const STEPS = 400;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const TABLE_FAULTS: readonly TableFault[] = ['crashBefore', 'crashAfter', 'unavailable', 'losesItsAnswer'];
const TOPIC_FAULTS: readonly TopicFault[] = ['fails', 'losesItsAnswer', 'takesOnlyTheFirst'];
/** What is written by other means here. */
const CREATION: readonly EventType[] = ['enqueued', 'notAccepted', 'reportReceived'];
const LIFE = EVENTS.filter((type) => !CREATION.includes(type) && !type.startsWith('recipient'));

class Soak {
  readonly world = new ToldWorld();
  readonly #chance: SeededChance;
  readonly #mailboxes = [newMailbox(), newMailbox(), newMailbox()];
  readonly #requests: SendRequestRecord[] = [];
  /** Two processes at a time, as the HTTP API and the worker are. */
  readonly #processes = [this.world.newProcess(), this.world.newProcess()];
  /** How often several requests changed together. */
  together = 0;
  #facts = 0;

  constructor(seed: number) {
    this.#chance = new SeededChance(seed);
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#chance.number() * from.length)] as T;
  }

  /** With that probability. */
  happens(probability: number): boolean {
    return this.#chance.number() < probability;
  }

  faults(): void {
    this.world.nextFault = () => (this.happens(0.15) ? this.pick(TABLE_FAULTS) : 'none');
    this.world.topic.next = () => (this.happens(0.3) ? this.pick(TOPIC_FAULTS) : 'accepts');
  }

  async step(): Promise<void> {
    const place = this.happens(0.5) ? 0 : 1;
    try {
      await this.#act(place);
    } catch (error) {
      if ((error as Error).name !== 'StoreUnavailable') throw error;
    }
    // A process that has died, also in the background, is replaced by one that remembers nothing.
    if (this.#processes[place]?.life.ended) this.#processes[place] = this.world.newProcess();
    this.world.clock.advance(Math.floor(this.#chance.number() * 20_000));
  }

  async #act(place: number): Promise<void> {
    const { log, context, background } = this.#processes[place] as ReturnType<ToldWorld['newProcess']>;
    if (this.happens(0.1)) return publishOutbox(context);
    if (this.happens(0.2)) return background.idle();
    if (this.#requests.length < 12 && this.happens(0.3)) return this.#create(log);
    const known = this.#requests.length > 0 ? this.pick(this.#requests) : undefined;
    const stored = known && (await log.read(known.mailbox, known.id));
    if (!stored) return;
    const use = { log, telemetry: this.world.telemetry, clock: this.world.clock, rules: RULES } as unknown as Context;
    const dateTime = new Date(this.world.clock.now()).toISOString();
    const fact = `f${this.#facts++}`;
    if (stored.value.enqueued === false && this.happens(0.5)) {
      await log.write({ ...changeOf({ ...stored.value, enqueued: true }, []), before: stored.value }, stored.etag);
    } else if (this.happens(0.3)) {
      // One: of several, one change may lead through several states, and the observer sees only the last.
      const about = [this.pick(recipients(2))];
      const event = this.pick(['recipientFailed', 'recipientDelivered'] as const);
      const reports = about.map(({ address }) => ({ event, address, dateTime, evidence: 'exchangeReport' as const }));
      await recordReport(use, stored, { fact, evidence: 'exchangeReport', proves: false, about: () => reports });
    } else if (this.happens(0.5)) {
      await writeEvent(use, stored, () => ({ type: this.#possible(stored.value), dateTime, fact }));
    } else {
      const { mailbox } = stored.value;
      const neighbours = await log.readAll(
        mailbox,
        this.#requests.filter((one) => one.mailbox === mailbox).map(({ id }) => id),
      );
      const clears = this.happens(0.5) ? (['unconfirmed'] as const) : [];
      const intents = neighbours.map((one) => ({
        stored: one,
        build: () => ({ type: this.#possible(one.value), dateTime, fact, clears }),
        extras: {},
      }));
      const failed = (await writeEvents(use, mailbox, intents)).find(({ status }) => status === 'rejected');
      if (intents.length > 1) this.together++;
      if (failed?.status === 'rejected') throw failed.reason;
    }
  }

  #possible({ status }: SendRequestRecord): EventType {
    return this.pick(LIFE.filter((type) => cellOf(status, type).to !== 'impossible'));
  }

  async #create(log: Context['log']): Promise<void> {
    const made = record(this.pick(this.#mailboxes), this.pick([{ enqueued: false }, { unconfirmed: true as const }, {}, {}]));
    this.#requests.push(made);
    await log.create(changeOf(made, [enqueuedEvent(made)], recipients(2)));
  }

  /** Faults end, and the timer runs on. */
  async settle(): Promise<void> {
    for (const { background } of this.#processes) await background.idle();
    this.world.nextFault = () => 'none';
    this.world.topic.next = () => 'accepts';
    const { context } = this.world.newProcess();
    for (let run = 0; run < 3; run++) {
      this.world.clock.advance(20 * 60_000);
      await publishOutbox(context);
    }
    expect(await context.outbox.marked()).toEqual([]);
    for (const mailbox of this.#mailboxes) expect(await context.outbox.waiting(mailbox, 1)).toEqual([]);
  }
}

/** Over all seeds: how many calls there are depends on how the work in the background comes between. */
const topicFaults = new Map<TopicFault, number>();

describe('with a table and an Event Grid that fail, and processes that die', () => {
  test.each(SEEDS)('every change is told, none is untrue, and each request is told in order (seed %i)', async (seed) => {
    const soak = new Soak(seed);
    soak.faults();
    for (let step = 0; step < STEPS; step++) await soak.step();
    await soak.settle();

    const { world } = soak;
    for (const fault of TABLE_FAULTS) expect(world.fired[fault]).toBeGreaterThan(0);
    for (const fault of TOPIC_FAULTS) topicFaults.set(fault, (topicFaults.get(fault) ?? 0) + world.topic.fired[fault]);
    expect(soak.together).toBeGreaterThan(10);
    expect(world.topic.taken.length).toBeGreaterThan(world.topic.firstIds().length);
    expect([...world.expected.values()].flat(2).length).toBeGreaterThan(30);
    for (const [id, expected] of world.expected) expect([id, world.toldOf(id)]).toEqual([id, expected]);
    const ids = new Set(world.topic.taken.map(({ data }) => String(data['id'])));
    for (const id of ids) expect(world.expected.has(id)).toBe(true);
  });

  test('Event Grid has failed in each way', () => {
    for (const fault of TOPIC_FAULTS) expect(topicFaults.get(fault), fault).toBeGreaterThan(0);
  });
});
