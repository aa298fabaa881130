// `npx graph-mail-queue token --app NAME`: an access token of the local stack's own tenant, for curl.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { refuseCall } from './commands.ts';

/** Where `npm start` leaves its URLs. */
const STATE = fileURLToPath(new URL('../dist/local-stack.json', import.meta.url));

const fail = (problem: string): never => refuseCall('token', problem);

function options() {
  try {
    const { values } = parseArgs({
      options: {
        app: { type: 'string' },
        state: { type: 'string', default: STATE },
        graph: { type: 'string' },
        audience: { type: 'string', default: 'api://graph-mail-queue' },
      },
    });
    return { ...values, app: values.app ?? fail('--app is missing') };
  } catch (error) {
    return fail((error as Error).message);
  }
}

function graphOf({ state, graph }: ReturnType<typeof options>): string {
  if (graph) return graph.replace(/\/+$/, '');
  try {
    const { urls } = JSON.parse(readFileSync(state, 'utf8')) as { urls: Record<string, string> };
    return urls['graph'] ?? fail(`${state} names no Graph mail emulator`);
  } catch (error) {
    return fail(`No local stack is known: ${(error as Error).message}`);
  }
}

const values = options();
const { app, audience } = values;
const control = `${graphOf(values)}/control`;

async function call<T>(path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${control}/${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return (await response.json()) as T;
}

try {
  const { value } = await call<{ value: { name: string }[] }>('applications');
  if (!value.some(({ name }) => name === app)) await call('applications', { name: app, roles: { '*': ['SendRequests.Create'] } });
  const { access_token } = await call<{ access_token: string }>('token', { application: app, resource: audience });
  console.log(access_token);
} catch (error) {
  fail(`No token from ${control}: ${(error as Error).message}`);
}
