// Starts the Functions host emulator as a process of its own.
import { parseArgs } from 'node:util';
import { readFunctionKeys } from './http/keys.ts';
import { type FunctionsHost, readLocalSettings, startFunctionsHost, WorkerError } from './index.ts';

const { values } = parseArgs({
  options: {
    bundle: { type: 'string', default: 'dist/app/dist/main.cjs' },
    'host-json': { type: 'string', default: 'host.json' },
    port: { type: 'string', default: '7071' },
    settings: { type: 'string' },
    'function-keys': { type: 'string' },
    'log-file': { type: 'string' },
    node: { type: 'string' },
    control: { type: 'boolean', default: false },
    'without-settlement': { type: 'boolean', default: false },
  },
});

const print = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`);

function environment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function explain(error: unknown): string {
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return `port ${values.port} is in use`;
  if (error instanceof WorkerError) return `the app in ${values.bundle} could not be loaded:\n${error.workerStack}`;
  return (error as Error).message;
}

let host: FunctionsHost;
try {
  host = await startFunctionsHost({
    bundle: values.bundle,
    hostJson: values['host-json'],
    settings: { ...(values.settings === undefined ? {} : readLocalSettings(values.settings)), ...environment() },
    port: Number(values.port),
    control: values.control,
    settlement: !values['without-settlement'],
    ...(values['function-keys'] === undefined ? {} : { functionKeys: readFunctionKeys(values['function-keys']) }),
    ...(values['log-file'] === undefined ? {} : { logFile: values['log-file'] }),
    ...(values.node === undefined ? {} : { nodePath: values.node }),
    onWorkerRestart: (pid) => print({ worker: { pid } }),
    onEnd: () => process.exit(1),
  });
} catch (error) {
  process.stderr.write(`functions-host: ${explain(error)}\n`);
  process.exit(1);
}

print({ ready: true, url: host.url, workerPid: host.workerPid(), hostPid: process.pid, functions: host.functions });

const stop = () => void host.close().then(() => process.exit(0));
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.on('disconnect', stop);
