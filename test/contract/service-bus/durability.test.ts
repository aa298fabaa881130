// What survives the emulator's process, killed without warning.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compiled } from '../../emulators/local-stack/compile.ts';
import { FileJournal } from '../../emulators/service-bus/storage/file-journal.ts';
import { bench, Collector, message, receive } from './core/core-support.ts';
import { configOf, newClientFor, receiveExactly, receiveOne } from './support.ts';

/** As its README starts it. */
const SOURCE = fileURLToPath(new URL('../../emulators/service-bus/main.ts', import.meta.url));

let folder: string;
let state: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'service-bus-emulator-'));
  state = join(folder, 'state.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

function reopened(properties = {}, countDroppedDeliveries = false, compactFrom?: number) {
  const journal = new FileJournal(state, compactFrom);
  return bench(properties, { journal, restore: journal.records(), countDroppedDeliveries });
}

describe('the journal', () => {
  test('brings back messages, their state and content, numbers, history and session state', () => {
    const properties = { requiresSession: true, requiresDuplicateDetection: true };
    const before = reopened(properties);
    const body = Buffer.from([0, 255, 10]);
    const content = { ...message('x').content, body };
    const inSession = { sessionId: 's' };
    before.queue.send([
      message('gone', inSession),
      message('deferred', inSession),
      message('dead', inSession),
      message('kept', { ...inSession, content }),
    ]);
    before.queue.send([message('later', { sessionId: 's', scheduledFor: before.clock.now() + 5_000 })]);
    const holder = new Collector(3);
    before.queue.acceptSession('s', holder).wake();
    const tokens = holder.got.map((each) => each.lock!.token);
    before.queue.settle(tokens[0]!, { type: 'complete' }, 's');
    before.queue.settle(tokens[1]!, { type: 'defer', changes: { step: '2' } }, 's');
    before.queue.settle(tokens[2]!, { type: 'deadLetter', reason: 'why' }, 's');
    before.queue.setSessionState('s', new Uint8Array([7]));

    const { queue, deadLetters, clock } = reopened(properties);
    queue.send([message('gone', inSession)]);
    const next = new Collector();
    queue.acceptSession('s', next).wake();
    clock.advance(5_000);
    expect(next.ids).toEqual(['kept', 'later']);
    expect(Buffer.from(next.got[0]!.content.body)).toEqual(body);
    expect(next.got[1]!.sequenceNumber).toBeGreaterThan(5);
    expect(queue.peek(1, 1)[0]).toMatchObject({ messageId: 'deferred', state: 'deferred', changes: { step: '2' } });
    expect(receive(deadLetters).got[0]).toMatchObject({ messageId: 'dead', changes: { DeadLetterReason: 'why' } });
    expect([...queue.sessionState('s')!]).toEqual([7]);
    expect(queue.counters.duplicatesDropped).toBe(1);
  });

  test.each([
    [false, 0],
    [true, 1],
  ])('frees what was locked; whether that counts is the switch (%s)', (counts, deliveryCount) => {
    const before = reopened();
    before.queue.send([message('a')]);
    receive(before.queue);
    expect(receive(reopened({}, counts).queue).got[0]?.deliveryCount).toBe(deliveryCount);
  });

  test('drops an operation whose record was cut off, and goes on after it', () => {
    const before = reopened();
    before.queue.send([message('a')]);
    appendFileSync(state, '[{"op":"put","queue":"q","mess');
    const between = reopened();
    between.queue.send([message('b')]);
    expect(receive(reopened().queue).ids).toEqual(['a', 'b']);
  });

  test('expires at restart what has expired meanwhile', () => {
    reopened().queue.send([message('a', { timeToLive: 1000 }), message('b')]);
    writeFileSync(state, readFileSync(state, 'utf8').replaceAll(/"enqueuedAt":\d+/g, '"enqueuedAt":1000'));
    expect(receive(reopened().queue).ids).toEqual(['b']);
  });

  test('is compacted to what is left', () => {
    const { queue } = reopened({}, false, 20_000);
    queue.send([message('kept')]);
    for (let i = 0; i < 500; i++) {
      queue.send([message(`m${i}`)]);
      queue.settle(receive(queue, 2).token, { type: 'complete' });
    }
    expect(readFileSync(state).length).toBeLessThan(25_000);
    const after = reopened().queue;
    expect([after.store.size, after.life.lastSequenceNumber]).toEqual([1, 501]);
  });
});

describe('the process', () => {
  async function start(args: string[] = []) {
    const config = join(folder, 'config.json');
    writeFileSync(config, JSON.stringify(configOf({ q: { RequiresDuplicateDetection: true } })));
    const child = fork(compiled('service-bus'), ['--port', '0', '--config', config, '--state', state, ...args], { silent: true });
    const [line] = (await once(child.stdout!, 'data')) as [Buffer];
    return { child, ready: JSON.parse(line.toString()) as { ready: true; url: string; connectionString: string; controlUrl?: string } };
  }

  test('killed after it answered, it comes back with the messages and without the settled ones', async () => {
    const first = await start();
    const client = newClientFor(first.ready.connectionString);
    await client.createSender('q').sendMessages([1, 2, 3].map((body) => ({ body, messageId: `m${body}` })));
    const receiver = client.createReceiver('q');
    await receiver.completeMessage(await receiveOne(receiver));
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    await client.close();

    const second = await start(['--control-port', '0']);
    expect(second.ready).toMatchObject({ ready: true, controlUrl: expect.stringMatching(/^http:\/\/localhost:\d+$/) });
    const again = newClientFor(second.ready.connectionString);
    await again.createSender('q').sendMessages({ body: 1, messageId: 'm1' });
    const got = await receiveExactly(again.createReceiver('q'), 2);
    expect(got.map(({ body, deliveryCount }) => [body, deliveryCount])).toEqual([
      [2, 0],
      [3, 0],
    ]);
    await again.close();
    second.child.kill('SIGTERM');
    expect(await once(second.child, 'exit')).toEqual([0, null]);
  });

  test('ends when its parent disconnects, and says in one line why it cannot start', async () => {
    const { child, ready } = await start();
    const rival = fork(SOURCE, ['--port', new URL(ready.url.replace('sb:', 'http:')).port], {
      execArgv: ['--import', 'tsx'],
      silent: true,
    });
    const [complaint] = (await once(rival.stderr!, 'data')) as [Buffer];
    expect(complaint.toString()).toMatch(/^service-bus emulator: .*EADDRINUSE.*\n$/);
    expect(await once(rival, 'exit')).toEqual([1, null]);
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
