// What a function gets of a Service Bus message, and what becomes of the message afterwards.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildSampleApp, type SampleFolder } from './sample-app.ts';
import { type SampleBus, startSampleBus } from './sample-bus.ts';

let sample: SampleFolder;
let bus: SampleBus;

beforeAll(async () => {
  sample = await buildSampleApp();
  bus = await startSampleBus(sample);
});
afterAll(async () => {
  await bus?.close();
  sample?.remove();
});

const deliveryOf = (id: string) => bus.delivered(({ metadata }) => metadata['messageId'] === id);
const counts = (id: string) =>
  bus
    .deliveries()
    .filter(({ metadata }) => metadata['messageId'] === id)
    .map(({ metadata }) => metadata['deliveryCount']);

describe('bodies', () => {
  test.each([
    ['an object', { a: 1, b: ['x'] }, { a: 1, b: ['x'] }],
    ['a text that is JSON', Buffer.from('123'), 123],
    ['any other text', Buffer.from('plain text'), 'plain text'],
    ['a text that the JavaScript client has sent', '007', '007'],
    ['bytes', Buffer.from('{"c":true}'), { c: true }],
  ])('%s arrives as JSON.parse makes it', async (name, body, expected) => {
    const messageId = `body ${name}`;
    await bus.send('plain', { messageId, body });
    expect((await deliveryOf(messageId)).body).toEqual(expected);
  });
});

describe('trigger metadata', () => {
  test('has the names and types of the real host', async () => {
    const traceParent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const applicationProperties = { tenant: 't', Attempt: 2, 'Diagnostic-Id': traceParent };
    const body = { x: 1 };
    await bus.send('sessions', {
      messageId: 'm-1',
      sessionId: 's/1',
      body,
      subject: 'hello',
      correlationId: '1e5',
      contentType: 'application/json',
      applicationProperties,
    });
    const { metadata, traceParent: seen } = await deliveryOf('m-1');
    const properties = { tenant: 't', attempt: 2, 'diagnostic-Id': traceParent };
    expect(metadata).toMatchObject({
      deliveryCount: 1,
      messageId: 'm-1',
      sessionId: 's/1',
      sequenceNumber: expect.any(Number),
      lockToken: expect.stringMatching(/^[0-9a-f-]{36}$/),
      subject: 'hello',
      label: 'hello',
      correlationId: 100_000,
      contentType: 'application/json',
      applicationProperties: properties,
      userProperties: properties,
      enqueuedTimeUtc: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+$/),
      enqueuedTime: expect.stringMatching(/\+00:00$/),
      expiresAtUtc: expect.any(String),
      messageActions: {},
      sessionActions: {},
    });
    expect(metadata).not.toHaveProperty('replyTo');
    expect(seen.slice(0, 36)).toBe(traceParent.slice(0, 36));
  });
  test('a property of a JSON body replaces the metadata of the same name', async () => {
    await bus.send('plain', { messageId: 'outer', subject: 'outer', body: { messageId: 'inner', SUBJECT: 'inner', list: [1], on: true } });
    const { metadata } = await deliveryOf('inner');
    expect(metadata).toMatchObject({ messageId: 'inner', subject: 'inner', on: 'True' });
    expect(metadata).not.toHaveProperty('list');
  });
});

describe('settlement', () => {
  test('success completes the message', async () => {
    await bus.send('plain', { messageId: 'fine', body: {} });
    await bus.done('fine');
    await bus.host.logged((entry) => entry.function === 'plain-queue' && entry.message.includes('Succeeded'));
    expect(counts('fine')).toEqual([1]);
  });
  test('a throw abandons at once: the message comes back with its delivery count raised', async () => {
    await bus.send('plain', { messageId: 'second-time', body: { fail: 1 } });
    await bus.done('second-time');
    expect(counts('second-time')).toEqual([1, 2]);
  });
  test('after the last delivery it is dead-lettered, and the function of the dead-letter queue gets it', async () => {
    await bus.send('plain', { messageId: 'never', body: { fail: 3 } });
    const dead = await bus.delivered((delivery) => delivery.function === 'dead-letters' && delivery.metadata['messageId'] === 'never');
    expect(dead.metadata['applicationProperties']).toMatchObject({ deadLetterReason: 'MaxDeliveryCountExceeded' });
    expect(bus.deliveries().filter((each) => each.function === 'plain-queue' && each.metadata['messageId'] === 'never')).toHaveLength(3);
  });
  test('a throw in a session abandons at once, too', async () => {
    await bus.send('sessions', { messageId: 'in-session', sessionId: 'failing', body: { fail: 1 } });
    await bus.done('in-session');
    expect(counts('in-session')).toEqual([1, 2]);
  });
  test('when the worker dies, its messages are abandoned and come back to the new worker', async () => {
    await bus.send('plain', { messageId: 'killer', body: { killWorker: true } });
    await bus.done('killer');
    expect(counts('killer')).toEqual([1, 2].slice(-counts('killer').length));
  });
});

test('a missing connection puts the function in error', async () => {
  const { startSampleHost } = await import('./sample-app.ts');
  const host = await startSampleHost(sample, { settings: { SAMPLE_MODE: 'bus' } });
  try {
    expect(host.functions.map(({ name }) => name)).not.toContain('plain-queue');
    await host.logged((entry) => entry.message.includes("Service Bus connection 'SAMPLE_BUS' does not exist"));
  } finally {
    await host.close();
  }
});
