// Events leave the outbox in order, and wait while Event Grid is out of reach.
import { beforeEach, describe, expect, test } from 'vitest';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { publishOutbox } from '../../../shared/usecases/events/publish-outbox.ts';
import { newMailbox } from '../../support/samples.ts';
import { ToldStage } from '../../support/told-stage.ts';

const MINUTE = 60_000;
let stage: ToldStage;
let world: ToldStage['world'];
let writer: ToldStage['writer'];
let timer: ToldStage['timer'];

beforeEach(() => {
  stage = new ToldStage();
  ({ world, writer, timer } = stage);
});

describe('a change', () => {
  test('is published soon after it was written, without the timer', async () => {
    const made = await stage.post();
    await stage.happens(made, 'submissionStarted');
    await stage.happens(made, 'submissionAccepted');
    await writer.background.idle();
    expect(stage.told(made)).toEqual(['Enqueued', 'Accepted']);
    expect(await writer.context.outbox.waiting(made.mailbox, 10)).toEqual([]);
  });

  test('is written also if Event Grid is out of reach, and published by the timer afterwards, in order', async () => {
    stage.down();
    const made = await stage.post();
    await stage.happens(made, 'submissionStarted');
    await stage.happens(made, 'submissionAccepted');
    await stage.happens(made, 'foundInSentItems');
    await writer.background.idle();
    expect(world.topic.taken).toEqual([]);
    stage.up();
    await publishOutbox(timer.context);
    expect(stage.told(made)).toEqual(['Enqueued', 'Accepted', 'Sent']);
    const sequences = world.topic.taken.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.toSorted());
  });

  test('is not told by a process without events', async () => {
    const quiet = world.newProcess({ events: false });
    const made = await stage.post(newMailbox(), quiet);
    await stage.happens(made, 'submissionStarted', quiet);
    await publishOutbox(timer.context);
    expect(world.topic.taken).toEqual([]);
    expect(await timer.context.outbox.marked()).toEqual([]);
  });

  test('that follows others in another process has a later sequence', async () => {
    const made = await stage.post();
    const other = world.newProcess();
    await stage.happens(made, 'submissionStarted', other);
    await stage.happens(made, 'submissionAccepted', other);
    await publishOutbox(timer.context);
    expect(stage.told(made)).toEqual(['Enqueued', 'Accepted']);
  });
});

describe('while Event Grid is out of reach', () => {
  test('it is asked less and less often, and telemetry says how old the oldest event is', async () => {
    stage.down();
    await stage.post();
    await stage.post();
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
    stage.down();
    await stage.post();
    await writer.background.idle();
    const asked = world.topic.fired.fails;
    await stage.post();
    await writer.background.idle();
    expect(world.topic.fired.fails).toBe(asked);
    stage.up();
    world.clock.advance(MINUTE);
    const made = await stage.post();
    await writer.background.idle();
    expect(stage.told(made)).toEqual(['Enqueued']);
  });
});

describe('many events', () => {
  test('of one mailbox go out in batches, page by page', async () => {
    stage.down();
    const mailbox = newMailbox();
    const made: SendRequestRecord[] = [];
    for (let count = 0; count < 250; count++) made.push(await stage.post(mailbox));
    await writer.background.idle();
    stage.up();
    const before = world.topic.fired.accepts;
    await publishOutbox(timer.context);
    expect(world.topic.fired.accepts - before).toBe(3);
    for (const one of made) expect(stage.told(one)).toEqual(['Enqueued']);
    expect(world.telemetry.named('eventsWaiting')).toEqual([]);
  });

  test('two publishers at once publish every event, and only repeat some', async () => {
    stage.down();
    const mailbox = newMailbox();
    const made = await stage.post(mailbox);
    await stage.happens(made, 'submissionStarted');
    await stage.happens(made, 'submissionAccepted');
    await writer.background.idle();
    stage.up();
    await Promise.all([publishOutbox(timer.context), publishOutbox(world.newProcess().context)]);
    expect(stage.told(made)).toEqual(['Enqueued', 'Accepted']);
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
  // The mark that the mailbox has changed, which is there without events too, and the record.
  expect(await calls(() => stage.post(newMailbox(), quiet))).toBe(2);
  // Both marks and the record; then one reading and one removal.
  expect(
    await calls(async () => {
      await stage.post(mailbox);
      await writer.background.idle();
    }),
  ).toBe(5);
  const made = await stage.post(mailbox);
  await writer.background.idle();
  expect(await calls(() => stage.happens(made, 'submissionStarted'))).toBe(2);
  expect(
    await calls(async () => {
      await stage.happens(made, 'submissionAccepted');
      await writer.background.idle();
    }),
  ).toBe(4);
  // A run with nothing to do: the marks, and each marked mailbox.
  expect(await calls(() => publishOutbox(timer.context))).toBe(2);
  world.clock.advance(20 * MINUTE);
  expect(await calls(() => publishOutbox(timer.context))).toBe(3);
  expect(await calls(() => publishOutbox(timer.context))).toBe(1);
});
