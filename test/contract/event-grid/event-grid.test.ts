// The Event Grid emulator, judged by Microsoft's own client, and by the CloudEvents project's check of events.
import { AzureKeyCredential, EventGridPublisherClient } from '@azure/eventgrid';
import { CloudEvent as StrictCloudEvent } from 'cloudevents';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mistakesOf } from '../../emulators/event-grid/cloud-event-check.ts';
import { type EventGridEmulator, startEventGridEmulator } from '../../emulators/event-grid/index.ts';

let emulator: EventGridEmulator;
beforeAll(async () => {
  emulator = await startEventGridEmulator();
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.events.length = 0;
  emulator.faults.clear();
});

const EVENT = {
  id: '1',
  source: '/source',
  type: 'Some.Type',
  subject: '/subject',
  time: '2026-01-15T08:00:00Z',
  specversion: '1.0',
  data: { a: 1 },
};

const microsofts = (key = emulator.key) =>
  new EventGridPublisherClient(emulator.topicEndpoint, 'CloudEvent', new AzureKeyCredential(key), {
    allowInsecureConnection: true,
    retryOptions: { maxRetries: 0 },
  });

function post(
  body: unknown,
  { path = '/api/events?api-version=2018-01-01', headers = {} }: { path?: string; headers?: Record<string, string> } = {},
) {
  return fetch(`${emulator.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents-batch+json; charset=utf-8', 'aeg-sas-key': emulator.key, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
const statusOf = async (answer: Promise<Response>): Promise<number> => (await answer).status;

const tokenFor = (aud: string, seconds = 3600): string =>
  `Bearer e30.${Buffer.from(JSON.stringify({ aud, exp: Date.now() / 1000 + seconds })).toString('base64url')}.x`;

describe("Microsoft's client", () => {
  test('publishes a batch with extension attributes, and gets no answer that it does not know', async () => {
    const time = new Date('2026-01-15T08:00:00.000Z');
    const { specversion: _, time: __, ...event } = EVENT;
    await microsofts().send([{ ...event, time, extensionAttributes: { sequence: '000001', traceparent: '00-1-2-01' } }]);
    expect(emulator.events).toEqual([
      { ...EVENT, time: '2026-01-15T08:00:00.000Z', datacontenttype: 'application/json', sequence: '000001', traceparent: '00-1-2-01' },
    ]);
  });

  test('with a wrong key gets 401', async () => {
    const { specversion: _, time: __, ...event } = EVENT;
    await expect(microsofts('d3Jvbmc=').send([event])).rejects.toMatchObject({ statusCode: 401 });
    expect(emulator.events).toEqual([]);
  });

  test('with the schema of Event Grid gets 400: the topic takes CloudEvents', async () => {
    const client = new EventGridPublisherClient(emulator.topicEndpoint, 'EventGrid', new AzureKeyCredential(emulator.key), {
      allowInsecureConnection: true,
    });
    await expect(client.send([{ eventType: 'T', subject: 's', dataVersion: '1', data: {} }])).rejects.toMatchObject({ statusCode: 400 });
  });
});

describe('a request', () => {
  test('that is wrong is answered as the documentation says', async () => {
    expect(await statusOf(post([EVENT]))).toBe(200);
    expect(await statusOf(post([EVENT], { path: '/api/event?api-version=2018-01-01' }))).toBe(404);
    expect(await statusOf(post([EVENT], { path: '/api/events?api-version=2024-06-01' }))).toBe(400);
    expect(await statusOf(post([EVENT], { headers: { 'content-type': 'application/json' } }))).toBe(400);
    expect(await statusOf(post(EVENT))).toBe(400);
    expect(await statusOf(post('[{'))).toBe(400);
    expect(await statusOf(post([{ ...EVENT, data: 'x'.repeat(1024 * 1024) }]))).toBe(413);
    expect(await statusOf(post(Array.from({ length: 5_001 }, () => ({ ...EVENT, data: null }))))).toBe(400);
    expect(emulator.events).toHaveLength(1);
  });

  test('may have one event alone', async () => {
    expect(await statusOf(post(EVENT, { headers: { 'content-type': 'application/cloudevents+json' } }))).toBe(200);
  });

  test('to a topic of a namespace has a key or a token of its own kind', async () => {
    const path = '/topics/mail:publish?api-version=2024-06-01';
    expect(await statusOf(post([EVENT], { path }))).toBe(401);
    const answer = await post([EVENT], { path, headers: { authorization: `SharedAccessKey ${emulator.key}` } });
    expect([answer.status, await answer.json()]).toEqual([200, {}]);
    for (const [token, status] of [
      [tokenFor('https://eventgrid.azure.net'), 200],
      [tokenFor('https://eventgrid.azure.net', -1), 401],
      [tokenFor('https://graph.microsoft.com'), 401],
      ['Bearer nonsense', 401],
    ] as const)
      expect(await statusOf(post([EVENT], { path, headers: { authorization: token } }))).toBe(status);
  });
});

describe('an event', () => {
  const without = (name: string): Record<string, unknown> => Object.fromEntries(Object.entries(EVENT).filter(([key]) => key !== name));
  const WRONG: Record<string, unknown>[] = [
    without('source'),
    without('type'),
    { ...EVENT, source: '' },
    { ...EVENT, subject: '' },
    { ...EVENT, time: 'yesterday' },
    { ...EVENT, Extension: 'x' },
    { ...EVENT, with_line: 'x' },
  ];

  test.each(WRONG)('that breaks the specification is refused, as the CloudEvents project refuses it: %j', async (event) => {
    expect(() => new StrictCloudEvent(event as unknown as typeof EVENT, true).validate()).toThrow();
    const answer = await post([event]);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: 'BadRequest', message: expect.stringContaining('Event 0') } });
  });

  test.each([EVENT, { ...EVENT, extension: 1, other: true }, { ...EVENT, source: 'urn:x', dataschema: 'https://example.com/schema' }])(
    'that keeps to it is taken, as the CloudEvents project takes it: %j',
    async (event) => {
      expect(new StrictCloudEvent(event, true).validate()).toBe(true);
      expect(await statusOf(post([event]))).toBe(200);
    },
  );

  test('whose mistake the SDK of the CloudEvents project mends or overlooks is refused all the same', () => {
    expect(mistakesOf(without('id'))).toEqual(['id must be a text that is not empty']);
    expect(mistakesOf({ ...EVENT, id: '' })).toEqual(['id must be a text that is not empty']);
    expect(mistakesOf({ ...EVENT, specversion: '0.2' })).toEqual(['specversion must be "1.0"']);
    expect(mistakesOf({ ...EVENT, extension: {} })).toEqual(['extension must be a text, a boolean or an integer']);
    expect(mistakesOf({ ...EVENT, data_base64: 'eA==' })).toEqual(['data and data_base64 exclude each other']);
    expect(mistakesOf({ ...EVENT, source: 'with blank' })).toEqual(['source must be a URI reference that is not empty']);
    expect(mistakesOf({ ...EVENT, extension: 1.5 })).toEqual(['extension must be a text, a boolean or an integer']);
    expect(mistakesOf('text')).toEqual(['An event must be a JSON object']);
  });
});

describe('faults', () => {
  const arm = (fault: object) => fetch(`${emulator.url}/faults`, { method: 'POST', body: JSON.stringify(fault) });

  test('refuse, drop the answer, repeat, and answer late, as often as was asked for', async () => {
    await arm({ kind: 'refuse', status: 429, retryAfter: 7 });
    const refused = await post([EVENT]);
    expect([refused.status, refused.headers.get('retry-after'), emulator.events.length]).toEqual([429, '7', 0]);
    await arm({ kind: 'dropAnswer' });
    await expect(post([EVENT])).rejects.toThrow();
    expect(emulator.events).toHaveLength(1);
    await arm({ kind: 'repeat' });
    expect(await statusOf(post([EVENT]))).toBe(200);
    expect(emulator.events).toHaveLength(3);
    await arm({ kind: 'slow', delay: 5 });
    expect(await statusOf(post([EVENT]))).toBe(200);
    expect(emulator.events).toHaveLength(4);
  });

  test('may be limited to some events', async () => {
    await arm({ kind: 'refuse', status: 400, matching: 'Other.Type', times: 2 });
    expect(await statusOf(post([EVENT]))).toBe(200);
    expect(await statusOf(post([EVENT, { ...EVENT, type: 'Other.Type' }]))).toBe(400);
  });

  test('that nobody knows are refused, and so are control calls from elsewhere', async () => {
    expect((await arm({ kind: 'explode' })).status).toBe(400);
    expect((await arm({ kind: 'slow', delay: 'long' })).status).toBe(400);
    const answer = await fetch(`${emulator.url}/events`, { headers: { origin: 'https://example.com' } });
    expect(answer.status).toBe(403);
  });

  test('and events are shown and forgotten', async () => {
    await post([EVENT]);
    expect(await (await fetch(`${emulator.url}/events`)).json()).toEqual({ count: 1, value: [EVENT] });
    await arm({ kind: 'slow' });
    await fetch(`${emulator.url}/faults`, { method: 'DELETE' });
    expect(await (await fetch(`${emulator.url}/faults`)).json()).toEqual({ value: [] });
    await fetch(`${emulator.url}/events`, { method: 'DELETE' });
    expect(emulator.events).toEqual([]);
  });
});
