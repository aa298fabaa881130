// The hooks of the programming model, in the order of the real worker.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildSampleApp, type SampleFolder, type SampleHost, startSampleHost } from './sample-app.ts';

let sample: SampleFolder;
let host: SampleHost;
let terminated: string;

beforeAll(async () => {
  sample = await buildSampleApp();
  terminated = join(sample.folder, 'terminated');
  host = await startSampleHost(sample, { settings: { SAMPLE_TERMINATED: terminated } });
});
afterAll(async () => {
  await host?.close();
  sample?.remove();
});

test('appStart has run before the first invocation', async () => {
  expect(await (await fetch(`${host.url}/settings?name=SAMPLE_STARTED`)).text()).toBe('yes');
});
test('preInvocation may replace the handler, postInvocation the result, and they share their data', async () => {
  const response = await fetch(`${host.url}/hooked`);
  expect([response.headers.get('x-wrapped'), await response.text()]).toEqual(['yes', 'before and after']);
});
test('a log hook may change the message', async () => {
  await host.logged((entry) => entry.message === 'a *** word');
});
test('appTerminate runs when the host closes', async () => {
  await host.close();
  expect(existsSync(terminated)).toBe(true);
});
