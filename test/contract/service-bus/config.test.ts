// Reading config.json: the official emulator's shape, Azure's limits.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readConfig } from '../../emulators/service-bus/config.ts';
import { configOf } from './support.ts';

const DAY = 86_400_000;

test("the product's own queue is as its infrastructure has it", () => {
  const text = readFileSync(new URL('../../emulators/service-bus/config.json', import.meta.url), 'utf8');
  expect(readConfig(JSON.parse(text))).toEqual({
    'send-requests': {
      requiresSession: true,
      requiresDuplicateDetection: true,
      duplicateDetectionWindowMs: DAY,
      lockDurationMs: 120_000,
      maxDeliveryCount: 10,
      defaultTimeToLiveMs: 14 * DAY,
      deadLetteringOnMessageExpiration: true,
    },
  });
});

test("defaults are Azure's", () => {
  expect(readConfig(configOf({ q: {} }))['q']).toEqual({
    requiresSession: false,
    requiresDuplicateDetection: false,
    duplicateDetectionWindowMs: 600_000,
    lockDurationMs: 60_000,
    maxDeliveryCount: 10,
    defaultTimeToLiveMs: Number.POSITIVE_INFINITY,
    deadLetteringOnMessageExpiration: false,
  });
});

test.each([
  [{ DuplicateDetectionHistoryTimeWindow: 'P7D' }],
  [{ LockDuration: 'PT5M' }],
  [{ DefaultMessageTimeToLive: 'P10675199DT2H48M5.4775807S' }],
  [{ ForwardTo: '', ForwardDeadLetteredMessagesTo: '' }],
])('%j is taken', (properties) => {
  expect(() => readConfig(configOf({ q: properties }))).not.toThrow();
});

test.each([
  [{ DuplicateDetectionHistoryTimeWindow: 'P8D' }, /outside Azure's limits/],
  [{ LockDuration: 'PT6M' }, /outside Azure's limits/],
  [{ LockDuration: 'one minute' }, /no ISO 8601 duration/],
  [{ LockDuration: 'P' }, /no ISO 8601 duration/],
  [{ MaxDeliveryCount: 0 }, /MaxDeliveryCount/],
  [{ ForwardTo: 'other' }, /not played/],
])('%j is refused', (properties, why) => {
  expect(() => readConfig(configOf({ q: properties }))).toThrow(why);
});

test.each([
  [{}],
  [{ UserConfig: {} }],
  [{ UserConfig: { Namespaces: [{ Queues: [{}] }] } }],
  [{ UserConfig: { Namespaces: [{ Topics: [{}] }] } }],
])('%j is no configuration', (config) => {
  expect(() => readConfig(config)).toThrow(/^config: /);
});
