// Hostile mail in the mailbox viewer, in a real Chromium: it runs nothing, connects to nobody, and breaks nothing.
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lacksChromium } from '../../support/browser.ts';
import { mailbox } from './support/client.ts';
import { openViewer, type Viewer } from './support/viewer.ts';

describe.skipIf(lacksChromium())('a hostile mail', () => {
  let viewer: Viewer;
  let elsewhere: Server;
  let connections = 0;
  beforeAll(async () => {
    viewer = await openViewer();
    elsewhere = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    elsewhere.close();
    await viewer.close();
  });
  beforeEach(() => viewer.client.emulator.control.reset());

  const incoming = (mime: string) => viewer.client.emulator.control.incoming({ mailbox, mime });

  test('does nothing: no script, no connection to elsewhere, no mark-up in its subject, no text that runs backwards', async () => {
    const { port } = elsewhere.address() as { port: number };
    const other = `http://127.0.0.1:${port}`;
    const html = [
      `<base href="${other}/"><link rel="preconnect" href="${other}"><link rel="stylesheet" href="${other}/a.css">`,
      `<meta http-equiv="refresh" content="0;url=${other}/refresh"><script src="${other}/a.js"></script><script>parent.alert(1);alert(2)</script>`,
      `<style>@import "${other}/b.css"; body { background: url(${other}/c.png) }</style><img src="${other}/d.png" onerror="alert(3)">`,
      `<iframe src="${other}/e"></iframe><object data="${other}/f"></object><video src="${other}/g" autoplay></video>`,
      `<form action="${other}/h" id="f"><input autofocus onfocus="alert(4)"></form><svg onload="alert(5)"><image href="${other}/i.png"/></svg>`,
      `<a id="link" href="${other}/j" target="_top" ping="${other}/k">link</a><p>the end</p>`,
    ].join('');
    const subject = '<img src=x onerror=alert(6)><script>alert(7)</script>\u202egnp.exe';
    const encoded = `=?utf-8?B?${Buffer.from(subject).toString('base64')}?=`;
    await incoming(`From: "<b>x</b>\u202e" <evil@example.com>\nSubject: ${encoded}\nContent-Type: text/html; charset=utf-8\n\n${html}`);
    await viewer.visit('/', async (page) => {
      await page.locator('#list li').getByRole('link').click();
      await page.frameLocator('iframe').getByText('the end').waitFor();
      expect(await page.locator('#list .subject').allTextContents()).toEqual([
        '<img src=x onerror=alert(6)><script>alert(7)</script>[U+202E]gnp.exe',
      ]);
      await page.frameLocator('iframe').locator('#link').click();
      for (const form of ['Text', 'Source', 'Headers', 'Attachments (0)', 'HTML']) {
        await page.getByRole('link', { name: form, exact: true }).click();
        await page.locator(`.tabs [aria-current="page"]`, { hasText: form }).waitFor();
      }
      await page.frameLocator('iframe').getByText('the end').waitFor();
      expect(page.url()).toContain(`${viewer.client.emulator.url}/mailbox?mail=`);
      expect(await page.locator('main script, main img').count()).toBe(0);
    });
    expect(connections).toBe(0);
    // The listener hears who connects.
    await fetch(other).catch(() => undefined);
    expect(connections).toBe(1);
  });

  test('may be huge, or have null bytes', async () => {
    await incoming(`Subject: a\0b ${'x'.repeat(100_000)}\n\n\0${'y'.repeat(3_000_000)}`);
    await viewer.visit('/', async (page) => {
      await page.locator('#list li').getByRole('link').click();
      await page.getByText('Only the beginning is shown.').waitFor();
      expect((await page.locator('#subject').textContent())?.length).toBeLessThan(600);
      expect(await page.locator('pre').textContent()).toMatch(/^\[U\+0000\]y/);
    });
  });
});
