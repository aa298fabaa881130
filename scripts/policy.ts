// `npx graph-mail-queue policy`: checks a sender policy, explains by line who may send as whom, and reads, replaces and lists the policy in force.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { createTwoFilesPatch } from 'diff';
import { POLICY_CONTAINER } from '../shared/adapters/blob-storage/blob-policy-source.ts';
import { usageOf } from './commands.ts';
import { explain, policySchema } from './policy/explain.ts';
import { policyVersions, readPolicy, writePolicy } from './policy/policy-store.ts';
import { CommandError, NotSignedIn, personalCredential } from './sign-in.ts';

const USAGE = usageOf('policy');

const OPTIONS = {
  app: { type: 'string' },
  mailbox: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string', multiple: true, default: [] as string[] },
  size: { type: 'string', default: '0' },
  delegated: { type: 'boolean', default: false },
  storage: { type: 'string' },
  name: { type: 'string', default: 'sender-policy.json' },
  version: { type: 'string' },
  yes: { type: 'boolean', default: false },
} as const;

const parse = () => parseArgs({ allowPositionals: true, options: OPTIONS });
type Values = ReturnType<typeof parse>['values'];

function containerOf({ storage }: Values): ContainerClient {
  const endpoint = storage ?? process.env['STORAGE__blobServiceUri'];
  const connectionString = process.env['STORAGE'];
  if (endpoint === undefined && connectionString === undefined)
    throw new CommandError('Which storage account? Give --storage https://ACCOUNT.blob.core.windows.net, an output of the deployment.');
  if (endpoint !== undefined && !URL.canParse(endpoint)) throw new CommandError(`--storage takes a URL, not "${endpoint}".`);
  const service = endpoint
    ? new BlobServiceClient(endpoint, personalCredential())
    : BlobServiceClient.fromConnectionString(connectionString as string);
  return service.getContainerClient(POLICY_CONTAINER);
}

function check(file: string, values: Values): number {
  const { app, mailbox } = values;
  if ((app === undefined) !== (mailbox === undefined)) throw new CommandError('Give --app and --mailbox together, or neither.');
  const question = app !== undefined && mailbox !== undefined ? { ...values, app, mailbox, size: Number(values.size) } : undefined;
  const { ok, lines } = explain(readFileSync(file, 'utf8'), question);
  for (const line of lines) console.log(question && lines.length === 1 ? line : `${file}: ${line}`);
  return ok ? 0 : 1;
}

async function put(file: string, values: Values): Promise<number> {
  const text = readFileSync(file, 'utf8');
  const { ok, lines } = explain(text);
  if (!ok) {
    for (const line of lines) console.log(`${file}: ${line}`);
    console.log('Nothing was changed.');
    return 1;
  }
  const container = containerOf(values);
  const before = await readPolicy(container, values.name);
  if (before?.text === text) {
    console.log('This policy is in force already. Nothing was changed.');
    return 0;
  }
  process.stdout.write(createTwoFilesPatch(before ? 'in force' : 'none', file, before?.text ?? '', text));
  if (!values.yes) {
    console.log('Nothing was changed. To make it the policy in force, run the same command with --yes.');
    return 0;
  }
  await writePolicy(container, values.name, text, before);
  console.log('Within a minute the policy is in force in every instance of the app.');
  return 0;
}

async function get(values: Values): Promise<number> {
  const policy = await readPolicy(containerOf(values), values.name, values.version);
  if (!policy)
    throw new CommandError(
      `There is no sender policy ${values.name}${values.version ? ` of version ${values.version}` : ''}: npx graph-mail-queue policy put FILE`,
    );
  process.stdout.write(policy.text);
  return 0;
}

async function history(values: Values): Promise<number> {
  const versions = await policyVersions(containerOf(values), values.name);
  if (versions.length === 0) throw new CommandError(`There is no sender policy ${values.name} yet: npx graph-mail-queue policy put FILE`);
  for (const { version, dateTime, bytes, isCurrent } of versions)
    console.log(`${dateTime}  ${String(bytes).padStart(7)} bytes  ${version ?? '(no versions are kept)'}${isCurrent ? '  in force' : ''}`);
  return 0;
}

async function main(): Promise<number> {
  const { values, positionals } = parse();
  const [command, file] = positionals;
  switch (command) {
    case 'schema':
      process.stdout.write(policySchema());
      return 0;
    case 'get':
      return get(values);
    case 'history':
      return history(values);
    case 'check':
    case 'put':
      if (!file) throw new CommandError(`policy ${command} needs a file: policy ${command} FILE`);
      return command === 'check' ? check(file, values) : put(file, values);
    default:
      throw new CommandError(command ? `There is no command policy ${command}.` : 'Give a command: check, schema, put, get or history.');
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  const { message } = error as Error;
  console.error(error instanceof NotSignedIn ? message : `${message}\n\n${USAGE}`);
  process.exitCode = 2;
}
