// The mailbox viewer in a real Chromium: what somebody sees, hears from a screen reader, and can do with keys. Hostile mail: viewer-hostile.test.ts.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { accessibilityViolations, lacksChromium } from '../../support/browser.ts';
import { type Client, mailbox, simpleMessage, startClient, to } from './support/client.ts';
import { openViewer, type Viewer } from './support/viewer.ts';

describe.skipIf(lacksChromium())('the mailbox viewer', () => {
  let viewer: Viewer;
  let client: Client;
  beforeAll(async () => {
    viewer = await openViewer();
    client = viewer.client;
  });
  afterAll(() => viewer.close());
  beforeEach(() => client.emulator.control.reset());

  const incoming = (mime: string) => client.emulator.control.incoming({ mailbox, mime });
  const send = (subject: string, more?: Record<string, unknown>) => viewer.send(subject, more);
  const visit: Viewer['visit'] = (...visited) => viewer.visit(...visited);
  const rows = (page: Page) => page.locator('#list li');
  const subjects = (page: Page) => page.locator('#list .subject').allTextContents();

  test('new mail appears by itself, search narrows the list, and the address can be shared', async () => {
    await visit('/', async (page) => {
      await page.getByText('There is no mail yet.').waitFor();
      await send('Invoice 4711');
      await page.getByRole('link', { name: 'Invoice 4711' }).first().waitFor();
      await send('Reminder', { toRecipients: to('customer@example.com') });
      await page.getByRole('link', { name: 'Reminder' }).waitFor();
      expect(await rows(page).count()).toBe(3);
      await page.getByLabel('Search').fill('to:customer@example.com');
      await page.getByText('1 mail', { exact: true }).waitFor();
      expect(await subjects(page)).toEqual(['Reminder']);
      await page.getByRole('link', { name: 'Reminder' }).click();
      await page.getByRole('heading', { name: 'Reminder' }).waitFor();
      const shared = page.url().slice(client.emulator.url.length);
      await visit(shared, async (other) => {
        await other.getByRole('heading', { name: 'Reminder' }).waitFor();
        expect(await other.getByLabel('Search').inputValue()).toBe('to:customer@example.com');
      });
      await page.goBack();
      await page.getByText('Choose a mail from the list.').waitFor();
    });
  });

  test('a deep link by mark opens the copy in Sent Items, also if the mail comes only later, and leads back to the list', async () => {
    await visit('/mailbox?mark=id-1', async (page) => {
      await page.getByText('No mail has this mark.').waitFor();
      await send('Marked', { internetMessageHeaders: [{ name: 'x-send-request-id', value: 'id-1' }] });
      await page.getByText(`Sent Items of ${mailbox}`).waitFor();
      await page.keyboard.press('Escape');
      await page.getByText('2 mails', { exact: true }).waitFor();
      expect(await page.getByLabel('Search').inputValue()).toBe('mark:"id-1"');
    });
  });

  test('a mail has its HTML, text, source, header fields and attachments', async () => {
    await send('Forms', {
      body: { contentType: 'HTML', content: '<h1>Heading</h1><img src="cid:pic">' },
      attachments: [
        { '@odata.type': '#microsoft.graph.fileAttachment', name: 'note.txt', contentBytes: Buffer.from('hello').toString('base64') },
        {
          '@odata.type': '#microsoft.graph.fileAttachment',
          name: 'dot.gif',
          contentType: 'image/gif',
          isInline: true,
          contentId: 'pic',
          contentBytes: 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
        },
      ],
    });
    await visit('/mailbox?q=from:sender%20subject:Forms&folder=Sent+Items', async (page) => {
      await page.getByRole('link', { name: 'Forms' }).click();
      const frame = page.frameLocator('iframe');
      await frame.getByRole('heading', { name: 'Heading' }).waitFor();
      expect(await frame.locator('img').evaluate((image: { naturalWidth: number }) => image.naturalWidth)).toBe(1);
      await page.getByRole('link', { name: 'Text' }).click();
      await page.getByRole('region', { name: 'Text' }).getByText('Heading').waitFor();
      await page.getByRole('link', { name: 'Source' }).click();
      await page.getByRole('region', { name: 'Source' }).getByText('MIME-Version').waitFor();
      await page.getByRole('link', { name: 'Headers' }).click();
      await page.getByRole('rowheader', { name: 'Subject' }).waitFor();
      await page.getByRole('link', { name: 'Attachments (2)' }).click();
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'note.txt' }).click()]);
      expect(download.suggestedFilename()).toBe('note.txt');
    });
  });

  test('keys go through the list, open and close a mail, search, and show the help; they can be switched off', async () => {
    for (const name of ['one', 'two', 'three']) await incoming(`Subject: ${name}\n\nx`);
    const [first, second] = ['three', 'two'];
    const focused = (page: Page) => page.locator('#list a:focus .subject').textContent();
    await visit('/', async (page) => {
      await rows(page).nth(2).waitFor();
      await page.keyboard.press('j');
      expect(await focused(page)).toBe(first);
      await page.keyboard.press('j');
      expect(await focused(page)).toBe(second);
      await page.keyboard.press('k');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: first }).waitFor();
      await page.keyboard.press('j');
      await page.getByRole('heading', { name: second }).waitFor();
      await page.locator('#subject:focus').waitFor();
      await page.keyboard.press('Escape');
      await page.getByText('Choose a mail from the list.').waitFor();
      await page.locator('#list a:focus', { hasText: second }).waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('one');
      await page.getByText('1 mail', { exact: true }).waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Help' }).waitFor();
      await page.getByLabel('Single keys act').uncheck();
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      expect(await page.getByRole('dialog').count()).toBe(0);
    });
  });

  test('a button adds a fault, which fires and says so; stages are held and released', async () => {
    const { control } = client.emulator;
    await visit('/mailbox?page=faults', async (page) => {
      await page.getByLabel('Mailbox').selectOption(mailbox);
      await page.getByRole('button', { name: 'Send, then answer 504' }).click();
      await page.getByText('In force: Send, then answer 504').waitFor();
      expect((await client.user('POST', '/sendMail', { message: simpleMessage() })).status).toBe(504);
      await page.getByText(/^failed-after \(sendMail\): .* has fired 1 of 1 times/).waitFor();
      expect(control.deliveries()).toHaveLength(1);
      await page.getByRole('button', { name: 'Remove failed-after (send)' }).click();
      await page.getByText('Removed: failed-after (send)').waitFor();
      expect(control.faults.list().map(({ id }) => id)).toEqual(['failed-after (sendMail)']);

      await page.getByRole('button', { name: 'Hold: Leaving Drafts' }).click();
      await page.getByText(/^Held for all mailboxes\. 0 waiting/).waitFor();
      expect((await client.user('POST', '/sendMail', { message: simpleMessage() })).status).toBe(202);
      await page.getByText(/^Held for all mailboxes\. 1 waiting/).waitFor();
      expect(control.deliveries()).toHaveLength(1);
      await page.getByRole('button', { name: 'Release: Leaving Drafts' }).click();
      await page.getByText('Leaving Drafts: Release').waitFor();
      await control.settled();
      expect(control.deliveries()).toHaveLength(2);
    });
  });

  test('no page breaks a rule of accessibility or the width of a phone, light or dark', async () => {
    const attachments = [{ '@odata.type': '#microsoft.graph.fileAttachment', name: 'note.txt', contentBytes: 'aGk=' }];
    await send('Invoice', { internetMessageId: '<one@contoso.com>', attachments, toRecipients: to('unknown-user@contoso.com') });
    client.emulator.control.faults.set([{ operation: 'sendMail', answer: 'reset' }]);
    client.emulator.control.stages.hold({ stage: 'report' });
    const background = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await visit('/', async (page) => {
      for (const [query, present] of [
        ['message-id=one@contoso.com&view=headers', 'table'],
        ['message-id=one@contoso.com&view=attachments', '.attachments'],
        ['mail=nobody%40contoso.com%2F1&q=unknown', '#subject'],
        ['page=faults', '.cards li'],
        ['page=deliveries', 'table'],
      ] as const) {
        await page.emulateMedia({ colorScheme: 'light' });
        await page.setViewportSize({ width: 1280, height: 800 });
        await page.goto(`${client.emulator.url}/mailbox?${query}`);
        await page.locator(present).first().waitFor();
        const light = await background(page);
        expect([query, await accessibilityViolations(page)]).toEqual([query, []]);
        await page.emulateMedia({ colorScheme: 'dark' });
        await page.setViewportSize({ width: 390, height: 844 });
        expect(await background(page)).not.toBe(light);
        expect([query, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([query, 390]);
        expect([query, await accessibilityViolations(page)]).toEqual([query, []]);
        await page.getByLabel('Theme').selectOption('light');
        expect(await background(page)).toBe(light);
        await page.getByLabel('Theme').selectOption('system');
      }
    });
  });

  test('on a phone one sees the list or a mail, and gets back', async () => {
    await send('Small');
    await visit(
      '/mailbox?folder=Sent+Items',
      async (page) => {
        await page.getByRole('link', { name: 'Small' }).click();
        await page.getByRole('heading', { name: 'Small' }).waitFor();
        expect(await page.locator('#list').isVisible()).toBe(false);
        await page.getByRole('link', { name: 'Back to the list' }).click();
        await rows(page).first().waitFor();
        expect(await page.locator('#mail').isVisible()).toBe(false);
      },
      { viewport: { width: 390, height: 844 } },
    );
  });

  test('a page says that the emulator has gone, and keeps what it knew', async () => {
    const other = await startClient();
    const page = await viewer.browser.newPage();
    try {
      await other.emulator.control.incoming({ mailbox, mime: 'Subject: kept\n\nx' });
      await page.goto(`${other.emulator.url}/mailbox`);
      await rows(page).first().waitFor();
      await page.getByText('live', { exact: true }).waitFor();
      await other.close();
      await page.getByText('The emulator does not answer.').waitFor();
      expect(await subjects(page)).toEqual(['kept']);
    } finally {
      await page.close();
    }
  });
});
