// The mailbox viewer of an emulator in a real browser, one for all tests of a file; whatever a page asks of others, or breaks, fails the test.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { launch } from '../../../support/browser.ts';
import { type Client, simpleMessage, startClient } from './client.ts';

export interface Viewer {
  readonly client: Client;
  readonly browser: Browser;
  /** Sends a mail, and waits until nothing of it moves any more. */
  send(subject: string, more?: Record<string, unknown>): Promise<void>;
  /** A page with storage of its own; it is closed after `work`. */
  visit(path: string, work: (page: Page) => Promise<void>, options?: BrowserContextOptions): Promise<void>;
  close(): Promise<void>;
}

/** Fills `strange` with errors, messages of scripts, and requests to other servers. */
function watch(page: Page, ownUrl: string, strange: string[]): void {
  const isStrange = (url: string) => !url.startsWith(ownUrl) && !url.startsWith('data:');
  page.on('requestfinished', (request) => isStrange(request.url()) && strange.push(request.url()));
  // What a policy has stopped is reported as a request, too.
  page.on('requestfailed', (request) => isStrange(request.url()) && request.failure()?.errorText !== 'csp' && strange.push(request.url()));
  page.on('pageerror', (error) => strange.push(String(error)));
  page.on('dialog', (dialog) => strange.push(dialog.message()));
}

export async function openViewer(): Promise<Viewer> {
  const [client, browser] = await Promise.all([startClient({ control: true }), launch()]);
  const { url, control } = client.emulator;
  return {
    client,
    browser,
    async send(subject, more = {}) {
      expect((await client.user('POST', '/sendMail', { message: simpleMessage({ subject, ...more }) })).status).toBe(202);
      await control.settled();
    },
    async visit(path, work, options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      const strange: string[] = [];
      try {
        const page = await context.newPage();
        watch(page, url, strange);
        await page.goto(`${url}${path}`);
        await work(page);
        expect(strange).toEqual([]);
      } finally {
        await context.close();
      }
    },
    async close() {
      await browser.close();
      await client.close();
    },
  };
}
