// The client of the host's settlement service against Google's own gRPC server, and against servers that are none.
import { once } from 'node:events';
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { HostSettlement } from '../../../shared/adapters/service-bus/host-settlement.ts';
import {
  type HostService,
  type MessageActions,
  RunningMessages,
  startHostService,
} from '../../emulators/functions-host/service-bus/settlement-service.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { RecordingTelemetry } from '../../fakes/recording-telemetry.ts';

const MESSAGE = { lockToken: '8f5b2f0e-43a9-4d5c-a7f4-6b1d3b3fb3f1', sessionId: 'müller@contoso.com/0' };
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Played {
  settlement: HostSettlement;
  done: string[];
  clock: ManualClock;
  reasons(): unknown[];
}

function client(url: string, done: string[] = [], deadlineMs = 5_000): Played {
  const clock = new ManualClock();
  const telemetry = new RecordingTelemetry();
  const settlement = new HostSettlement({ url, clock, telemetry, deadlineMs });
  closers.push(() => settlement.close());
  return { settlement, done, clock, reasons: () => telemetry.named('sessionNotReleased').map(({ reason }) => reason) };
}

const played = (
  done: string[],
  message = MESSAGE,
  complete: MessageActions['complete'] = async () => void done.push('completed'),
): RunningMessages => {
  const messages = new RunningMessages();
  messages.add({ ...message, complete, release: () => void done.push('released') });
  return messages;
};

async function serve(messages: RunningMessages | undefined): Promise<HostService> {
  const service = await startHostService(messages);
  closers.push(() => service.close());
  return service;
}

/** A server of HTTP/2 that answers as it is told. */
async function otherServer(answer: (stream: ServerHttp2Stream) => void): Promise<string> {
  const server: Http2Server = createServer();
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    answer(stream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test('the message is completed, and then its session released', async () => {
  const done: string[] = [];
  const { settlement, reasons } = client((await serve(played(done))).url, done);
  await settlement.settle(MESSAGE);
  expect(done).toEqual(['completed', 'released']);
  expect(reasons()).toEqual([]);
});

test('a session id of any length arrives as it is', async () => {
  const done: string[] = [];
  const long = { lockToken: 'x'.repeat(20_000), sessionId: 'é'.repeat(127) };
  await client((await serve(played(done, long))).url).settlement.settle(long);
  expect(done).toEqual(['completed', 'released']);
});

test('many at the same time share a connection', async () => {
  const done: string[] = [];
  const { settlement } = client((await serve(played(done))).url);
  await Promise.all(Array.from({ length: 200 }, () => settlement.settle(MESSAGE)));
  expect(done.filter((what) => what === 'released')).toHaveLength(200);
});

test('what could not be completed is not released: its message would come again and again', async () => {
  const done: string[] = [];
  const lost = async () => {
    throw new Error('The session lock was lost.\n   at a stack');
  };
  const { settlement, reasons } = client((await serve(played(done, MESSAGE, lost))).url);
  await settlement.settle(MESSAGE);
  expect(done).toEqual([]);
  expect(reasons()).toEqual(['gRPC status 2: Error: The session lock was lost.']);
});

test('a lock that was lost says nothing of the next message', async () => {
  const done: string[] = [];
  const { settlement, reasons } = client((await serve(played(done))).url);
  await settlement.settle({ ...MESSAGE, lockToken: 'gone' });
  await settlement.settle(MESSAGE);
  expect(done).toEqual(['completed', 'released']);
  expect(reasons()).toEqual(['gRPC status 9: LockToken gone not found.']);
});

test('a host without the service is asked once, and told once', async () => {
  const { settlement, reasons, clock } = client((await serve(undefined)).url);
  await settlement.settle(MESSAGE);
  clock.advance(24 * 3_600_000);
  await settlement.settle(MESSAGE);
  expect(reasons()).toHaveLength(1);
  expect(reasons()[0]).toMatch(/^gRPC status 12: /);
});

test('a host that is out of reach is asked again after a minute, on a new connection, and told of every ten minutes', async () => {
  let calls = 0;
  let reachable = false;
  const url = await otherServer((stream) => {
    calls += 1;
    if (reachable) stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '0' }, { endStream: true });
    else stream.session?.destroy();
  });
  const { settlement, clock, reasons } = client(url);
  for (let minute = 0; minute <= 10; minute++) {
    await settlement.settle(MESSAGE);
    await settlement.settle(MESSAGE);
    clock.advance(60_000);
  }
  expect(calls).toBe(11);
  expect(reasons()).toHaveLength(2);
  expect(reasons()[0]).toMatch(/^gRPC status 14: /);
  reachable = true;
  await settlement.settle(MESSAGE);
  expect(calls).toBe(13);
});

test('where nobody listens is out of reach', async () => {
  const { url, close } = await startHostService(undefined);
  close();
  const { settlement, reasons } = client(url);
  await settlement.settle(MESSAGE);
  expect(reasons()[0]).toMatch(/^gRPC status 14: .*ECONNREFUSED/);
});

test.each([
  ['no answer in time', () => {}, 'gRPC status 4: no answer within 50 ms'],
  [
    'an answer that is no gRPC',
    (stream: ServerHttp2Stream) => stream.respond({ ':status': 404 }, { endStream: true }),
    'gRPC status 2: no status of gRPC in an answer with HTTP status 404',
  ],
  [
    'a status in the headers, with a message that is percent-encoded',
    (stream: ServerHttp2Stream) =>
      stream.respond({ ':status': 200, 'grpc-status': '7', 'grpc-message': 'not%20allowed: %C3%BC' }, { endStream: true }),
    'gRPC status 7: not allowed: ü',
  ],
  [
    'a message that is not encoded as it should be',
    (stream: ServerHttp2Stream) => stream.respond({ ':status': 200, 'grpc-status': '7', 'grpc-message': '100% sure' }, { endStream: true }),
    'gRPC status 7: 100% sure',
  ],
])('%s is told, and not thrown', async (_what, answer, reason) => {
  const { settlement, reasons } = client(await otherServer(answer), [], 50);
  await settlement.settle(MESSAGE);
  expect(reasons()).toEqual([reason]);
});
