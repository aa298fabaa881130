// Brings the local stack up in order, keeps it up, and takes it down: every part a process of its own.
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileEmulators } from './compile.ts';
import { type Certificate, type HttpsFront, makeCertificate, startHttpsFront } from './https-front.ts';
import { LOCAL_SETTINGS, limitSettings, policySettings, storageConnectionString, storageUrl } from './local-settings.ts';
import { linkMails } from './mail-link.ts';
import { Part, type ReadyLine } from './part.ts';
import * as parts from './parts.ts';
import { startTokenEndpoint } from './token-endpoint.ts';

export interface StackOptions {
  /** Functions' own port; 0: any free one. */
  port: number;
  bundle: string;
  /** Another Graph, Service Bus or storage in place of that emulator. */
  graph?: string;
  serviceBus?: string;
  storage?: string;
  /** Kept current with all URLs, connection strings and process ids. */
  stateFile?: string;
  /** The Graph emulator has Exchange's sending limits. */
  limits?: boolean;
  /** Everything but the Functions host. */
  emulatorsOnly?: boolean;
  /** The HTTP API and the tenant over https as well, on free ports. */
  https?: boolean;
  /** Each change of a send request is published on an Event Grid emulator. */
  events?: boolean;
  /** Another host.json than the app's own. */
  hostJson?: string;
  /** The Node that the app runs on; default: this one. */
  node?: string;
  /** Application settings that win over the local ones. */
  settings?: Readonly<Record<string, string | undefined>>;
  log: (line: string) => void;
}

export interface Stack {
  urls: Record<string, string>;
  /** The settings with which the app runs against this stack. */
  settings: Record<string, string>;
  /** With `https`: the file of the certificate that a client has to trust, as PEM. */
  certificate?: string;
  pids(): Record<string, number>;
  close(): Promise<void>;
}

const defined = (values: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined));

function stateOf(running: readonly Part[]): { urls: Record<string, string>; pids: Record<string, number> } {
  const urls: Record<string, string> = {};
  const pids: Record<string, number> = {};
  for (const part of running) {
    const { url, controlUrl, blobPort, tablePort, worker, workerPid } = part.said;
    if (part.pid) pids[part.name] = part.pid;
    if (typeof url === 'string') urls[part.name] = url;
    if (typeof controlUrl === 'string') urls[`${part.name}Control`] = controlUrl;
    if (blobPort) urls['blob'] = storageUrl(blobPort);
    if (tablePort) urls['table'] = storageUrl(tablePort);
    const current = (worker as { pid?: number } | undefined)?.pid ?? workerPid;
    if (typeof current === 'number') pids['worker'] = current;
  }
  return { urls, pids };
}

const isThisMachine = (url: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);

/** The local Functions host has no keys: with another Graph than an emulator's, whoever reaches it would send real mail as anybody. */
function refuseOpenDoor({ graph, settings }: StackOptions): void {
  const callerAuth = settings?.['CALLER_AUTH'] ?? LOCAL_SETTINGS['CALLER_AUTH'];
  if (graph === undefined || isThisMachine(graph) || callerAuth === 'entra') return;
  throw new Error(
    `--graph ${graph} is no emulator on this machine, and with CALLER_AUTH=${callerAuth} anybody could send as any mailbox. Set CALLER_AUTH=entra, ENTRA_TENANT_ID and ENTRA_AUDIENCE.`,
  );
}

export async function startStack(options: StackOptions): Promise<Stack> {
  refuseOpenDoor(options);
  await compileEmulators();
  const directory = mkdtempSync(join(tmpdir(), 'graph-mail-queue-'));
  mkdirSync(join(directory, 'azurite'));
  const running: Part[] = [];
  const fronts: HttpsFront[] = [];
  let complete = false;
  /** For clients of the queue and of the stores. */
  let connectionStrings: Record<string, string> = {};
  const external: Record<string, string> = defined({ graph: options.graph, serviceBus: options.serviceBus, storage: options.storage });

  const writeState = () => {
    if (!options.stateFile || !complete) return;
    const state = stateOf(running);
    // Renamed into place: a reader never sees half a file.
    const content = { urls: { ...external, ...state.urls }, connectionStrings, pids: state.pids };
    writeFileSync(`${options.stateFile}.new`, JSON.stringify(content, undefined, 2));
    renameSync(`${options.stateFile}.new`, options.stateFile);
  };

  const start = async (spec: parts.PartSpec, env: NodeJS.ProcessEnv = process.env): Promise<ReadyLine> => {
    const part = new Part({ ...spec, env, log: options.log, changed: writeState });
    running.push(part);
    return part.start();
  };

  const token =
    options.graph && !process.env['IDENTITY_ENDPOINT'] && !process.env['AZURE_CLIENT_SECRET'] ? await startTokenEndpoint() : undefined;
  const close = async () => {
    token?.close();
    for (const front of fronts) front.close();
    // The Functions host first: it drains what it has in hand while the others still answer.
    for (const part of [...running].reverse()) await part.stop();
    rmSync(directory, { recursive: true, force: true });
  };

  const certificate = options.https ? join(directory, 'certificate.pem') : undefined;
  let made: Certificate | undefined;
  /** Undefined if there is nothing to stand before, or no https is wanted. */
  const addFront = async (name: string, url: string | undefined): Promise<HttpsFront | undefined> => {
    if (certificate === undefined || url === undefined) return undefined;
    if (!made) {
      made = await makeCertificate();
      writeFileSync(certificate, made.cert);
    }
    const front = await startHttpsFront(url, made);
    fronts.push(front);
    external[name] = front.url;
    return front;
  };

  try {
    const [bus, graph, storage, eventGrid] = await Promise.all([
      options.serviceBus ? undefined : start(parts.serviceBus(directory)),
      options.graph ? undefined : start(parts.graph(options.limits === true)),
      options.storage ? undefined : start(parts.storage(directory)),
      options.events ? start(parts.eventGrid()) : undefined,
    ]);
    const tenantFront = await addFront('graphHttps', graph && String(graph['url']));
    const settings = {
      ...LOCAL_SETTINGS,
      ...(options.limits ? {} : limitSettings(options.settings)),
      SERVICE_BUS: options.serviceBus ?? String(bus?.['connectionString']),
      STORAGE: options.storage ?? storageConnectionString(storageUrl(storage?.['blobPort']), storageUrl(storage?.['tablePort'])),
      GRAPH_BASE_URL: options.graph ?? String(graph?.['graphUrl']),
      ...(graph && {
        IDENTITY_ENDPOINT: String(graph['identityEndpoint']),
        IDENTITY_HEADER: String(graph['identityHeader']),
        // The emulator's tenant, whose tokens are really signed: CALLER_AUTH=entra works as in Azure.
        ENTRA_TENANT_ID: String(graph['tenantId']),
        ENTRA_AUDIENCE: `api://graph-mail-queue,${graph['consoleClientId']}`,
        // Not AZURE_AUTHORITY_HOST: over http it breaks the storage client of the Functions host.
        ENTRA_AUTHORITY_HOST: String(graph['authorityHost']),
        ...(tenantFront && { CONSOLE_AUTHORITY_HOST: tenantFront.url }),
        ...policySettings(options.settings),
      }),
      ...(eventGrid && {
        EVENT_GRID_TOPIC_ENDPOINT: String(eventGrid['topicEndpoint']),
        EVENT_GRID_TOPIC_KEY: String(eventGrid['key']),
      }),
      ...(token && { IDENTITY_ENDPOINT: token.url, IDENTITY_HEADER: 'local-stack' }),
      ...defined(options.settings ?? {}),
    };
    connectionStrings = { serviceBus: settings.SERVICE_BUS, storage: settings.STORAGE };
    if (!options.emulatorsOnly) await start(parts.functions(options.port, options), { ...process.env, ...settings });
    const { functions: functionsUrl } = stateOf(running).urls;
    await addFront('functionsHttps', functionsUrl);
    await linkMails(stateOf(running).urls);
    complete = true;
    writeState();
    return {
      urls: { ...external, ...stateOf(running).urls },
      settings,
      ...(certificate !== undefined && { certificate }),
      pids: () => stateOf(running).pids,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
