// azd's hooks say what is wrong and what to do, and stop azd only if going on would fail.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { postdeploy } from '../../../scripts/azd-postdeploy.mjs';
import { preprovision } from '../../../scripts/azd-preprovision.mjs';

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((closed) => server.close(closed))));
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const json = (body: unknown) => JSON.stringify(body);

describe('before it provisions', () => {
  const asked: string[] = [];

  async function run(environment: Record<string, string>, state = 'Registered', registering = 200) {
    asked.length = 0;
    const said: string[] = [];
    const endpoint = await serve((request, response) => {
      asked.push(`${request.method} ${request.url?.split('?')[0]}`);
      response.setHeader('content-type', 'application/json');
      if (request.method === 'POST') response.statusCode = registering;
      const locations = [{ name: 'westeurope', availabilityZoneMappings: [{ logicalZone: '1' }] }, { name: 'westus' }];
      response.end(json(request.url?.includes('/locations') ? { value: locations } : { registrationState: state }));
    });
    const goesOn = await preprovision({ AZURE_SUBSCRIPTION_ID: 'sub', ...environment }, { endpoint, token: 't' }, (line) =>
      said.push(line),
    );
    return { goesOn, said };
  }

  it('goes on where the region has zones and the provider is registered, without a word', async () => {
    expect(await run({ AZURE_LOCATION: 'westeurope' })).toEqual({ goesOn: true, said: [] });
  });

  it('refuses zone redundancy in a region without zones, and names the setting', async () => {
    const { goesOn, said } = await run({ AZURE_LOCATION: 'westus' });
    expect(goesOn).toBe(false);
    expect(said.join()).toContain('azd env set STORAGE_SKU Standard_LRS');
    expect((await run({ AZURE_LOCATION: 'westus', STORAGE_SKU: 'Standard_GZRS' })).goesOn).toBe(false);
  });

  it('goes on in such a region with local redundancy', async () => {
    expect((await run({ AZURE_LOCATION: 'westus', STORAGE_SKU: 'Standard_LRS' })).goesOn).toBe(true);
  });

  it('registers the provider Microsoft.App', async () => {
    const { goesOn, said } = await run({ AZURE_LOCATION: 'westeurope' }, 'NotRegistered');
    expect(goesOn).toBe(true);
    expect(asked).toContain('POST /subscriptions/sub/providers/Microsoft.App/register');
    expect(said.join()).toContain('is being registered');
  });

  it('says who can register it if this person may not, and goes on: only network isolation needs it', async () => {
    const { goesOn, said } = await run({ AZURE_LOCATION: 'westeurope' }, 'NotRegistered', 403);
    expect(goesOn).toBe(true);
    expect(said.join()).toContain('az provider register --namespace Microsoft.App');
  });
});

describe('after it has deployed', () => {
  /** The app's answers, one after the other; the last one stays. Whoever expects a failure has no patience, everybody else has enough. */
  async function run(answers: readonly ((response: Parameters<RequestListener>[1]) => void)[], patienceMs = 60_000) {
    const said: string[] = [];
    let asked = 0;
    const url = await serve((_request, response) => answers[Math.min(asked++, answers.length - 1)]?.(response));
    const runs = await postdeploy(url, (line) => said.push(line), { patienceMs, wrongSettingsMs: patienceMs, intervalMs: 1 });
    return { runs, said: said.join('\n'), asked };
  }

  const ready: RequestListener = (_request, response) => void response.end('{}');
  const answering = (status: string) => (response: Parameters<RequestListener>[1]) =>
    void response.writeHead(503, { 'content-type': 'application/json' }).end(json({ status }));
  const noApp = (response: Parameters<RequestListener>[1]) => void response.writeHead(404).end();

  it('waits until the app is ready', async () => {
    const { runs, said, asked } = await run([noApp, answering('notReady'), (response) => ready({} as never, response as never)], 60_000);
    expect({ runs, asked }).toEqual({ runs: true, asked: 3 });
    expect(said).toContain('is ready');
  });

  it('fails if something is out of reach, and says where its name is', async () => {
    const { runs, said } = await run([answering('notReady')], 0);
    expect(runs).toBe(false);
    expect(said).toContain('something that it needs is out of reach');
    expect(said).toContain("message startswith 'not ready'");
  });

  it('fails if the app does not start, and says where the reason is', async () => {
    const { runs, said } = await run([noApp], 0);
    expect(runs).toBe(false);
    expect(said).toContain('the host answers 404 in place of the app');
    expect(said).toContain('Application Insights');
  });

  const wrongSettings = (response: Parameters<RequestListener>[1]) => {
    response
      .writeHead(503, { 'content-type': 'application/json' })
      .end(json({ status: 'notStarted', reason: 'application settings are wrong: TELEMETRY_HASH_KEY', settings: ['TELEMETRY_HASH_KEY'] }));
  };

  it('fails with the names of wrong settings, sooner than for what may still come', async () => {
    const said: string[] = [];
    const url = await serve((_request, response) => wrongSettings(response));
    const runs = await postdeploy(url, (line) => said.push(line), { wrongSettingsMs: 0 });
    expect(runs).toBe(false);
    expect(said.join()).toContain('is not ready: the app has not started: application settings are wrong: TELEMETRY_HASH_KEY');
  });

  it('goes on if only an instance of before had wrong settings', async () => {
    const { runs } = await run([wrongSettings, (response) => ready({} as never, response as never)]);
    expect(runs).toBe(true);
  });

  it('takes a missing sender policy for the next step, not for a failure', async () => {
    const { runs, said } = await run([answering('noSenderPolicy')]);
    expect(runs).toBe(true);
    expect(said).toContain('refuses every mail because there is no sender policy yet');
  });
});
