// What the scenario of the console is made of: a stack whose people sign in, a browser, and visits that note every request of the page.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launch } from '../support/browser.ts';
import { type RunningStack, startRunningStack } from '../support/running-stack.ts';
import { ToldLines } from '../support/told.ts';

export const BOX = 'sender@contoso.com';

export const mailAt = (id: string) => `#/sendRequests/${encodeURIComponent(BOX)}/${id}`;
/** What stands in a row of a page of results. */
export const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
export const failure = (page: Page) => page.getByRole('alert');

export async function giveReason(page: Page, reason: string, verb: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/Reason/).fill(reason);
  await dialog.getByRole('button', { name: verb, exact: true }).click();
}

/** One person at the page. */
export interface Visit {
  page: Page;
  /** Origins that the page has asked for something. */
  origins: Set<string>;
  /** What the browser has complained of: a breach of the policy, an error of the script. */
  complaints: string[];
}

export class ConsoleWorld {
  readonly told = new ToldLines();
  #stack: RunningStack | undefined;
  #browser: Browser | undefined;
  #token = '';
  readonly #visits = new Map<string, Visit>();

  async start(): Promise<void> {
    [this.#stack, this.#browser] = await Promise.all([
      startRunningStack({
        log: this.told.log,
        https: true,
        settings: { CALLER_AUTH: 'entra', RECONCILE_SCHEDULE: '* * * * * *', CONSOLE_APPLICATION_INSIGHTS: '/subscriptions/x/appi-mail' },
      }),
      launch(),
    ]);
  }

  get stack(): RunningStack {
    if (!this.#stack) throw new Error('not started');
    return this.#stack;
  }

  url(fragment = ''): string {
    return `${this.stack.url('functions')}/console${fragment}`;
  }

  async #authorization(): Promise<Record<string, string>> {
    if (this.#token === '') {
      const order = { application: 'sample-app', resource: 'api://graph-mail-queue' };
      this.#token = (await this.stack.graph<{ access_token: string }>('POST', 'token', order)).access_token;
    }
    return { authorization: `Bearer ${this.#token}` };
  }

  /** A mail that an application has posted; its id. */
  async send(subject: string, to: readonly string[], headers: Record<string, string> = {}): Promise<string> {
    const { body } = await this.stack.send({ subject, to, headers: { ...(await this.#authorization()), ...headers } });
    return body.id;
  }

  async visit(fragment = '', options: BrowserContextOptions = {}): Promise<Visit> {
    if (!this.#browser) throw new Error('not started');
    const context = await this.#browser.newContext({ ignoreHTTPSErrors: true, timezoneId: 'Europe/Berlin', ...options });
    const page = await context.newPage();
    const visit: Visit = { page, origins: new Set(), complaints: [] };
    page.on('request', (request) => void visit.origins.add(new URL(request.url()).origin));
    page.on('pageerror', (error) => void visit.complaints.push(String(error)));
    page.on('dialog', (dialog) => void visit.complaints.push(`dialog: ${dialog.message()}`));
    page.on('console', (message) => {
      if (/Content Security Policy|Trusted Type/i.test(message.text())) visit.complaints.push(message.text());
    });
    await page.goto(this.url(fragment));
    return visit;
  }

  /** The same, signed in by the emulator's tenant. Without options it is the tab in which this person has signed in before. */
  async visitAs(person: string, fragment = '', options?: BrowserContextOptions): Promise<Visit> {
    const before = options ? undefined : this.#visits.get(person);
    if (before) {
      await before.page.goto(this.url(fragment));
      return before;
    }
    const visit = await this.visit(fragment, options);
    if (!options) this.#visits.set(person, visit);
    await visit.page.getByRole('button', { name: 'Sign in' }).click();
    await visit.page.getByRole('link', { name: person }).click();
    await visit.page.getByRole('banner').waitFor();
    return visit;
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    await this.#stack?.close();
  }
}
