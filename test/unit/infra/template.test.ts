// Every parameter and output says what it is and what it may be, in the template and in each of its modules.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { NO_COMPILER } from '../../../scripts/bicep.ts';
import { COMPILER, compiled, INFRA, onTemplate, type Parameter, templates } from './bicep.ts';

const parameters = (): [string, Parameter][] =>
  templates().flatMap(({ metadata, parameters = {} }) =>
    Object.entries(parameters).map(([name, parameter]): [string, Parameter] => [`${metadata.name}: ${name}`, parameter]),
  );

/** Free text and names of regions, resources and endpoints, whose limits are the platform's. */
const UNBOUNDED = /(: location|Id|Uri|applicationInsightsConnectionString)$/;

it.skipIf(COMPILER === undefined)(
  `the template compiles, with its modules${COMPILER === undefined ? ` (the rules of infra were skipped: ${NO_COMPILER})` : ''}`,
  () => {
    expect(templates().length).toBeGreaterThan(15);
    expect(Object.keys(compiled().parameters ?? {})).toContain('entraAudience');
  },
);

onTemplate('parameters', () => {
  it('say what they are, and whether they are required', () => {
    const silent = parameters().filter(([, { metadata }]) => !/^(Required|Optional|Conditional)\. ./.test(metadata?.description ?? ''));
    expect(silent.map(([name]) => name)).toEqual([]);
  });

  it('are bounded if they are a text or a number', () => {
    const bounds = ['minLength', 'maxLength', 'minValue', 'maxValue', 'allowedValues'] as const;
    const unbounded = parameters()
      .filter(([name, { type }]) => /^(string|int)$/.test(type ?? '') && !UNBOUNDED.test(name))
      .filter(([, parameter]) => bounds.every((bound) => parameter[bound] === undefined));
    expect(unbounded.map(([name]) => name)).toEqual([]);
  });

  it('are required or have a default, as they say', () => {
    const lying = Object.entries(compiled().parameters ?? {}).filter(([, { metadata, defaultValue, nullable }]) => {
      const optional = defaultValue !== undefined || nullable === true;
      return metadata?.description?.startsWith('Required.') === optional;
    });
    expect(lying.map(([name]) => name)).toEqual([]);
  });
});

onTemplate('outputs', () => {
  it('say what they are', () => {
    const silent = templates().flatMap(({ outputs = {} }) => Object.values(outputs).filter(({ metadata }) => !metadata?.description));
    expect(silent).toEqual([]);
  });

  it('have names that azd puts into its environment as they are', () => {
    expect(Object.keys(compiled().outputs ?? {}).filter((name) => !/^[A-Z]+(_[A-Z]+)+$/.test(name))).toEqual([]);
  });
});

it('every Bicep file is small enough to read', () => {
  const files = readdirSync(INFRA, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.bicep'));
  const lines = (name: string) => readFileSync(join(INFRA, name), 'utf8').trimEnd().split('\n').length;
  expect(files.filter((name) => lines(name) > (name === 'main.bicep' ? 370 : 300))).toEqual([]);
});
