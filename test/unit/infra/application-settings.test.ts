// The application settings that the deployment writes are those that the code reads: no name more, none less.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CronExpressionParser } from 'cron-parser';
import { expect, it } from 'vitest';
import { bodyLimit } from '../../../shared/adapters/http/mail-body.ts';
import { INSTANCE_MEMORY } from '../../../shared/domain/content/instance-memory.ts';
import { durationMs } from '../../../shared/domain/duration.ts';
import type { Setting } from '../../../shared/settings/setting.ts';
import { SETTINGS } from '../../../shared/settings/settings.ts';
import { applicationSettings, compiled, definition, deployed, ENOUGH, INFRA, ofType, one, onTemplate } from './bicep.ts';

const PARAMETERS = readFileSync(join(INFRA, 'main.bicepparam'), 'utf8');

/** Read by the Functions host or by a library, not by shared/settings/config.ts. */
const READ_BY_OTHERS = ['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT'];
/** Emulators, and what the host sets by itself: never in a deployment. */
const NOT_IN_AZURE = [
  'SERVICE_BUS',
  'STORAGE',
  'ENTRA_AUTHORITY_HOST',
  'CONSOLE_AUTHORITY_HOST',
  'EVENT_GRID_TOPIC_KEY',
  'AZURE_FUNCTIONS_ENVIRONMENT',
];

const known: readonly Setting[] = SETTINGS;
const chosen = (): string[] => Object.keys(definition('settingsType').properties ?? {});
/** Settings that the deployment writes when nobody chose any, less the Functions host's own. */
const wired = async (): Promise<Map<string, string>> =>
  new Map(
    [...applicationSettings(await deployed())].filter(
      ([name]) => !/^(AzureWebJobsStorage__|APPLICATIONINSIGHTS_|FUNCTIONS_NODE_)/.test(name),
    ),
  );

onTemplate('application settings', () => {
  it('every setting of the code can be deployed, and nothing else is', async () => {
    const names = [...new Set([...(await wired()).keys(), ...chosen()])];
    expect(names.filter((name) => !READ_BY_OTHERS.includes(name)).sort()).toEqual(
      known
        .map((s) => s.name)
        .filter((name) => !NOT_IN_AZURE.includes(name))
        .sort(),
    );
  });

  it('what the deployment knows cannot be chosen as well', async () => {
    expect([...(await wired()).keys()].filter((name) => chosen().includes(name)).sort()).toEqual([
      'FUNCTIONS_REQUEST_BODY_SIZE_LIMIT',
      'RECONCILE_SCHEDULE',
    ]);
  });

  it('the host reads no body that is much larger than the app takes, and each that the app answers', async () => {
    const limitOf = async (settings: Record<string, string>): Promise<number> =>
      Number(applicationSettings(await deployed({ ...ENOUGH, settings })).get('FUNCTIONS_REQUEST_BODY_SIZE_LIMIT'));
    for (const size of [1_000, 3_145_728, 36_700_160, 104_857_600]) {
      const limit = await limitOf({ MAXIMUM_MESSAGE_SIZE: String(size) });
      expect(limit).toBeGreaterThan(bodyLimit(size));
      expect(limit).toBeLessThan(2 * size + 100_000);
    }
    expect(await limitOf({})).toBe(2 * Number(known.find((s) => s.name === 'MAXIMUM_MESSAGE_SIZE')?.default) + 65_536);
    expect(await limitOf({ FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '100000000' })).toBe(100_000_000);
  });

  it('settings that the host itself resolves in a trigger are always there', async () => {
    expect((await wired()).get('RECONCILE_SCHEDULE')).toBe(known.find((s) => s.name === 'RECONCILE_SCHEDULE')?.default);
    expect((await wired()).get('QUEUE_NAME')).toBe(known.find((s) => s.name === 'QUEUE_NAME')?.default);
  });

  it('the audience is that of the registered API, and the lifetime the default of the code', async () => {
    expect((await wired()).get('ENTRA_AUDIENCE')).toBe(ENOUGH.entraAudience);
    const lifetime = durationMs(String(known.find((s) => s.name === 'SEND_LIFETIME')?.default));
    expect(durationMs((await wired()).get('SEND_LIFETIME') ?? '')).toBe(lifetime);
  });

  it.each(INSTANCE_MEMORY)('instances of $memoryMB MB take messages up to the size of the code, and the app is told', async (row) => {
    const { memoryMB, largestMessageBytes } = row;
    const sized = (size: number) => ({
      ...ENOUGH,
      scale: { instanceMemoryMB: memoryMB },
      settings: { MAXIMUM_MESSAGE_SIZE: String(size) },
    });
    expect(applicationSettings(await deployed(sized(largestMessageBytes))).get('INSTANCE_MEMORY_MB')).toBe(String(memoryMB));
    await expect(deployed(sized(largestMessageBytes + 1))).rejects.toThrow('have memory for messages of');
  });

  it('the default size of messages goes with the memory that is the default of the deployment', async () => {
    const { instanceMemoryMB } = one(await deployed(), 'Microsoft.Web/sites').properties.functionAppConfig.scaleAndConcurrency;
    expect((await wired()).get('INSTANCE_MEMORY_MB')).toBe(String(instanceMemoryMB));
  });

  it('values that are one of a few are those of the code', () => {
    for (const name of [
      'GRAPH_RIGHTS',
      'SUBMISSION_ROUTE',
      'MESSAGE_TRACE',
      'EXCHANGE_LIMITS',
      'TELEMETRY_MAILBOX',
      'EVENT_DATA',
      'CONSOLE',
    ] as const) {
      const reference = definition('settingsType').properties?.[name]?.$ref?.split('/').at(-1) as string;
      expect([...(definition(reference).allowedValues ?? [])].sort()).toEqual([...(known.find((s) => s.name === name)?.kind ?? [])].sort());
    }
  });

  it('each schedule of the reconciler runs three times within the look of the alert that misses it', async () => {
    const alert = ofType(await deployed(), 'Microsoft.Insights/scheduledQueryRules').find(({ name }) =>
      name.endsWith('-reconciler-silent'),
    );
    const schedules = definition('reconcileSchedule').allowedValues as string[];
    expect(schedules).toContain('0 * * * * *');
    for (const schedule of schedules) {
      const runs = CronExpressionParser.parse(schedule, { currentDate: '2026-01-01T00:00:00Z', tz: 'UTC' }).take(2000);
      const times = runs.map((run) => run.getTime());
      const longest = Math.max(...times.slice(1).map((time, index) => time - (times[index] as number)));
      expect(3 * longest).toBeLessThanOrEqual(durationMs(alert?.properties.windowSize));
    }
  });

  it('infra/main.bicepparam shows each setting that can be chosen with its default, or an example', () => {
    const expected = chosen()
      .filter((name) => !READ_BY_OTHERS.includes(name))
      .map((name) => known.find((s) => s.name === name))
      .map((s) => [s?.name, s?.default ?? s?.example]);
    const shown = new Map([...PARAMETERS.matchAll(/^ {2}\/\/ ([A-Z][A-Z_]+): '([^']*)'/gm)].map((m) => [m[1], m[2]]));
    expect([...shown].sort()).toEqual(expected.sort());
  });

  it('infra/main.bicepparam names each parameter of main.bicep', () => {
    const mentioned = [...PARAMETERS.matchAll(/^(?:\/\/ )?param (\w+) =/gm)].map((m) => m[1]);
    expect(mentioned.sort()).toEqual(Object.keys(compiled().parameters ?? {}).sort());
  });
});
