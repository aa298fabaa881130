// A thousand recipients: taken up to the limit, carried by queue and log, and told apart when half of them fail in one report.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningStack, startRunningStack } from '../support/running-stack.ts';
import { ask, at, base64, json, mail, mime } from './http-api-calls.ts';

let stack: RunningStack;

beforeAll(async () => {
  stack = await startRunningStack({
    settings: { RECIPIENT_LIMIT: '1000', RECONCILE_SCHEDULE: '* * * * * *', GRAPH_TIMEOUT: 'PT20S', IN_DOUBT_GRACE: 'PT25S' },
  });
  await stack.graph('PATCH', 'switches', { recipientLimit: 1_000 });
});
afterAll(() => stack.close());

/** Every second one is unknown to the remote server, so that 500 come back in one report. */
const addresses = Array.from({ length: 1_000 }, (_, i) => `${i % 2 === 0 ? 'unknown-user' : 'customer'}+${i}@example.org`);
const [to, cc, bcc] = [addresses.slice(0, 400), addresses.slice(400, 700), addresses.slice(700)];
const locationOf = (headers: Headers): string => stack.url('functions') + headers.get('location');

async function expectAllLogged(location: string): Promise<void> {
  // The counts are read before the recipients, so these are no older.
  const failed = (request: object): number => (request as { recipientCounts: { failed: number } }).recipientCounts.failed;
  const request = await stack.until(location, 'failed for 500', (now) => failed(now) === 500);
  expect(request.recipients.map(({ address }) => address)).toEqual(addresses);
  for (const [i, recipient] of request.recipients.entries()) {
    if (i % 2 === 1) expect(recipient).toEqual({ address: addresses[i], type: i < 400 ? 'to' : i < 700 ? 'cc' : 'bcc' });
    else
      expect(recipient).toMatchObject({
        action: 'failed',
        status: '5.1.1',
        remoteMta: 'mx1.example.org',
        evidence: 'exchangeReport',
        diagnosticCode: expect.stringContaining('550 5.1.1'),
      });
  }
  expect(request).toMatchObject({ recipientCounts: { total: 1_000, failed: 500 } });
}

test('a thousand recipients over to, cc and bcc, of which 500 fail in one report, are logged without loss: JSON and MIME', async () => {
  const message = { subject: 'JSON', toRecipients: at(...to), ccRecipients: at(...cc), bccRecipients: at(...bcc) };
  const field = (name: string, list: string[]) => `${name}: ${list.join(',\r\n ')}\r\n`;
  const text = `${field('To', to)}${field('Cc', cc)}${field('Bcc', bcc)}Subject: MIME\r\n\r\nx`;
  const answers = [await ask(stack, json({ message })), await ask(stack, { ...mime(base64(text)), mailbox: 'alerts@contoso.com' })];
  for (const { status, headers } of answers) {
    expect(status).toBe(202);
    await expectAllLogged(locationOf(headers));
  }
  for (const subject of ['JSON', 'MIME'])
    expect((await stack.deliveries(subject)).map(({ recipients }) => recipients.length)).toEqual([1_000]);
});

test('one more than the limit is refused, and so are a thousand whose addresses no queue message holds', async () => {
  const more = await ask(stack, json(mail({ toRecipients: at(...addresses, 'one-more@example.org') })));
  expect(more).toMatchObject({
    status: 400,
    error: { code: 'ErrorInvalidRecipients', message: expect.stringContaining('the limit is 1000') },
  });
  const longest = addresses.map((address, i) => `${String(i).padStart(64, 'a')}@${address.split('@')[1]}.${'b'.repeat(243)}`);
  const long = await ask(stack, json(mail({ toRecipients: at(...longest) })));
  expect(long).toMatchObject({
    status: 413,
    error: { code: 'ErrorMessageSizeExceeded', message: expect.stringContaining('The list of recipients has') },
  });
});

test('as many long addresses as the limit of their size allows travel and are logged', async () => {
  const long = Array.from({ length: 360 }, (_, i) => `${String(i).padStart(64, 'a')}@${'b'.repeat(240)}.example.org`.slice(0, 320));
  const answer = await ask(stack, json(mail({ subject: 'Long', bccRecipients: at(...long) })));
  expect(answer.status).toBe(202);
  const request = await stack.untilStatus(locationOf(answer.headers), 'sent');
  expect(request.recipients.map(({ address }) => address)).toEqual(['bob@contoso.com', ...long]);
});
