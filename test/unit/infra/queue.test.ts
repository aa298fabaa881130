// The queue in Azure, the queue of the emulator and the code's constants are the same.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MAXIMUM_INLINE_BYTES } from '../../../shared/adapters/service-bus/service-bus-queue.ts';
import { durationMs } from '../../../shared/domain/duration.ts';
import { QUEUE_LOCK_MS } from '../../../shared/settings/config.ts';
import type { Setting } from '../../../shared/settings/setting.ts';
import { SETTINGS } from '../../../shared/settings/settings.ts';
import { compiled, deployed, ofType, one, onTemplate, ROOT } from './bicep.ts';

const queue = async () => one(await deployed(), 'Microsoft.ServiceBus/namespaces/queues');
const said = async (name: string): Promise<unknown> => (await queue()).properties[name];
const defaultOf = (name: string) =>
  SETTINGS.find((s: Setting) => s.name === name && s.default !== undefined) as Setting & { default: string };

const emulated = JSON.parse(readFileSync(join(ROOT, 'test/emulators/service-bus/config.json'), 'utf8')).UserConfig.Namespaces[0].Queues[0];

const SAME = [
  ['requiresSession', 'RequiresSession', true],
  ['requiresDuplicateDetection', 'RequiresDuplicateDetection', true],
  ['duplicateDetectionHistoryTimeWindow', 'DuplicateDetectionHistoryTimeWindow', 'P1D'],
  ['lockDuration', 'LockDuration', 'PT2M'],
  ['maxDeliveryCount', 'MaxDeliveryCount', 10],
  ['defaultMessageTimeToLive', 'DefaultMessageTimeToLive', 'P14D'],
  ['deadLetteringOnMessageExpiration', 'DeadLetteringOnMessageExpiration', true],
] as const;

it.each(SAME)("%s is what the code relies on in the emulator's queue", (_name, emulatorsName, value) => {
  expect(emulated.Properties[emulatorsName]).toBe(value);
  expect(emulated.Name).toBe(defaultOf('QUEUE_NAME').default);
});

it('a call to Graph is shorter than the lock, and the grace of a doubt outlasts it', () => {
  expect(durationMs(defaultOf('GRAPH_TIMEOUT').default)).toBeLessThan(QUEUE_LOCK_MS);
  expect(durationMs(defaultOf('IN_DOUBT_GRACE').default)).toBeGreaterThan(QUEUE_LOCK_MS);
});

onTemplate('the queue in Azure', () => {
  it('is the one queue, with the name that the setting has by default', async () => {
    expect((await queue()).name.split('/')[1]).toBe(defaultOf('QUEUE_NAME').default);
  });

  it.each(SAME)('%s is the same as in the emulator', async (name, _emulatorsName, value) => {
    expect(await said(name)).toBe(value);
  });

  it('has a lock that lasts as long as the code thinks', async () => {
    expect(durationMs(String(await said('lockDuration')))).toBe(QUEUE_LOCK_MS);
  });

  it('gives a queue message up later than the worker expires its request', async () => {
    const longest = compiled().parameters?.['sendLifetimeDays']?.maxValue;
    expect(durationMs(`P${longest}D`)).toBeLessThan(durationMs(String(await said('defaultMessageTimeToLive'))));
  });

  it('has neither partitions nor forwarding, which break the order of sessions', async () => {
    expect(await said('enablePartitioning')).toBe(false);
    expect(await said('forwardTo')).toBeUndefined();
  });

  it('holds a million mails a month of the largest inline size for a lifetime, and no alert fires', async () => {
    const lifetimeDays = durationMs(defaultOf('SEND_LIFETIME').default) / 86_400_000;
    const waiting = (1_000_000 / 30) * lifetimeDays * MAXIMUM_INLINE_BYTES;
    expect(waiting / (Number(await said('maxSizeInMegabytes')) * 1024 * 1024)).toBeLessThan(0.6);
  });

  it('alerts count from the size that it has', async () => {
    const bytes = Number(await said('maxSizeInMegabytes')) * 1024 * 1024;
    const thresholds = ofType(await deployed(), 'Microsoft.Insights/metricAlerts')
      .flatMap(({ properties }) => properties.criteria.allOf ?? [])
      .filter(({ metricName }: { metricName: string }) => metricName === 'Size')
      .map(({ threshold }: { threshold: number }) => Math.round((threshold / bytes) * 100));
    expect(thresholds).toEqual([60, 85]);
  });
});
