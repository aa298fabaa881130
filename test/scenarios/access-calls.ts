// What the scenario of callers is made of: a stack with a sender policy that checks real tokens, calls by named applications, and all that it logged.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningStack, type SendRequest, startRunningStack } from '../support/running-stack.ts';
import { ToldLines } from '../support/told.ts';
import { type Answer, ask, type Request } from './http-api-calls.ts';

export const BOX = 'invoices@contoso.com';
export const ALIAS = 'billing@contoso.com';
export const SAMPLE = '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1001';
const OTHER = '6a1b9a34-91a5-4c39-a3d7-0f5f3f4e1002';
export const TEST_MAIL = 'test-mail@contoso.com';

/** Both applications may send as the same mailbox: what keeps their mail apart is the application alone. */
const POLICY = {
  mailboxes: [{ name: BOX, otherNames: [ALIAS] }, { name: 'ceo@contoso.com' }],
  applications: [
    { name: 'Sample', applicationId: SAMPLE, mailboxes: [BOX], mailsPerDay: 1_000 },
    { name: 'Other', applicationId: OTHER, mailboxes: [BOX] },
  ],
};

type App = 'sample-app' | 'other-app' | 'operator' | 'stranger';

export class AccessStack {
  readonly told = new ToldLines();
  readonly #directory = mkdtempSync(join(tmpdir(), 'sender-policy-'));
  readonly #tokens = new Map<string, string>();
  #stack: RunningStack | undefined;

  async start(): Promise<void> {
    const policy = join(this.#directory, 'policy.json');
    writeFileSync(policy, JSON.stringify(POLICY));
    this.#stack = await startRunningStack({
      log: this.told.log,
      settings: {
        CALLER_AUTH: 'entra',
        SENDER_POLICY: policy,
        REDIRECT_RECIPIENTS_TO: TEST_MAIL,
        ALLOWED_RECIPIENT_DOMAINS: 'contoso.com, example.org',
        RECONCILE_SCHEDULE: '* * * * * *',
        IN_DOUBT_GRACE: 'PT6S',
      },
    });
    await this.stack.graph('POST', 'applications', { name: 'stranger', roles: { '*': ['SendRequests.Create'] } });
  }

  get stack(): RunningStack {
    if (!this.#stack) throw new Error('not started');
    return this.#stack;
  }

  /** Every token that was ever shown to the app. */
  get tokens(): string[] {
    return [...this.#tokens.values()];
  }

  async token(application: App, more: { claims?: Record<string, unknown>; expiresIn?: number } = {}): Promise<string> {
    const key = JSON.stringify([application, more]);
    const token =
      this.#tokens.get(key) ??
      (await this.stack.graph<{ access_token: string }>('POST', 'token', { application, resource: 'api://graph-mail-queue', ...more }))
        .access_token;
    this.#tokens.set(key, token);
    return token;
  }

  /** A call with any token, which is noted. */
  withToken(token: string, { headers, ...request }: Request): Promise<Answer> {
    this.#tokens.set(token, token);
    return ask(this.stack, { ...request, headers: { ...headers, authorization: `Bearer ${token}` } });
  }

  async as(application: App, request: Request): Promise<Answer> {
    return this.withToken(await this.token(application), request);
  }

  get(application: App, path: string): Promise<Answer> {
    return this.as(application, { method: 'GET', path });
  }

  /** Posts a mail to the shared mailbox as an application. */
  send(application: App, message: Record<string, unknown>, headers: Record<string, string> = {}): Promise<Answer> {
    const toRecipients = [{ emailAddress: { address: 'bob@contoso.com' } }];
    const body = JSON.stringify({ message: { subject: 'x', toRecipients, ...message } });
    return this.as(application, { mailbox: BOX, headers: { 'content-type': 'application/json', ...headers }, body });
  }

  /** The send request of an answer 202, once it is so. */
  async until(answer: Answer, what: string, holds: (request: SendRequest) => boolean): Promise<SendRequest> {
    const path = answer.headers.get('location');
    if (answer.status !== 202 || !path) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
    return this.told.until(`${what}: ${path}`, async () => {
      const request = (await this.get('operator', path)).body as unknown as SendRequest;
      return holds(request) ? request : undefined;
    });
  }

  untilStatus(answer: Answer, ...statuses: string[]): Promise<SendRequest> {
    return this.until(answer, statuses.join(' or '), ({ status }) => statuses.includes(status));
  }

  async close(): Promise<void> {
    await this.#stack?.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
