// host.json and settings, as the host reads them.
import { describe, expect, test } from 'vitest';
import { createFunctionTable } from '../../emulators/functions-host/function-table.ts';
import { parseHostJson } from '../../emulators/functions-host/index.ts';
import { createLog } from '../../emulators/functions-host/log.ts';
import { resolveExpression } from '../../emulators/functions-host/settings.ts';

const parse = (content: object) => parseHostJson(JSON.stringify({ version: '2.0', ...content }));
const serviceBus = (options: object) => parse({ extensions: { serviceBus: options } }).serviceBus;

describe('host.json', () => {
  test('has the real host’s defaults', () => {
    const { routePrefix, functionTimeout, serviceBus: options } = parse({});
    expect([routePrefix, functionTimeout]).toEqual(['api', 300_000]);
    expect(options).toMatchObject({
      prefetchCount: 0,
      autoCompleteMessages: true,
      maxAutoLockRenewalDuration: 300_000,
      maxConcurrentSessions: 8,
      maxConcurrentCallsPerSession: 1,
      sessionIdleTimeout: 60_000,
      clientRetryOptions: { tryTimeout: 60_000, delay: 800, maxDelay: 60_000, maxRetries: 3, exponential: true },
    });
  });
  test('without a sessionIdleTimeout a session is held for the tryTimeout', () => {
    expect(serviceBus({ clientRetryOptions: { tryTimeout: '00:00:20' } }).sessionIdleTimeout).toBe(20_000);
  });
  test('durations are .NET time spans, with an infinite one', () => {
    expect(serviceBus({ maxAutoLockRenewalDuration: '1.02:03:04.5' }).maxAutoLockRenewalDuration).toBe(93_784_500);
    expect(serviceBus({ maxAutoLockRenewalDuration: '-00:00:00.0010000' }).maxAutoLockRenewalDuration).toBe(Number.POSITIVE_INFINITY);
    expect(parse({ functionTimeout: '-1' }).functionTimeout).toBe(Number.POSITIVE_INFINITY);
    expect(() => serviceBus({ sessionIdleTimeout: 'PT5S' })).toThrow("'sessionIdleTimeout' is 'PT5S', which is no time span");
  });
  test('without a version it is refused', () => {
    expect(() => parseHostJson('{}')).toThrow('version');
  });
});

describe('settings', () => {
  test('are found in any letter case', () => {
    expect(resolveExpression('%Queue_Name%/$DeadLetterQueue', { QUEUE_NAME: 'q' })).toBe('q/$DeadLetterQueue');
  });
  test('a missing one, or an empty one, is an error that names it', () => {
    expect(() => resolveExpression('%A%', {})).toThrow("'%A%' does not resolve to a value.");
    expect(() => resolveExpression('%A%', { A: '' })).toThrow("'%A%' does not resolve to a value.");
  });
});

describe('what this host does not play puts the function in error', () => {
  const errorOf = (trigger: object, more: object = {}) =>
    createFunctionTable([{ name: 'f', bindings: { t: { direction: 'in', ...trigger } as never, ...more } }], {}).errors[0]?.message;

  test.each([
    [{ type: 'blobTrigger' }, {}, "trigger type 'blobTrigger'"],
    [{ type: 'serviceBusTrigger', topicName: 't' }, {}, 'not topics'],
    [{ type: 'serviceBusTrigger', queueName: 'q', cardinality: 'many' }, {}, "cardinality 'many'"],
    [{ type: 'serviceBusTrigger', queueName: 'q', sdkBinding: true }, {}, 'sdkBinding'],
    [{ type: 'timerTrigger', schedule: '' }, { o: { direction: 'out', type: 'queue' } }, "output binding 'o' of type 'queue'"],
  ])('%j', (trigger, more, message) => {
    expect(errorOf(trigger, more)).toContain(message);
  });
});

test('the log leaves out what host.json’s levels leave out; without any, information and above stay', () => {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line.trim());
  const plain = createLog({ write });
  plain.function('f', 'i', 'debug', 'hidden', true);
  plain.function('f', 'i', 'information', 'shown', true);
  const chosen = createLog({ write, levels: { default: 'warning', 'Function.f.User': 'debug' } });
  chosen.host('information', 'hidden');
  chosen.function('f', 'i', 'information', 'hidden');
  chosen.function('f', 'i', 'debug', 'shown too', true);
  expect(lines).toEqual(['[f i] information shown', '[f i] debug shown too']);
});
