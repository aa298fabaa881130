// The queue in Azure, the queue of the emulator and the code's constants are the same.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { QUEUE_LOCK_MS } from '../../../shared/config.ts';
import { durationMs } from '../../../shared/domain/duration.ts';
import { SETTINGS, type Setting } from '../../../shared/settings.ts';
import { at, bicepFile, literal, made, ROOT } from './bicep.ts';

const queue = made('Microsoft.ServiceBus/namespaces/queues')[0]?.body;
if (!queue) throw new Error('no queue');
const said = (name: string) => literal(at(queue, `properties.${name}`));
const defaultOf = (name: string) =>
  SETTINGS.find((s: Setting) => s.name === name && s.default !== undefined) as Setting & { default: string };

const emulated = JSON.parse(readFileSync(join(ROOT, 'test/emulators/service-bus/config.json'), 'utf8')).UserConfig.Namespaces[0].Queues[0];

it('is the one queue, with the name that the setting has by default', () => {
  expect(made('Microsoft.ServiceBus/namespaces/queues')).toHaveLength(1);
  expect(literal(at(queue, 'name'))).toBe(defaultOf('QUEUE_NAME').default);
  expect(emulated.Name).toBe(defaultOf('QUEUE_NAME').default);
});

it.each([
  ['requiresSession', 'RequiresSession', true],
  ['requiresDuplicateDetection', 'RequiresDuplicateDetection', true],
  ['duplicateDetectionHistoryTimeWindow', 'DuplicateDetectionHistoryTimeWindow', 'P1D'],
  ['lockDuration', 'LockDuration', 'PT2M'],
  ['maxDeliveryCount', 'MaxDeliveryCount', 10],
  ['defaultMessageTimeToLive', 'DefaultMessageTimeToLive', 'P14D'],
  ['deadLetteringOnMessageExpiration', 'DeadLetteringOnMessageExpiration', true],
])('%s is the same in Azure and in the emulator', (name, emulatorsName, value) => {
  expect(said(name)).toBe(value);
  expect(emulated.Properties[emulatorsName]).toBe(value);
});

it('the lock lasts as long as the code thinks, and longer than a call to Graph; the grace of a doubt outlasts the lock', () => {
  expect(durationMs(String(said('lockDuration')))).toBe(QUEUE_LOCK_MS);
  expect(durationMs(defaultOf('GRAPH_TIMEOUT').default)).toBeLessThan(QUEUE_LOCK_MS);
  expect(durationMs(defaultOf('IN_DOUBT_GRACE').default)).toBeGreaterThan(QUEUE_LOCK_MS);
});

it('the worker expires a request before the broker gives its queue message up', () => {
  const longest = /@maxValue\((\d+)\)\nparam sendLifetimeDays int/.exec(bicepFile('main.bicep').text)?.[1];
  expect(durationMs(`P${longest}D`)).toBeLessThan(durationMs(String(said('defaultMessageTimeToLive'))));
});

it('partitions and forwarding, which break the order of sessions, stay off', () => {
  expect(said('enablePartitioning')).toBe(false);
  expect(at(queue, 'properties.forwardTo')).toBeUndefined();
});
