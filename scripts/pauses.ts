// `npx graph-mail-queue pauses`: lists the pauses that operators and reports have set, and lifts them, through the API with the operator's own sign-in.
import { parseArgs } from 'node:util';
import { apiToken, STATE } from './api-token.ts';
import { refuseCall } from './commands.ts';
import { CommandError } from './sign-in.ts';

interface Pause {
  id: string;
  reason: string;
  setBy: string;
  setDateTime: string;
  /** Of a pause that ends by itself. */
  until?: string;
  /** For a mailbox's account: when a mail may go out to test whether the account is still blocked. */
  nextProbeDateTime?: string;
}

class Refused extends Error {}

function options() {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      lift: { type: 'string', multiple: true, default: [] as string[] },
      reason: { type: 'string' },
      scope: { type: 'string' },
      token: { type: 'string', default: process.env['TOKEN'] ?? '' },
      key: { type: 'string' },
      app: { type: 'string', default: 'operator' },
      state: { type: 'string', default: STATE },
    },
  });
  if (!values.url || !URL.canParse(values.url)) throw new CommandError('--url takes the URL of the app.');
  return { ...values, url: values.url.replace(/\/+$/, '') };
}

const values = (() => {
  try {
    return options();
  } catch (error) {
    return refuseCall('pauses', (error as Error).message);
  }
})();

/** The command fetches a token only if the app asks for one. */
let token: string | undefined;

async function call(method: 'GET' | 'DELETE', path: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${values.url}/v1.0/pauses${path}`, {
    method,
    signal: AbortSignal.timeout(60_000),
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(values.key !== undefined && { 'x-functions-key': values.key }),
    },
  });
  if (response.status === 401 && token === undefined && values.key === undefined) {
    token = await apiToken(values);
    return call(method, path);
  }
  const text = await response.text();
  const body = response.headers.get('content-type')?.includes('json') ? (JSON.parse(text) as Record<string, unknown>) : {};
  if (response.ok) return body;
  const { code, message } = (body['error'] ?? {}) as { code?: string; message?: string };
  const advice =
    response.status === 401 || response.status === 403
      ? '\nPauses are for operators: infra/rights/register-api.ps1 -Operator OBJECT_ID gives the role SendRequests.Manage.All.\nOnly a new token has the new role; an old token is valid for about an hour.'
      : '';
  throw new Refused(`${path || 'The list of pauses'}: ${response.status} ${code ?? ''} ${message ?? text.slice(0, 200)}`.trim() + advice);
}

const lineOf = ({ id, setBy, setDateTime, until, nextProbeDateTime, reason }: Pause): string =>
  [
    `${id}\n    since ${setDateTime} by ${setBy}`,
    ...(until === undefined ? [] : [`until ${until}`]),
    ...(nextProbeDateTime === undefined ? [] : [`next probe ${nextProbeDateTime}`]),
  ].join(', ') + `: ${reason}`;

try {
  for (const id of values.lift) {
    const why = values.reason === undefined ? '' : `?reason=${encodeURIComponent(values.reason)}`;
    await call('DELETE', `/${encodeURIComponent(id)}${why}`);
    console.log(`${id} is lifted. Its mail goes out within a minute if few mails wait, and within a quarter of an hour at the latest.`);
  }
  const pauses = (await call('GET', ''))['value'] as Pause[];
  console.log(pauses.length === 0 ? 'Nothing is paused.' : pauses.map(lineOf).join('\n'));
} catch (error) {
  const { message, cause } = error as Error & { cause?: Error };
  console.error(cause === undefined ? message : `${message}: ${cause.message}`);
  process.exitCode = error instanceof CommandError ? 2 : 1;
}
