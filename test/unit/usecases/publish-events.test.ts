// Events leave the outbox in order, wait while Event Grid is out of reach, and are set aside only if Event Grid takes others.
import { beforeEach, describe, expect, test } from 'vitest';
import type { LifecycleEvent } from '../../../shared/domain/log/apply-event.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import type { Context } from '../../../shared/usecases/context.ts';
import { publishOutbox } from '../../../shared/usecases/events/publish-outbox.ts';
import { enqueuedEvent } from '../../../shared/usecases/log/new-record.ts';
import { changeOf, writeEvent } from '../../../shared/usecases/log/write-log.ts';
import { newMailbox, recipients, record } from '../../support/samples.ts';
import { ToldWorld } from '../../support/told-world.ts';

const MINUTE = 60_000;
let world: ToldWorld;
let writer: ReturnType<ToldWorld['newProcess']>;
let timer: ReturnType<ToldWorld['newProcess']>;
let facts = 0;

beforeEach(() => {
  world = new ToldWorld();
  writer = world.newProcess();
  timer = world.newProcess();
});

async function post(mailbox = newMailbox(), process = writer): Promise<SendRequestRecord> {
  const made = record(mailbox);
  await process.log.create(changeOf(made, [enqueuedEvent(made)], recipients(1)));
  return made;
}

async function happens({ mailbox, id }: SendRequestRecord, type: LifecycleEvent['type'], process = writer): Promise<void> {
  const stored = await process.log.read(mailbox, id);
  if (!stored) throw new Error(`${id} is not there`);
  const use = { log: process.log, telemetry: world.telemetry, clock: world.clock } as unknown as Context;
  const dateTime = new Date(world.clock.now()).toISOString();
  await writeEvent(use, stored, () => ({ type, dateTime, fact: `f${facts++}` }));
}

const told = ({ id }: SendRequestRecord): string[] => world.toldOf(id).flat();
const down = () => {
  world.topic.next = () => 'fails';
};
const up = () => {
  world.topic.next = () => 'accepts';
};

describe('a change', () => {
  test('is published soon after it was written, without the timer', async () => {
    const made = await post();
    await happens(made, 'submissionStarted');
    await happens(made, 'submissionAccepted');
    await writer.background.idle();
    expect(told(made)).toEqual(['Enqueued', 'Accepted']);
    expect(await writer.context.outbox.waiting(made.mailbox, 10)).toEqual([]);
  });

  test('is written also if Event Grid is out of reach, and published by the timer afterwards, in order', async () => {
    down();
    const made = await post();
    await happens(made, 'submissionStarted');
    await happens(made, 'submissionAccepted');
    await happens(made, 'foundInSentItems');
    await writer.background.idle();
    expect(world.topic.taken).toEqual([]);
    up();
    await publishOutbox(timer.context);
    expect(told(made)).toEqual(['Enqueued', 'Accepted', 'Sent']);
    const sequences = world.topic.taken.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.toSorted());
  });

  test('is not told by a process without events', async () => {
    const quiet = world.newProcess({ events: false });
    const made = await post(newMailbox(), quiet);
    await happens(made, 'submissionStarted', quiet);
    await publishOutbox(timer.context);
    expect(world.topic.taken).toEqual([]);
    expect(await timer.context.outbox.marked()).toEqual([]);
  });

  test('that follows others in another process has a later sequence', async () => {
    const made = await post();
    const other = world.newProcess();
    await happens(made, 'submissionStarted', other);
    await happens(made, 'submissionAccepted', other);
    await publishOutbox(timer.context);
    expect(told(made)).toEqual(['Enqueued', 'Accepted']);
  });
});

describe('while Event Grid is out of reach', () => {
  test('it is asked less and less often, and telemetry says how old the oldest event is', async () => {
    down();
    await post();
    await post();
    await writer.background.idle();
    const asked = world.topic.fired.fails;
    world.clock.advanceTo('2026-01-15T08:20:00.000Z');
    await publishOutbox(timer.context);
    expect(world.topic.fired.fails - asked).toBeGreaterThan(0);
    const askedByTimer = world.topic.fired.fails;
    await publishOutbox(timer.context);
    expect(world.topic.fired.fails).toBe(askedByTimer);
    expect(world.telemetry.named('eventsWaiting')).toEqual([
      { left: 2, ageSeconds: 20 * 60, reason: 'Event Grid: 503' },
      { left: 2, ageSeconds: 20 * 60, reason: 'Event Grid: 503' },
    ]);
  });

  test('no change asks it, until the pause is over', async () => {
    down();
    await post();
    await writer.background.idle();
    const asked = world.topic.fired.fails;
    await post();
    await writer.background.idle();
    expect(world.topic.fired.fails).toBe(asked);
    up();
    world.clock.advance(MINUTE);
    const made = await post();
    await writer.background.idle();
    expect(told(made)).toEqual(['Enqueued']);
  });
});

describe('an event that Event Grid refuses', () => {
  test('makes only the later events of its request wait, and is set aside once another one is accepted', async () => {
    const mailbox = newMailbox();
    down();
    const [refused, good] = [await post(mailbox), await post(mailbox)];
    await happens(refused, 'submissionStarted');
    await happens(refused, 'submissionAccepted');
    await writer.background.idle();
    up();
    world.topic.refuses = ({ id }) => id === `${refused.id}/0000-enqueued`;
    await publishOutbox(timer.context);
    expect(told(good)).toEqual(['Enqueued']);
    expect(told(refused)).toEqual([]);
    expect(world.telemetry.named('eventSetAside')).toEqual([{ sendRequestId: refused.id, mailbox, reason: 'Event Grid: 400 BadRequest' }]);
    await publishOutbox(timer.context);
    expect(told(refused)).toEqual(['Accepted']);
    const kept = world.client.partition(mailbox).between(`d!${refused.id}!u!`, `d!${refused.id}!u"`);
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({ reason: 'Event Grid: 400 BadRequest', types: 'GraphMailQueue.SendRequest.Enqueued' });
  });

  test('is never set aside while the topic accepts nothing: then the topic is the cause', async () => {
    down();
    const made = await post();
    await post();
    await writer.background.idle();
    up();
    world.topic.refuses = () => true;
    for (let run = 0; run < 5; run++) {
      await publishOutbox(timer.context);
      world.clock.advance(10 * MINUTE);
    }
    expect(world.telemetry.named('eventSetAside')).toEqual([]);
    expect(world.telemetry.named('eventsWaiting').at(-1)).toMatchObject({ left: 2, reason: 'Event Grid: 400 BadRequest' });
    world.topic.refuses = () => false;
    await publishOutbox(timer.context);
    expect(told(made)).toEqual(['Enqueued']);
  });
});

describe('many events', () => {
  test('of one mailbox go out in batches, page by page', async () => {
    down();
    const mailbox = newMailbox();
    const made: SendRequestRecord[] = [];
    for (let count = 0; count < 250; count++) made.push(await post(mailbox));
    await writer.background.idle();
    up();
    const before = world.topic.fired.accepts;
    await publishOutbox(timer.context);
    expect(world.topic.fired.accepts - before).toBe(3);
    for (const one of made) expect(told(one)).toEqual(['Enqueued']);
    expect(world.telemetry.named('eventsWaiting')).toEqual([]);
  });

  test('two publishers at once publish every event, and only repeat some', async () => {
    down();
    const mailbox = newMailbox();
    const made = await post(mailbox);
    await happens(made, 'submissionStarted');
    await happens(made, 'submissionAccepted');
    await writer.background.idle();
    up();
    await Promise.all([publishOutbox(timer.context), publishOutbox(world.newProcess().context)]);
    expect(told(made)).toEqual(['Enqueued', 'Accepted']);
    expect(await timer.context.outbox.waiting(mailbox, 10)).toEqual([]);
  });
});

test('what events cost: a mark per mailbox every five minutes, a row in the transaction that there is anyway, and two operations to publish', async () => {
  const calls = async (work: () => Promise<unknown>): Promise<number> => {
    const before = world.client.calls;
    await work();
    return world.client.calls - before;
  };
  const mailbox = newMailbox();
  const quiet = world.newProcess({ events: false });
  expect(await calls(() => post(newMailbox(), quiet))).toBe(1);
  // A mark and the record; then one reading and one removal.
  expect(
    await calls(async () => {
      await post(mailbox);
      await writer.background.idle();
    }),
  ).toBe(4);
  const made = await post(mailbox);
  await writer.background.idle();
  expect(await calls(() => happens(made, 'submissionStarted'))).toBe(2);
  expect(
    await calls(async () => {
      await happens(made, 'submissionAccepted');
      await writer.background.idle();
    }),
  ).toBe(4);
  // A run with nothing to do: the marks, and each marked mailbox.
  expect(await calls(() => publishOutbox(timer.context))).toBe(2);
  world.clock.advance(20 * MINUTE);
  expect(await calls(() => publishOutbox(timer.context))).toBe(3);
  expect(await calls(() => publishOutbox(timer.context))).toBe(1);
});
