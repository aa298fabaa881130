// An app whose settings are wrong: whoever asks is told which, nobody is told their values, and the log has everything.
import { expect, test } from 'vitest';
import { notStartedFunctions } from '../../../shared/adapters/http/not-started-handlers.ts';
import { ask, NOW, newId } from './http.ts';

const SECRET = 'the value that somebody gave';

function app(settings: readonly string[]) {
  const clock = { time: NOW, now: () => clock.time };
  const functions = notStartedFunctions({ clock, newId, settings, forTheLog: `1 problem: ${SECRET}` });
  const at = (name: string) => {
    const found = functions.find((one) => one.name === name);
    if (!found) throw new Error(`no function ${name}`);
    return found.handler;
  };
  return { clock, functions, at };
}

test('both probes answer 503 with the names of the wrong settings, and without their values', async () => {
  const { at } = app(['TELEMETRY_HASH_KEY', 'GRAPH_RIGHTS']);
  for (const name of ['health-live', 'health-ready']) {
    const { status, body } = await ask(at(name), { method: 'GET', path: '/', params: {} });
    expect({ status, body }).toEqual({
      status: 503,
      body: {
        status: 'notStarted',
        reason: 'application settings are wrong: TELEMETRY_HASH_KEY, GRAPH_RIGHTS',
        settings: ['TELEMETRY_HASH_KEY', 'GRAPH_RIGHTS'],
      },
    });
  }
});

test('a mail is refused in the words of Graph, and may be repeated', async () => {
  const { status, error, headers } = await ask(app(['TELEMETRY_HASH_KEY']).at('unknown-path'), { body: '{}' });
  expect({ status, code: error.code, retry: headers['retry-after'] }).toEqual({ status: 503, code: 'serviceNotAvailable', retry: '60' });
  expect(error.message).toBe('The request was not accepted and may be repeated: the service has not started.');
});

test('a fault that is no setting is in the log only', async () => {
  const { status, body, logged } = await ask(app([]).at('health-ready'), { method: 'GET', path: '/', params: {} });
  expect(status).toBe(503);
  expect(JSON.stringify(body)).not.toContain(SECRET);
  expect(body).toMatchObject({ reason: 'the app could not be put together; the log says why', settings: [] });
  expect(logged).toEqual([expect.stringContaining(SECRET)]);
});

test('the whole reason is in the log, once a minute however often somebody asks', async () => {
  const { at, clock } = app(['TELEMETRY_HASH_KEY']);
  const logged = async () => (await ask(at('health-ready'), { method: 'GET', path: '/', params: {} })).logged;
  expect(await logged()).toEqual([`not ready: the app has not started: 1 problem: ${SECRET}`]);
  expect((await ask(at('unknown-path'), { body: '{}' })).logged).toEqual([]);
  clock.time += 59_999;
  expect(await logged()).toEqual([]);
  clock.time += 1;
  expect(await logged()).toHaveLength(1);
});

test('there is no other function: nothing is taken from the queue', () => {
  expect(app([]).functions.map(({ name }) => name)).toEqual(['health-live', 'health-ready', 'unknown-path']);
});
