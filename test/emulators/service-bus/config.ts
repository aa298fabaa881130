// Reads config.json in the official emulator's shape, with Azure's limits and defaults instead of that emulator's.
import type { QueueProperties } from './core/queue-properties.ts';
import { durationMs } from './iso-duration.ts';

export type Queues = Readonly<Record<string, QueueProperties>>;

const DAY = 86_400_000;
/** .NET's TimeSpan.MaxValue, which Azure writes for "never": anything this long. */
const NEVER = 10_675_199 * DAY;

interface DurationRule {
  readonly fallback: string;
  readonly min: number;
  readonly max: number;
}

const rules = {
  LockDuration: { fallback: 'PT1M', min: 5_000, max: 300_000 },
  DuplicateDetectionHistoryTimeWindow: { fallback: 'PT10M', min: 20_000, max: 7 * DAY },
  DefaultMessageTimeToLive: { fallback: 'P10675199D', min: 1_000, max: Number.POSITIVE_INFINITY },
} satisfies Record<string, DurationRule>;

/** What the official emulator knows and this one does not play: refused unless empty. */
const unplayed = ['ForwardTo', 'ForwardDeadLetteredMessagesTo'];

export function readConfig(config: unknown): Queues {
  const namespaces = arrayAt(config, 'UserConfig', 'Namespaces');
  const queues: Record<string, QueueProperties> = {};
  for (const namespace of namespaces) {
    if (arrayAt(namespace, 'Topics', undefined, []).length > 0) throw new Error('config: topics are not played by this emulator');
    for (const queue of arrayAt(namespace, 'Queues', undefined, [])) {
      const { Name: name, Properties: properties } = queue as { Name?: unknown; Properties?: unknown };
      if (typeof name !== 'string' || name === '' || name.length > 260)
        throw new Error('config: each queue needs a Name of 1 to 260 characters');
      queues[name] = readProperties(name, (properties ?? {}) as Record<string, unknown>);
    }
  }
  return queues;
}

function readProperties(queue: string, given: Record<string, unknown>): QueueProperties {
  for (const name of unplayed) if (given[name]) throw new Error(`config: ${name} of queue '${queue}' is not played by this emulator`);
  const duration = (name: keyof typeof rules) => readDuration(queue, name, given[name]);
  const timeToLive = duration('DefaultMessageTimeToLive');
  return {
    requiresSession: given['RequiresSession'] === true,
    requiresDuplicateDetection: given['RequiresDuplicateDetection'] === true,
    duplicateDetectionWindowMs: duration('DuplicateDetectionHistoryTimeWindow'),
    lockDurationMs: duration('LockDuration'),
    maxDeliveryCount: readCount(queue, given['MaxDeliveryCount'] ?? 10),
    defaultTimeToLiveMs: timeToLive >= NEVER ? Number.POSITIVE_INFINITY : timeToLive,
    deadLetteringOnMessageExpiration: given['DeadLetteringOnMessageExpiration'] === true,
  };
}

function readDuration(queue: string, name: keyof typeof rules, given: unknown): number {
  const rule: DurationRule = rules[name];
  const ms = durationMs(String(given ?? rule.fallback));
  if (ms === undefined) throw new Error(`config: ${name} of queue '${queue}' is no ISO 8601 duration: ${String(given)}`);
  if (ms < rule.min || ms > rule.max) throw new Error(`config: ${name} of queue '${queue}' is outside Azure's limits: ${String(given)}`);
  return ms;
}

function readCount(queue: string, given: unknown): number {
  if (Number.isInteger(given) && (given as number) >= 1 && (given as number) <= 2000) return given as number;
  throw new Error(`config: MaxDeliveryCount of queue '${queue}' must be 1 to 2000`);
}

function arrayAt(value: unknown, first: string, second?: string, fallback?: unknown[]): unknown[] {
  const outer = (value as Record<string, unknown> | null)?.[first];
  const found = second === undefined ? outer : (outer as Record<string, unknown> | undefined)?.[second];
  if (Array.isArray(found)) return found;
  if (found === undefined && fallback) return fallback;
  throw new Error(`config: ${[first, second].filter(Boolean).join('.')} must be a list`);
}
