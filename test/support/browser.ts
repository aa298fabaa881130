// A real Chromium for tests of pages: Debian's, or the one that CHROMIUM names. Without one these tests are skipped, with one line.
import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];

/** The program's path; undefined if there is none. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM'];
  return [...(named ? [named] : []), ...PLACES].find((path) => existsSync(path));
}

/** For `test.skipIf`: whether there is no Chromium. Says so once. */
export function lacksChromium(): boolean {
  const lacks = findChromium() === undefined;
  if (lacks) console.log('skipped: there is no Chromium (Debian: chromium), and CHROMIUM names none');
  return lacks;
}

export function launch(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('there is no Chromium');
  return chromium.launch({ executablePath });
}

/** The rules of WCAG 2.2 A and AA, and best practices, that a page breaks, each with its elements. The page's own policy stays in force. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const found = (await page.evaluate(`axe.run(document, { runOnly: ${JSON.stringify(tags)} })`)) as axe.AxeResults;
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
