// A local stack of its own for a test or the demo: on free ports, with the calls that a scenario is made of.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Stack, type StackOptions, startStack } from '../emulators/local-stack/stack.ts';
import { sharedAccount } from './storage-account.ts';
import { PATIENCE_MS, until } from './until.ts';

export const bundle = fileURLToPath(new URL('../../dist/app/dist/main.cjs', import.meta.url));

export function buildBundle(): void {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, encoding: 'utf8' });
  if (status !== 0 || !existsSync(bundle)) throw new Error(`the bundle could not be built:\n${stderr}`);
}

/** A schedule on which the reconciler runs only when it is told to. */
export const WHEN_TOLD = '0 0 0 1 1 *';

export interface SendRequest {
  id: string;
  status: string;
  attempts: number;
  internetMessageId: string;
  nextAttemptDateTime?: string;
  error?: { code: string; message: string };
  recipients: {
    address: string;
    type: string;
    action?: string;
    status?: string;
    diagnosticCode?: string;
    remoteMta?: string;
    disposition?: string;
    evidence?: string;
  }[];
  events: { type: string; dateTime: string; attempt?: number; recipient?: string; detail?: string }[];
}

const WAITING: readonly string[] = ['queued', 'submitting', 'deferred', 'inDoubt'];

/** As long as a mail isn't known to be out, or never to go out. */
export const isWaiting = ({ status }: { status: string }): boolean => WAITING.includes(status);

export interface Delivery {
  id: string;
  mailbox: string;
  subject: string;
  recipients: { address: string; outcome: string }[];
}

export interface Posted {
  status: number;
  location: string;
  body: { id: string; status: string; mailbox: string; operation: string };
}

export interface MailOptions {
  mailbox?: string;
  subject?: string;
  to?: readonly string[];
  headers?: Record<string, string>;
}

export class RunningStack {
  readonly stack: Stack;
  /** The last lines of all parts: what to read when a scenario fails. */
  readonly log: string[];

  constructor(stack: Stack, log: string[]) {
    this.stack = stack;
    this.log = log;
  }

  url(part: string): string {
    const url = this.stack.urls[part];
    if (!url) throw new Error(`the stack has no ${part}`);
    return url;
  }

  /** Posts a mail as JSON; `Location` is absolute. */
  async send({
    mailbox = 'sender@contoso.com',
    subject = 'Invoice 4711',
    to = ['customer@example.com'],
    headers = {},
  }: MailOptions = {}): Promise<Posted> {
    const message = {
      subject,
      body: { contentType: 'Text', content: 'Please find the invoice in our portal.' },
      toRecipients: to.map((address) => ({ emailAddress: { address } })),
    };
    return this.post(`/v1.0/users/${mailbox}/sendMail`, JSON.stringify({ message }), { 'content-type': 'application/json', ...headers });
  }

  async sendMime(mime: string | Uint8Array, mailbox = 'sender@contoso.com'): Promise<Posted> {
    return this.post(`/v1.0/users/${mailbox}/sendMail`, Buffer.from(mime).toString('base64'), { 'content-type': 'text/plain' });
  }

  async post(path: string, body: string, headers: Record<string, string>): Promise<Posted> {
    const response = await fetch(this.url('functions') + path, { method: 'POST', body, headers });
    const location = response.headers.get('location') ?? '';
    return {
      status: response.status,
      location: new URL(location, this.url('functions')).href,
      body: (await response.json()) as Posted['body'],
    };
  }

  async get(location: string): Promise<SendRequest> {
    const response = await fetch(location);
    if (!response.ok) throw new Error(`${location} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as SendRequest;
  }

  /** Waits for a condition on a send request; the timeline is in the error when it never comes. */
  until(location: string, what: string, holds: (request: SendRequest) => boolean, patienceMs = PATIENCE_MS): Promise<SendRequest> {
    return until(what, () => this.get(location), holds, { patienceMs }).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.log.slice(-30).join('\n')}`);
    });
  }

  untilStatus(location: string, ...statuses: string[]): Promise<SendRequest> {
    return this.until(location, statuses.join(' or '), ({ status }) => statuses.includes(status));
  }

  /** The Graph mail emulator's control API. */
  async graph<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url('graph')}/control/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`control ${method} ${path} answered ${response.status}: ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  fault(fault: Record<string, unknown>): Promise<{ id: string }> {
    return this.graph('POST', 'faults', fault);
  }

  /** Every mail that Exchange has taken is where it belongs: a copy that is not filed yet is one that a run of the reconciler misses. */
  async settled(): Promise<void> {
    await this.graph('POST', 'stages/settled');
  }

  /** Starts a run of the reconciler. */
  startReconciling(): Promise<void> {
    return this.startTimer('reconcile-mailboxes');
  }

  /** Starts a run of a timer's function. */
  async startTimer(name: string): Promise<void> {
    const path = `/admin/functions/${name}`;
    await fetch(this.url('functions') + path, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
  }

  /** How often each fault fired, by its id. */
  async fired(): Promise<Record<string, number>> {
    const { value } = await this.graph<{ value: { id: string; fired: number }[] }>('GET', 'faults');
    return Object.fromEntries(value.map(({ id, fired }) => [id, fired]));
  }

  /** What transport handed on for a mail, by its subject: the judge of "exactly once". */
  async deliveries(subject: string): Promise<Delivery[]> {
    const { value } = await this.graph<{ value: Delivery[] }>('GET', 'deliveries');
    return value.filter((delivery) => delivery.subject === subject);
  }

  kill(part: string): void {
    const pid = this.stack.pids()[part];
    if (!pid) throw new Error(`the stack has no process ${part}`);
    process.kill(pid, 'SIGKILL');
  }

  close(): Promise<void> {
    return this.stack.close();
  }
}

/** Starts a stack on free ports; in a test run its storage is an account of the Azurite that all share. The bundle must have been built. */
export async function startRunningStack(options: Partial<StackOptions> = {}): Promise<RunningStack> {
  const log: string[] = [];
  const storage = sharedAccount()?.connectionString;
  const stack = await startStack({
    port: 0,
    bundle,
    ...(storage !== undefined && { storage }),
    log: (line) => {
      if (log.push(line) > 2_000) log.shift();
    },
    ...options,
  });
  return new RunningStack(stack, log);
}
