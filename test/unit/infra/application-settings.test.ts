// The application settings that the deployment writes are those that the code reads: no name more, none less.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { durationMs } from '../../../shared/domain/duration.ts';
import { SETTINGS, type Setting } from '../../../shared/settings.ts';
import { bicepFile, INFRA, literal, properties, typeProperties, variable } from './bicep.ts';

/** Read by the Functions host or by a library, not by shared/config.ts. */
const READ_BY_OTHERS = ['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT'];
/** Emulators, and what the host sets by itself: never in a deployment. */
const NOT_IN_AZURE = ['SERVICE_BUS', 'STORAGE', 'ENTRA_AUTHORITY_HOST', 'AZURE_FUNCTIONS_ENVIRONMENT'];

const wired = [...properties(variable('main.bicep', 'wiring')).keys()];
const chosen = typeProperties('types.bicep', 'settingsType');
const known: readonly Setting[] = SETTINGS;

it('every setting of the code can be deployed, and nothing else is', () => {
  const deployed = [...wired, ...chosen].filter((name) => !READ_BY_OTHERS.includes(name)).sort();
  expect(deployed).toEqual(
    known
      .map((s) => s.name)
      .filter((name) => !NOT_IN_AZURE.includes(name))
      .sort(),
  );
});

it('what the deployment knows cannot be chosen as well', () => {
  expect(wired.filter((name) => chosen.includes(name))).toEqual([]);
});

it('settings that the host itself resolves in a trigger are always there', () => {
  const main = bicepFile('main.bicep').text;
  expect(main).toContain("union({ RECONCILE_SCHEDULE: '0 * * * * *' }, settings, wiring)");
  expect(wired).toContain('QUEUE_NAME');
  expect(known.find((s) => s.name === 'RECONCILE_SCHEDULE')?.default).toBe('0 * * * * *');
});

it('the lifetime is the default of the code where nobody chose another', () => {
  const days = /param sendLifetimeDays int = (\d+)/.exec(bicepFile('main.bicep').text)?.[1];
  expect(durationMs(`P${days}D`)).toBe(durationMs(String(known.find((s) => s.name === 'SEND_LIFETIME')?.default)));
});

describe('infra/main.bicepparam', () => {
  const text = readFileSync(join(INFRA, 'main.bicepparam'), 'utf8');
  const shown = new Map([...text.matchAll(/^ {2}\/\/ ([A-Z][A-Z_]+): '([^']*)'/gm)].map((m) => [m[1], m[2]]));

  it('shows each setting that can be chosen with its default, or an example', () => {
    const expected = chosen
      .filter((name) => !READ_BY_OTHERS.includes(name))
      .map((name) => known.find((s) => s.name === name))
      .map((s) => [s?.name, s?.default ?? s?.example]);
    expect([...shown].sort()).toEqual(expected.sort());
  });

  it('names each parameter of main.bicep', () => {
    const parameters = [...bicepFile('main.bicep').text.matchAll(/^param (\w+) /gm)].map((m) => m[1]);
    const mentioned = [...text.matchAll(/^(?:\/\/ )?param (\w+) =/gm)].map((m) => m[1]);
    expect(mentioned.sort()).toEqual(parameters.sort());
  });
});

it('values that are one of a few are those of the code', () => {
  const text = bicepFile('types.bicep').text;
  for (const [name, type] of [
    ['GRAPH_RIGHTS', 'rightsTier'],
    ['SUBMISSION_ROUTE', 'submissionRoute'],
    ['MESSAGE_TRACE', 'messageTrace'],
  ] as const) {
    const values = (new RegExp(`^type ${type} = (.*)$`, 'm').exec(text)?.[1] ?? '').split(' | ').map((v) => v.slice(1, -1));
    expect(values).toEqual(known.find((s) => s.name === name)?.kind);
  }
  expect(literal(variable('modules/storage.bicep', 'deploymentContainer'))).toBe('deployment');
});
