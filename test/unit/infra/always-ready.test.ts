// Names of functions in the deployment are names of registered functions: a wrong one would keep nothing ready, silently.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deployed, ENOUGH, one, onTemplate, ROOT } from './bicep.ts';

const registered = readdirSync(join(ROOT, 'functions')).flatMap((file) =>
  [...readFileSync(join(ROOT, 'functions', file), 'utf8').matchAll(/app\.(?:http|timer|serviceBusQueue)\(\s*'([\w-]+)'/g)].map(
    (m) => m[1] as string,
  ),
);

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

  it('each function that is kept ready is registered, in the file of its name', async () => {
    for (const name of (await ready()).map((group) => group.name.replace('function:', ''))) {
      expect(existsSync(join(ROOT, 'functions', `${name}.ts`))).toBe(true);
      expect(registered).toContain(name);
    }
  });
});
