// The console in a real browser: people sign in at the emulator's tenant by MSAL, find mail, see its life, and act on it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityViolations, lacksChromium } from '../support/browser.ts';
import { BOX, ConsoleWorld, failure, giveReason, mailAt, row } from './console-visit.ts';

const HOSTILE = '<img src=x onerror=alert(1)> \u202Egnp.exe <b>bold</b>';
const world = new ConsoleWorld();

describe.skipIf(lacksChromium())('the console', () => {
  let hostile = '';
  let returned = '';

  beforeAll(async () => {
    await world.start();
    hostile = await world.send(HOSTILE, ['ada@example.com']);
    returned = await world.send('Order 12', ['unknown-user@example.com', 'ada@example.com']);
  });
  afterAll(() => world.close());

  test('brings a person back to the search of the link after the sign-in, and talks to nobody but the app and the sign-in', async () => {
    const { page, origins, complaints } = await world.visitAs('Olga Operator', '#/find?recipient=ada%40example.com', {});
    expect(page.url()).toBe(world.url('#/find?recipient=ada%40example.com'));
    await row(page, 'Order 12').getByRole('link').waitFor();
    await page.goto(world.url('#/'));
    await page.getByRole('heading', { name: 'What needs somebody' }).waitFor();
    const allowed = [world.stack.url('functions'), world.stack.url('graphHttps')].map((url) => new URL(url).origin);
    expect([...origins].filter((origin) => !allowed.includes(origin))).toEqual([]);
    expect(complaints).toEqual([]);
    await page.reload();
    await page.getByText('olga@contoso.com').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
  });

  test('shows a hostile subject as text, finds mail by one box and by the keyboard, and shows its life', async () => {
    const { page, complaints } = await world.visitAs('Rita Reader', '#/find');
    await page.getByRole('textbox', { name: 'Words of the subject' }).fill('onerror=alert(1)');
    await page.keyboard.press('Enter');
    const found = row(page, 'onerror').getByRole('link');
    expect(await found.locator('bdi').textContent()).toBe(HOSTILE);
    await page.keyboard.press('Control+k');
    await page.keyboard.type(returned);
    await page.keyboard.press('Enter');
    const link = row(page, 'Order 12').getByRole('link');
    await link.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Order 12' }).waitFor();
    await row(page, 'unknown-user@example.com').getByText('A report of Exchange itself says so.').waitFor();
    const life = page.getByRole('list').filter({ hasText: 'Graph has accepted it' });
    await life.getByText('Its copy is in Sent Items').waitFor();
    expect(await life.getByText(/202 \[accepted\]/).count()).toBe(1);
    expect(await page.getByRole('link', { name: 'The copy in the mailbox' }).getAttribute('href')).toBe(
      `${world.stack.url('graph')}/mailbox?mark=${returned}`,
    );
    expect(await page.getByRole('link', { name: /Application Insights/ }).getAttribute('href')).toMatch(
      /^https:\/\/portal\.azure\.com\/#@/,
    );
    // She sees, and may not act.
    expect(await page.getByText('SendRequests.Manage.All').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Send again…' }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('shows its times in the zone of the reader, and UTC beside them', async () => {
    const { page } = await world.visitAs('Rita Reader', mailAt(hostile));
    const time = page.locator('dd time').first();
    const utc = Date.parse((await time.getAttribute('datetime')) as string);
    const inBerlin = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin', timeStyle: 'medium' }).format(utc);
    expect(await time.textContent()).toContain(inBerlin);
    expect(await time.getAttribute('title')).toBe(`${new Date(utc).toISOString().slice(0, 19).replace('T', ' ')} UTC`);
  });

  test('sends a mail again to the recipient that failed: first it says what would happen, then it asks why', async () => {
    const { page } = await world.visitAs('Olga Operator', mailAt(returned));
    await page.getByRole('button', { name: 'Send again…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('A new mail goes to unknown-user@example.com').waitFor();
    expect(await world.stack.deliveries('Order 12')).toHaveLength(1);
    await giveReason(page, 'The mailbox is there now', 'Send again');
    await dialog.getByText(/It is sent again as/).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByText('Was sent again as').waitFor();
    const told = await world.told.until('the audit event', () => world.told.all().find(({ action }) => action === 'resend'));
    expect(told).toMatchObject({ event: 'operatorAction', user: expect.stringMatching(/^[0-9a-f-]{36}$/), sendRequestId: returned });
  });

  test('pauses a mailbox and lifts the pause again, each with its reason', async () => {
    const { page } = await world.visitAs('Olga Operator', '#/pauses');
    await page.getByText('Nothing is paused.').waitFor();
    await page.getByRole('button', { name: 'Pause…' }).click();
    await page.getByLabel('Address of the mailbox').fill(BOX);
    await giveReason(page, 'A wrong template', 'Pause');
    await page
      .getByRole('dialog')
      .getByText(/It is paused/)
      .waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByText('A wrong template').waitFor();

    const held = await world.send('Held mail', ['ada@example.com']);
    await page.goto(world.url(mailAt(held)));
    await page.getByRole('button', { name: 'Cancel…' }).click();
    await giveReason(page, 'Nobody needs it', 'Cancel the mail');
    await page
      .getByRole('dialog')
      .getByText(/It is cancelled/)
      .waitFor();
    await page.getByRole('button', { name: 'Close' }).click();

    await page.goto(world.url('#/pauses'));
    await page.getByRole('button', { name: /^Lift the pause/ }).click();
    await giveReason(page, 'The template is mended', 'Lift the pause');
    await page
      .getByRole('dialog')
      .getByText(/It is lifted/)
      .waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByText('Nothing is paused.').waitFor();
    const reasons = () => world.told.all().filter(({ action }) => action === 'pause' || action === 'resume');
    await world.told.until('both audit events', () => (reasons().length === 2 ? true : undefined));
    expect(reasons().map(({ reason }) => reason)).toEqual(['A wrong template', 'The template is mended']);
  });

  test('acts on all that a search finds, after it has shown how many', async () => {
    const { page } = await world.visitAs('Olga Operator', '#/find');
    expect(await page.getByRole('button', { name: /all found/ }).count()).toBe(0);
    await page.goto(world.url('#/find?subject=Order'));
    await page.getByRole('button', { name: 'Cancel all found…' }).click();
    await page.getByRole('dialog').getByText('There is nothing to cancel.').waitFor();
    expect(await page.getByRole('button', { name: 'Cancel these', exact: true }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');

    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    for (const name of ['one', 'two']) await world.send(`Reminder ${name}`, ['ada@example.com'], { 'send-at': tomorrow });
    await page.goto(world.url('#/find?subject=Reminder'));
    await page.getByRole('button', { name: 'Cancel all found…' }).click();
    await page.getByRole('dialog').getByText('It would cancel 2 send requests.').waitFor();
    expect(await row(page, 'Reminder').getByText('Cancelled').count()).toBe(0);
    await giveReason(page, 'Nobody is to be reminded', 'Cancel these');
    await page.getByRole('dialog').getByText('2 send requests cancelled.').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => row(page, 'Reminder').getByText('Cancelled').count()).toBe(2);
  });

  test('sends a mail again to a corrected address, in place of the one that failed', async () => {
    const mistyped = await world.send('Contract', ['unknown-user+typo@example.com']);
    const { page } = await world.visitAs('Olga Operator', mailAt(mistyped));
    await page.getByRole('button', { name: 'Send again…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('To a corrected address').check();
    await dialog.getByLabel('Corrected address', { exact: true }).fill('grace@example.com');
    await page.keyboard.press('Tab');
    await dialog.getByText('A new mail goes to grace@example.com, in place of unknown-user+typo@example.com').waitFor();
    await giveReason(page, 'A typing error', 'Send again');
    await dialog.getByText(/It is sent again as/).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('link', { name: 'Sent again' }).click();
    await row(page, 'grace@example.com').getByText('in place of unknown-user+typo@example.com').waitFor();
    await page.getByText('Sends again').waitFor();
  });

  test.each(['light', 'dark'] as const)('can be read by everybody, at 390 pixels too: %s', async (colorScheme) => {
    const { page } = await world.visitAs('Olga Operator', '#/', { colorScheme, viewport: { width: 390, height: 844 } });
    await page.getByText('Nothing is paused.').waitFor();
    for (const [fragment, ready] of [
      ['#/', 'What waits'],
      ['#/find', 'Find'],
      ['#/pauses', 'Pauses'],
      [mailAt(returned), 'Timeline'],
    ] as const) {
      await page.goto(world.url(fragment));
      await page.getByRole('heading', { name: ready, exact: true }).waitFor();
      await expect.poll(() => page.getByText('Loading…').count()).toBe(0);
      expect(await accessibilityViolations(page), fragment).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth'), fragment).toBeLessThanOrEqual(390);
    }
    await page.goto(world.url('#/pauses'));
    await page.getByRole('button', { name: 'Pause…' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await accessibilityViolations(page), 'a dialog').toEqual([]);
    const ground = String(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
    expect(ground === 'rgb(255, 255, 255)').toBe(colorScheme === 'light');
  });

  test('says what is wrong: no role, an unknown id, a search that is none, an API out of reach, a sign-in that has expired', async () => {
    const { page: norbert } = await world.visitAs('Norbert Noel', '#/find');
    await failure(norbert)
      .getByText(/SendRequests\.Read\.All to see/)
      .waitFor();

    const { page } = await world.visitAs('Olga Operator', mailAt('0'.repeat(28)));
    await failure(page).getByText('There is no such send request').waitFor();
    await page.goto(world.url('#/find?id=cut-off'));
    await failure(page)
      .getByText(/An id has 28/)
      .waitFor();
    await page.goto(world.url('#/find?application=%27&after=p1-nothing'));
    await failure(page)
      .getByText(/Invalid \$skiptoken/)
      .waitFor();
    await page.goto(world.url('#/else'));
    await page.getByText('There is no such page.').waitFor();

    await page.route('**/v1.0/**', (route) => route.abort());
    await page.goto(world.url('#/find?status=failed'));
    await failure(page).getByText('The API is out of reach').waitFor();
    await page.unroute('**/v1.0/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText(/on this page|No send request matches/).waitFor();

    await page.route('**/v1.0/**', (route) =>
      route.fulfill({ status: 401, json: { error: { code: 'InvalidAuthenticationToken', message: 'the token is expired.' } } }),
    );
    await page.goto(world.url('#/find?status=rejected'));
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await page.unroute('**/v1.0/**');
    await page.getByRole('link', { name: 'Olga Operator' }).click();
    await page.getByText(/on this page|No send request matches/).waitFor();
    expect(page.url()).toBe(world.url('#/find?status=rejected'));
  });

  test('goes through many results page by page, and shows a row of another version as far as it goes', async () => {
    const { page } = await world.visitAs('Rita Reader');
    const rows = Array.from({ length: 50 }, (_, index) => ({
      id: `row-${index}`,
      mailbox: BOX,
      status: index === 0 ? 'teleported' : 'sent',
    }));
    const nextLink = `${world.stack.url('functions')}/v1.0/sendRequests?%24skiptoken=p1-next`;
    await page.route('**/v1.0/sendRequests?**', (route) =>
      route.fulfill({
        json: route.request().url().includes('p1-next') ? { value: rows.slice(1, 3) } : { value: rows, '@odata.nextLink': nextLink },
      }),
    );
    await page.goto(world.url('#/find?status=sent'));
    await row(page, 'teleported').getByText('(no subject in the log)').waitFor();
    await page.getByText('50 on this page, newest first. There are more.').waitFor();
    await page.getByRole('link', { name: 'Next 50' }).click();
    await page.getByText('2 on this page, newest first.').waitFor();
    await page.goBack();
    await page.getByText('50 on this page').waitFor();
    await page.unroute('**/v1.0/sendRequests?**');
  });
});
