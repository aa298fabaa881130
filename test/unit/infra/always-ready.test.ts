// Names of functions in the deployment are names of registered functions: a wrong one would keep nothing ready, silently.
import { expect, it } from 'vitest';
import { deployed, ENOUGH, one, onTemplate } from './bicep.ts';
import { registeredFunctions } from './registered-functions.ts';

const ready = async (parameters?: Record<string, unknown>): Promise<{ name: string; instanceCount: number }[]> =>
  one(await deployed(parameters), 'Microsoft.Web/sites').properties.functionAppConfig.scaleAndConcurrency.alwaysReady;

onTemplate('always-ready instances', () => {
  it('one worker is ready unless somebody chose otherwise: mail goes out without a cold start', async () => {
    expect(await ready()).toEqual([{ name: 'function:submit-send-request', instanceCount: 1 }]);
  });

  it('are kept for the worker and for HTTP, as many as were chosen', async () => {
    expect(await ready({ ...ENOUGH, scale: { workerAlwaysReadyInstances: 0, httpAlwaysReadyInstances: 2 } })).toEqual([
      { name: 'http', instanceCount: 2 },
    ]);
  });

  it('each function that is kept ready is registered', async () => {
    for (const name of (await ready()).map((group) => group.name.replace('function:', ''))) expect(registeredFunctions).toContain(name);
  });
});
