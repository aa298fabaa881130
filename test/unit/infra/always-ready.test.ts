// Names of functions in the deployment are names of registered functions: a wrong one would keep nothing ready, silently.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bicepFile, children, literal, properties, ROOT, variable } from './bicep.ts';

const registered = readdirSync(join(ROOT, 'functions')).flatMap((file) =>
  [...readFileSync(join(ROOT, 'functions', file), 'utf8').matchAll(/app\.(?:http|timer|serviceBusQueue)\(\s*'([\w-]+)'/g)].map(
    (m) => m[1] as string,
  ),
);

const ready = children(variable('modules/function-app.bicep', 'readyInstances')).map((entry) =>
  String(literal(properties(entry).get('name'))),
);

it('instances are kept ready for the worker and for HTTP', () => {
  expect(ready).toEqual(['function:submit-send-request', 'http']);
});

it('each function that is kept ready is registered, in the file of its name', () => {
  for (const name of ready.filter((n) => n !== 'http').map((n) => n.replace('function:', ''))) {
    expect(existsSync(join(ROOT, 'functions', `${name}.ts`))).toBe(true);
    expect(registered).toContain(name);
  }
});

it('one worker is ready unless somebody chose otherwise, since without it nothing is shown to wake one', () => {
  expect(bicepFile('modules/function-app.bicep').text).toContain('scale.?workerAlwaysReadyInstances ?? 1');
});
