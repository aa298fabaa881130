// Makes the pictures of the console for the README: a stack of this machine, a dozen mails, and an installed Chromium.
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { launch } from '../test/support/browser.ts';
import { buildBundle, type RunningStack, startRunningStack } from '../test/support/running-stack.ts';

const FOLDER = fileURLToPath(new URL('../docs/images', import.meta.url));
const MAXIMUM_BYTES = 600_000;

const MAILS: readonly (readonly [subject: string, to: readonly string[]])[] = [
  ['Invoice 4711', ['customer@example.com']],
  ['Invoice 4712', ['billing@example.org']],
  ['Order 12: confirmation', ['unknown-user@example.com', 'ada@example.com']],
  ['Your access was changed', ['bob@example.com']],
  ['Invoice 4713', ['mailbox-full@example.net']],
  ['Weekly figures', ['board@contoso.com', 'sales@contoso.com']],
  ['Invoice 4714', ['customer@example.com']],
];

/** A day of mail, which a stack of one minute does not have. */
const DAY = [4, 2, 1, 1, 3, 9, 24, 61, 88, 74, 92, 80, 41, 66, 83, 77, 58, 30, 18, 12, 9, 8, 6, 5];

async function fill(stack: RunningStack): Promise<string> {
  const posted = [];
  for (const [subject, to] of MAILS) posted.push(await stack.send({ subject, to }));
  const [, , order] = posted;
  await stack.until(order?.location ?? '', 'a recipient that has failed', ({ recipients }) =>
    recipients.some(({ action }) => action === 'failed'),
  );
  await stack.untilStatus(posted.at(-1)?.location ?? '', 'sent');
  const pause = { scope: 'mailbox', name: 'alerts@contoso.com', reason: 'A wrong template: see the ticket' };
  await stack.post('/v1.0/pauses', JSON.stringify(pause), { 'content-type': 'application/json' });
  await stack.send({ mailbox: 'alerts@contoso.com', subject: 'Disk is nearly full', to: ['ops@contoso.com'] });
  return order?.body.id ?? '';
}

async function showDay(page: Page): Promise<void> {
  const hour = 3_600_000;
  const now = Math.floor(Date.now() / hour) * hour;
  const value = DAY.map((count, index) => ({
    hour: new Date(now - (DAY.length - 1 - index) * hour).toISOString(),
    enqueued: count,
    sent: count - Math.round(count / 40),
    failed: Math.round(count / 40),
  }));
  await page.route('**/v1.0/activity*', (route) => route.fulfill({ json: { approximate: true, value } }));
}

const stackUrl = (stack: RunningStack, fragment: string): string => `${stack.url('functions')}/console${fragment}`;

buildBundle();
const stack = await startRunningStack({ settings: { RECONCILE_SCHEDULE: '* * * * * *' } });
const browser = await launch();
try {
  const id = await fill(stack);
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  let total = 0;
  const shoot = async (name: string, fragment: string, ready: string, options: BrowserContextOptions) => {
    const page = await browser.newPage(options);
    await showDay(page);
    await page.goto(stackUrl(stack, fragment));
    await page.getByText(ready).first().waitFor();
    const path = join(FOLDER, `${name}.png`);
    await page.screenshot({ path });
    await page.close();
    const { size } = statSync(path);
    total += size;
    console.log(`docs/images/${name}.png ${Math.round(size / 1000)} KB`);
  };
  const desk = { viewport: { width: 1120, height: 760 } };
  await shoot('console-overview', '#/', 'What waits', desk);
  await shoot('console-find', '#/find', 'on this page', desk);
  await shoot('console-mail', `#/sendRequests/sender%40contoso.com/${id}`, 'Timeline', { viewport: { width: 1120, height: 1000 } });
  await shoot('console-phone', `#/sendRequests/sender%40contoso.com/${id}`, 'Timeline', {
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
  });
  if (total > MAXIMUM_BYTES) throw new Error(`the pictures have ${total} bytes together, and at most ${MAXIMUM_BYTES} are wanted`);
} finally {
  await browser.close();
  await stack.close();
}
