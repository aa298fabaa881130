// Names of functions in the deployment are names of registered functions: a wrong one would keep nothing ready, silently.
import { expect, it } from 'vitest';
import { bicepFile, children, literal, properties, variable } from './bicep.ts';
import { registeredFunctions } from './registered-functions.ts';

const ready = children(variable('modules/function-app.bicep', 'readyInstances')).map((entry) =>
  String(literal(properties(entry).get('name'))),
);

it('instances are kept ready for the worker and for HTTP', () => {
  expect(ready).toEqual(['function:submit-send-request', 'http']);
});

it('each function that is kept ready is registered', () => {
  for (const name of ready.filter((n) => n !== 'http').map((n) => n.replace('function:', ''))) expect(registeredFunctions).toContain(name);
});

it('the triggers that are no routes are four', () => {
  expect(registeredFunctions.slice(-4)).toEqual(['submit-send-request', 'record-dead-letter', 'reconcile-mailboxes', 'purge-log']);
});

it('one worker is ready unless somebody chose otherwise, since without it nothing is shown to wake one', () => {
  expect(bicepFile('modules/function-app.bicep').text).toContain('scale.?workerAlwaysReadyInstances ?? 1');
});
