// An event that Event Grid refuses is told without its details; the other events do not wait for it.
import { beforeEach, describe, expect, test } from 'vitest';
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

describe('an event that Event Grid refuses', () => {
  const isWhole = ({ data }: { data: Record<string, unknown> }) => data['internetMessageId'] !== undefined;

  test('is told without its details, and the other events as they are', async () => {
    const mailbox = newMailbox();
    stage.down();
    const [refused, good] = [await stage.post(mailbox), await stage.post(mailbox)];
    await stage.happens(refused, 'submissionStarted');
    await stage.happens(refused, 'submissionAccepted');
    await writer.background.idle();
    stage.up();
    world.topic.refuses = (event) => isWhole(event) && event.id === `${refused.id}/0000-enqueued`;
    await publishOutbox(timer.context);
    expect(stage.told(good)).toEqual(['Enqueued']);
    expect(stage.told(refused)).toEqual(['Enqueued', 'Accepted']);
    const event = world.topic.taken.find(({ id }) => id === `${refused.id}/0000-enqueued`);
    expect(event?.data).toEqual({ id: refused.id, status: 'queued', mailbox, recipients: [], events: [] });
    expect(world.telemetry.named('eventReduced')).toEqual([{ sendRequestId: refused.id, mailbox, reason: 'Event Grid: 400 BadRequest' }]);
    expect(world.telemetry.named('eventsWaiting')).toEqual([]);
  });

  test('even so makes only the later events of its request wait, and is set aside after a week', async () => {
    const mailbox = newMailbox();
    stage.down();
    const [refused, good] = [await stage.post(mailbox), await stage.post(mailbox)];
    await stage.happens(refused, 'submissionStarted');
    await stage.happens(refused, 'submissionAccepted');
    await writer.background.idle();
    stage.up();
    world.topic.refuses = ({ id }) => id === `${refused.id}/0000-enqueued`;
    await publishOutbox(timer.context);
    expect(stage.told(good)).toEqual(['Enqueued']);
    expect(stage.told(refused)).toEqual([]);
    expect(world.telemetry.named('eventsWaiting')).toMatchObject([{ left: 2, reason: 'Event Grid: 400 BadRequest' }]);
    world.clock.advance(8 * 24 * 60 * MINUTE);
    await publishOutbox(timer.context);
    expect(world.telemetry.named('eventSetAside')).toEqual([{ sendRequestId: refused.id, mailbox, reason: 'Event Grid: 400 BadRequest' }]);
    await publishOutbox(timer.context);
    expect(stage.told(refused)).toEqual(['Accepted']);
    const kept = world.client.partition(mailbox).between(`d!${refused.id}!u!`, `d!${refused.id}!u"`);
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({ reason: 'Event Grid: 400 BadRequest', types: 'GraphMailQueue.SendRequest.Enqueued' });
  });

  test('with all others, because the topic has another schema, waits until the topic is right', async () => {
    stage.down();
    const made = await stage.post();
    await stage.post();
    await writer.background.idle();
    stage.up();
    world.topic.refuses = () => true;
    for (let run = 0; run < 5; run++) {
      await publishOutbox(timer.context);
      world.clock.advance(10 * MINUTE);
    }
    expect(world.telemetry.named('eventSetAside')).toEqual([]);
    expect(world.telemetry.named('eventsWaiting').at(-1)).toMatchObject({ left: 2, reason: 'Event Grid: 400 BadRequest' });
    world.topic.refuses = () => false;
    await publishOutbox(timer.context);
    expect(stage.told(made)).toEqual(['Enqueued']);
  });

  test('while Event Grid goes out of reach is tried again', async () => {
    stage.down();
    const made = await stage.post();
    await writer.background.idle();
    world.topic.refuses = isWhole;
    let asked = 0;
    world.topic.next = () => (asked++ === 0 ? 'accepts' : 'fails');
    await publishOutbox(timer.context);
    expect(stage.told(made)).toEqual([]);
    stage.up();
    world.clock.advance(MINUTE);
    await publishOutbox(timer.context);
    expect(stage.told(made)).toEqual(['Enqueued']);
  });
});
