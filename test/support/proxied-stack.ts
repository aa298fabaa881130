// A running stack whose storage and Graph are reached through proxies, and whose queue, log and journal can be read from outside.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromRecordEntity } from '../../shared/adapters/table-storage/record-entity.ts';
import { Table } from '../../shared/adapters/table-storage/table.ts';
import { makeTableClient } from '../../shared/adapters/table-storage/table-client.ts';
import { TableProofs } from '../../shared/adapters/table-storage/table-proofs.ts';
import { TableStatusLog } from '../../shared/adapters/table-storage/table-status-log.ts';
import type { SendRequestRecord } from '../../shared/domain/log/send-request.ts';
import { Part } from '../emulators/local-stack/part.ts';
import { functions } from '../emulators/local-stack/parts.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { quickHostJson } from './quick-host-json.ts';
import { bundle, type Delivery, isWaiting, RunningStack, startRunningStack } from './running-stack.ts';
import { newStorageAccount, type StorageAccount } from './storage-account.ts';
import { type Patience, SELDOM, until } from './until.ts';

/** A proxy takes as much CPU as what is behind it. */
const PLACES = ['tables', 'blobs', 'graph', 'tokens'] as const;
type Place = (typeof PLACES)[number];
type Proxies = Partial<Record<Place, FaultProxy>>;

export interface ProxiedOptions {
  /** What is reached through a proxy; default: everything. */
  proxied?: readonly Place[];
  settings?: Readonly<Record<string, string>>;
  /** Whether marks count as proven from the start: then mails take the direct route. */
  proven?: boolean;
}

/** What the app told its operators, in order: named events with properties. */
export type Told = { event: string } & Record<string, unknown>;

interface Outside {
  log: string[];
  told: Told[];
  account: StorageAccount;
  proxies: Proxies;
  table: Table;
  directory: string;
  hear: (line: string) => void;
}

interface BusEntity {
  counts: { active: number; locked: number; scheduled: number; deadLettered: number };
  messages: { messageId: string; state: string; deliveryCount: number }[];
}

const QUEUE = 'send-requests';
export const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

export class ProxiedStack extends RunningStack {
  readonly statusLog: TableStatusLog;
  readonly told: readonly Told[];
  readonly #outside: Outside;
  readonly #hosts: Part[] = [];

  constructor(running: RunningStack, outside: Outside) {
    super(running.stack, outside.log);
    this.told = outside.told;
    this.#outside = outside;
    this.statusLog = new TableStatusLog(outside.table);
  }

  get tables(): FaultProxy {
    return this.#proxy('tables');
  }

  get blobs(): FaultProxy {
    return this.#proxy('blobs');
  }

  get graphProxy(): FaultProxy {
    return this.#proxy('graph');
  }

  get tokenProxy(): FaultProxy {
    return this.#proxy('tokens');
  }

  #proxy(place: Place): FaultProxy {
    const proxy = this.#outside.proxies[place];
    if (!proxy) throw new Error(`this stack reaches ${place} without a proxy`);
    return proxy;
  }

  /** All records of the status log, read past the proxies. */
  async records(): Promise<SendRequestRecord[]> {
    const rows = await this.#outside.table.list(`RowKey ge 'r!' and RowKey lt 'r"'`);
    return rows.map(fromRecordEntity);
  }

  /** The Service Bus emulator's control API. */
  async bus<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url('serviceBusControl')}/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`control ${method} ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  queue(name = QUEUE): Promise<BusEntity> {
    return this.bus<BusEntity>('GET', `entities/${encodeURIComponent(name)}`);
  }

  /** Nothing is on the queue any more, neither now nor later, and no mail is under way in Exchange. */
  async drained(patience: Patience = {}): Promise<void> {
    const empty = ({ counts }: BusEntity) => counts.active + counts.locked + counts.scheduled === 0;
    await until('drained', () => this.queue(), empty, patience);
    const settled = () => this.settled().then(() => true);
    await until('no mail under way in Exchange', settled, Boolean, patience);
  }

  /** One run of the reconciler, now: where many mailboxes are open, a run each second is most of a machine's work. */
  async reconcile(): Promise<void> {
    const runs = () => this.told.filter(({ event }) => event === 'reconciled').length;
    const before = runs();
    await this.startReconciling();
    await until(
      'reconciled',
      () => Promise.resolve(runs()),
      (now) => now > before,
    );
  }

  /** Every request's fate is known, and nothing can happen by itself any more. */
  async ended(count: number, patience: Patience = SELDOM): Promise<SendRequestRecord[]> {
    const open = async () => {
      const records = await this.records();
      return { missing: count - records.length, waiting: records.filter(isWaiting) };
    };
    // Mail that waits has a queue message, and the queue is cheap to ask: the whole table is not.
    await this.drained(patience);
    await until('ended', open, ({ missing, waiting }) => missing <= 0 && waiting.length === 0, patience);
    await this.drained(patience);
    return this.records();
  }

  /** What transport handed on, by sending mailbox. */
  async journal(): Promise<Map<string, Delivery[]>> {
    const { value } = await this.graph<{ value: Delivery[] }>('GET', 'deliveries');
    const byMailbox = new Map<string, Delivery[]>();
    for (const delivery of value) byMailbox.set(delivery.mailbox, [...(byMailbox.get(delivery.mailbox) ?? []), delivery]);
    return byMailbox;
  }

  /** Kills a part and waits until it is back. */
  async killed(part: 'worker' | 'functions' | 'serviceBus'): Promise<void> {
    const pidOf = async () => this.stack.pids()[part];
    const before = await until(`${part} is alive`, pidOf, (pid) => pid !== undefined && !isGone(pid));
    this.kill(part);
    await until(`${part} was started again`, pidOf, (pid) => pid !== undefined && pid !== before);
    const live = part === 'serviceBus' ? `${this.url('serviceBusControl')}/status` : `${this.url('functions')}/health/live`;
    await until(
      `${part} is up again`,
      () => fetch(live),
      ({ ok }) => ok,
    );
  }

  /** A second Functions host on the same queue, log and Graph. */
  async startHost(settings: Readonly<Record<string, string>>): Promise<Part> {
    const { directory, hear } = this.#outside;
    const env = { ...process.env, ...this.stack.settings, ...settings };
    const host = new Part({ ...functions(0, { bundle, hostJson: quickHostJson(directory) }), env, log: hear, changed: () => undefined });
    await host.start();
    this.#hosts.push(host);
    return host;
  }

  override async close(): Promise<void> {
    for (const host of this.#hosts) await host.stop();
    const { proxies, account, directory } = this.#outside;
    // What is still held would keep its client, and so the stack, waiting.
    await Promise.all(Object.values(proxies).map((proxy) => proxy.close()));
    await super.close();
    await account.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

const LINES = 2_000;

/** Keeps the last lines, and every event that the app tells. */
function listen(): { log: string[]; told: Told[]; hear: (line: string) => void } {
  const log: string[] = [];
  const told: Told[] = [];
  const hear = (line: string) => {
    if (log.push(line) > LINES) log.shift();
    const start = line.indexOf('{"event":');
    if (start >= 0) told.push(JSON.parse(line.slice(start)) as Told);
  };
  return { log, told, hear };
}

export async function startProxiedStack({ proxied = PLACES, settings = {}, proven = true }: ProxiedOptions = {}): Promise<ProxiedStack> {
  const account = await newStorageAccount();
  let graphUrl = '';
  const proxies: Proxies = {};
  // The app asks for a token for the Graph that it knows; the emulator gives tokens for itself.
  const rename = (path: string) => path.replace(encodeURIComponent(proxies.graph?.url ?? graphUrl), encodeURIComponent(graphUrl));
  const starts: Record<Place, () => Promise<FaultProxy>> = {
    tables: () => startFaultProxy(account.table),
    blobs: () => startFaultProxy(account.blob),
    graph: () => startFaultProxy(() => graphUrl),
    tokens: () => startFaultProxy(() => graphUrl, rename),
  };
  for (const place of proxied) proxies[place] = await starts[place]();
  const { tables, blobs, graph, tokens } = proxies;
  const directory = mkdtempSync(join(tmpdir(), 'proxied-stack-'));
  const table = new Table(makeTableClient({ connectionString: account.connectionString }));
  if (proven) await new TableProofs(table, { now: () => Date.now() }).noteMatch('json', 'mark');
  const { log, told, hear } = listen();
  const running = await startRunningStack({
    log: hear,
    storage: account.at({ table: tables?.url ?? account.table, blob: blobs?.url ?? account.blob }),
    hostJson: quickHostJson(directory),
    settings: {
      ...(graph && { GRAPH_BASE_URL: graph.url }),
      ...(tokens && { IDENTITY_ENDPOINT: `${tokens.url}/msi/token` }),
      GRAPH_TIMEOUT: 'PT4S',
      IN_DOUBT_GRACE: 'PT6S',
      RETRY_INITIAL_INTERVAL: 'PT0.5S',
      RECONCILE_SCHEDULE: '*/2 * * * * *',
      ...settings,
    },
  });
  graphUrl = running.url('graph');
  return new ProxiedStack(running, { log, told, hear, account, proxies, table, directory });
}
