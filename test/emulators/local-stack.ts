// `npm start` and `npx graph-mail-queue emulators`: builds what Azure gets, and runs it on a laptop with everything around it.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { refuseCall } from '../../scripts/commands.ts';
import { emulatorsBanner, stackBanner } from './local-stack/banner.ts';
import { type Stack, startStack } from './local-stack/stack.ts';

/** Settings of the app that may be given in the environment, such as IN_DOUBT_GRACE=PT2S npm start. An empty one counts as not given. */
const OVERRIDABLE =
  /^(GRAPH_RIGHTS|GRAPH_TIMEOUT|SUBMISSION_ROUTE|RETRY_\w+|SEND_LIFETIME|IN_DOUBT_GRACE|REPORT_WINDOW|MESSAGE_TRACE|OWN_ACCOUNT_PAUSE|RESEND_CONTENT|SUPPRESSION\w*|EXCHANGE_LIMITS|MAILBOX_\w+|TENANT_\w+|ACCEPTED_DOMAINS|LIMIT_\w+|RECONCILE_SCHEDULE|LANES_PER_MAILBOX|MAXIMUM_MESSAGE_SIZE|INSTANCE_MEMORY_MB|RECIPIENT_LIMIT|LOG_\w+|TELEMETRY_\w+|EVENT_\w+|CALLER_AUTH|CONSOLE\w*|ENTRA_\w+|AZURE_AUTHORITY_HOST|SENDER_POLICY|REDIRECT_RECIPIENTS_TO|ALLOWED_RECIPIENT_DOMAINS|IDENTITY_ENDPOINT|IDENTITY_HEADER)$/;

function options() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '7071' },
        graph: { type: 'string' },
        'service-bus': { type: 'string' },
        storage: { type: 'string' },
        state: { type: 'string' },
        https: { type: 'boolean', default: false },
        events: { type: 'boolean', default: false },
        'emulators-only': { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
        'no-build': { type: 'boolean', default: false },
      },
    });
    if (!/^\d{1,5}$/.test(values.port)) throw new Error(`--port ${values.port} is no port`);
    if (values.graph && !URL.canParse(values.graph)) throw new Error(`--graph ${values.graph} is no URL`);
    return values;
  } catch (error) {
    return refuseCall('start', (error as Error).message);
  }
}

/** Where `npx graph-mail-queue token` looks for the stack. */
const STATE = fileURLToPath(new URL('../../dist/local-stack.json', import.meta.url));

function build(): void {
  const script = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url));
  const { status } = spawnSync(process.execPath, [script], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) process.exit(1);
}

/** Why the app has not started, in its own words; undefined if it has. */
async function whyNotStarted(url: string | undefined): Promise<string | undefined> {
  if (url === undefined) return undefined;
  const answer = await fetch(`${url}/health/live`);
  return answer.status === 503 ? ((await answer.json()) as { reason?: string }).reason : undefined;
}

const values = options();
if (!values['emulators-only'] && !values['no-build']) build();

mkdirSync(dirname(STATE), { recursive: true });

let stack: Stack | undefined;
let stopping = false;
const stop = async () => {
  if (stopping) return;
  stopping = true;
  await stack?.close();
  process.exit(0);
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
if (process.send) process.on('disconnect', stop);
// npm that is killed hands on nothing.
const parent = process.ppid;
if (process.env['npm_lifecycle_event']) setInterval(() => process.ppid !== parent && void stop(), 500).unref();

try {
  stack = await startStack({
    port: Number(values.port),
    bundle: fileURLToPath(new URL('../../dist/app/dist/main.cjs', import.meta.url)),
    ...(values.graph && { graph: values.graph.replace(/\/+$/, '') }),
    ...(values['service-bus'] && { serviceBus: values['service-bus'] }),
    ...(values.storage && { storage: values.storage }),
    stateFile: values.state ?? STATE,
    https: values.https,
    events: values.events,
    limits: true,
    emulatorsOnly: values['emulators-only'],
    settings: Object.fromEntries(Object.entries(process.env).filter(([name, value]) => OVERRIDABLE.test(name) && value !== '')),
    log: values.quiet ? () => undefined : (line) => console.error(line),
  });
  const fault = await whyNotStarted(stack.urls['functions']);
  if (stopping) await stack.close();
  else if (fault !== undefined)
    console.error(
      `The app at ${stack.urls['functions']} has not started: ${fault}. Stop this with Ctrl-C, and start it with other settings.`,
    );
  else console.log(values['emulators-only'] ? emulatorsBanner(stack) : stackBanner(stack, values.state));
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
