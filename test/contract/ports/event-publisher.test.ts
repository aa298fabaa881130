// Publishing on Event Grid, against its emulator: what arrives, and what each answer means.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EventGridPublisher } from '../../../shared/adapters/event-grid/event-grid-publisher.ts';
import type { CloudEvent } from '../../../shared/domain/log/cloud-event.ts';
import { type EventGridEmulator, startEventGridEmulator } from '../../emulators/event-grid/index.ts';
import { type GraphMailEmulator, startGraphMailEmulator } from '../../emulators/graph-mail/index.ts';
import { type HttpsFront, makeCertificate, startHttpsFront } from '../../emulators/local-stack/https-front.ts';
import { compiledScript } from '../../support/compiled-script.ts';
import type { PublishOrder } from '../../support/event-publisher-process.ts';

let emulator: EventGridEmulator;
beforeAll(async () => {
  emulator = await startEventGridEmulator();
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.events.length = 0;
  emulator.faults.clear();
});

const event = (id: string): CloudEvent => ({
  id,
  source: '/queue/one',
  type: 'GraphMailQueue.SendRequest.Accepted',
  subject: '/v1.0/users/sender@contoso.com/sendRequests/x',
  time: '2026-01-15T08:00:00.000Z',
  traceparent: '00-11111111111111111111111111111111-2222222222222222-01',
  sequence: '000001.0000',
  data: { id: 'x', status: 'accepted' },
});
const publisher = (key = emulator.key) => new EventGridPublisher({ endpoint: emulator.topicEndpoint, key });

describe('publishing', () => {
  it('arrives as a batch of CloudEvents in order, with sequence and trace context', async () => {
    expect(await publisher().publish([event('1'), event('2')])).toEqual({ kind: 'accepted' });
    expect(emulator.events).toEqual(['1', '2'].map((id) => ({ ...event(id), specversion: '1.0', datacontenttype: 'application/json' })));
  });

  it.each([400, 413])('is refused with %i: the request itself is the cause', async (status) => {
    emulator.faults.arm({ kind: 'refuse', status });
    expect(await publisher().publish([event('1')])).toMatchObject({ kind: 'refused', reason: expect.stringContaining(String(status)) });
  });

  it.each([401, 403, 404, 410])('is not possible with %i: time or an operator heals it', async (status) => {
    emulator.faults.arm({ kind: 'refuse', status });
    expect(await publisher().publish([event('1')])).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining(String(status)) });
  });

  it('is repeated by the client after 503 and after a lost answer: at least once', async () => {
    emulator.faults.arm({ kind: 'refuse', status: 503 });
    expect(await publisher().publish([event('1')])).toEqual({ kind: 'accepted' });
    emulator.faults.arm({ kind: 'dropAnswer' });
    expect(await publisher().publish([event('2')])).toEqual({ kind: 'accepted' });
    expect(emulator.events.map(({ id }) => id)).toEqual(['1', '2', '2']);
  });

  it('says how long Event Grid asks to wait', async () => {
    emulator.faults.arm({ kind: 'refuse', status: 429, retryAfter: 1, times: 10 });
    expect(await publisher().publish([event('1')])).toMatchObject({ kind: 'unavailable', retryAfterMs: 1_000 });
  });

  it('with a wrong key, or without anybody there, is unavailable', async () => {
    expect(await publisher('d3Jvbmc=').publish([event('1')])).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringContaining('401'),
    });
    const nobody = new EventGridPublisher({ endpoint: 'http://127.0.0.1:9/api/events', key: emulator.key });
    expect(await nobody.publish([event('1')])).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('ECONNREFUSED') });
  });
});

describe('by the managed identity, over https', () => {
  let graph: GraphMailEmulator;
  let front: HttpsFront;
  let child: ChildProcess;
  const folder = mkdtempSync(join(tmpdir(), 'event-grid-'));

  beforeAll(async () => {
    const certificate = await makeCertificate();
    const file = join(folder, 'certificate.pem');
    writeFileSync(file, certificate.cert);
    graph = await startGraphMailEmulator();
    front = await startHttpsFront(emulator.url, certificate);
    const { PATH = '' } = process.env;
    const { identityEndpoint: IDENTITY_ENDPOINT, identityHeader: IDENTITY_HEADER } = graph;
    const script = await compiledScript('test/support/event-publisher-process.ts');
    child = fork(script, { env: { PATH, NODE_EXTRA_CA_CERTS: file, IDENTITY_ENDPOINT, IDENTITY_HEADER } });
  });
  afterAll(async () => {
    if (child.kill()) await once(child, 'exit');
    front.close();
    await graph.close();
    rmSync(folder, { recursive: true });
  });

  it.each(['/api/events', '/topics/mail:publish'])('%s takes the events, with their extension attributes', async (path) => {
    const order: PublishOrder = { endpoint: `${front.url}${path}`, events: [event('1'), event('2')] };
    child.send(order);
    expect(await once(child, 'message')).toEqual([{ kind: 'accepted' }, undefined]);
    expect(emulator.events).toMatchObject([event('1'), event('2')]);
  });
});
