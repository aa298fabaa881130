// Loads the app as the worker does, without a host: which files its start reads, which functions it registers, and what CPU it takes.
import { execFileSync } from 'node:child_process';

export interface Start {
  /** Absolute paths. */
  files: string[];
  functions: string[];
  /** User and system time of the process between the first file and the last. */
  cpuMs: number;
}

const SETTINGS = {
  AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
  CALLER_AUTH: 'none',
  SERVICE_BUS: 'Endpoint=sb://localhost:1;SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true;',
  STORAGE: 'UseDevelopmentStorage=true',
  RECONCILE_SCHEDULE: '0 * * * * *',
};

/** The worker gives `@azure/functions-core` to the app by its own `require`. */
const PROGRAM = `
const Module = require('node:module');
const functions = [];
let model;
const core = {
  version: '3.10.0', hostVersion: '4.1037.0', log() {}, Disposable: class { dispose() {} },
  setProgrammingModel: (given) => { model = given; }, getProgrammingModel: () => model,
  registerFunction: ({ name }) => { functions.push(name); return new core.Disposable(); }, registerHook: () => new core.Disposable(),
};
const load = Module._load;
Module._load = (name, ...rest) => (name === '@azure/functions-core' ? core : load(name, ...rest));
const before = process.cpuUsage();
require(process.argv[1]);
const { user, system } = process.cpuUsage(before);
process.stdout.write(JSON.stringify({ files: Object.keys(require.cache), functions, cpuMs: (user + system) / 1000 }), () => process.exit(0));
`;

export function startOfApp(bundle: string, node = process.execPath): Start {
  const { PATH = '' } = process.env;
  return JSON.parse(execFileSync(node, ['-e', PROGRAM, bundle], { env: { PATH, ...SETTINGS }, encoding: 'utf8' })) as Start;
}
