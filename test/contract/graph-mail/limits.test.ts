// Outlook's limits: concurrent requests, requests and bytes in a window, sizes, recipients of a mail. Sending limits: sending-limits.test.ts.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Client, mailbox, simpleMessage, startClient, to } from './support/client.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client.close());
beforeEach(() => client.emulator.control.reset());

test('the fifth request at a time on a mailbox is throttled with a fractional Retry-After; other mailboxes are not', async () => {
  const { control } = client.emulator;
  control.faults.set([{ operation: 'sendMail', mailbox, answer: 'timeout', times: 4 }]);
  const controller = new AbortController();
  const token = await control.token();
  const held = Array.from({ length: 4 }, () =>
    fetch(`${client.emulator.url}/v1.0/users/${mailbox}/sendMail`, {
      method: 'POST',
      signal: controller.signal,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ message: simpleMessage() }),
    }).catch(() => 'aborted'),
  );
  while (control.faults.list()[0]?.fired !== 4) await new Promise(setImmediate);
  const fifth = await client.user('POST', '/sendMail', { message: simpleMessage() });
  expect([fifth.status, fifth.json.error.code, fifth.headers.get('retry-after')]).toEqual([429, 'ApplicationThrottled', '2.128']);
  expect((await client.graph('GET', '/users/invoices@contoso.com/messages')).status).toBe(200);
  expect(control.stats().maxConcurrency[mailbox]).toBe(5);
  controller.abort();
  expect(await Promise.all(held)).toEqual(['aborted', 'aborted', 'aborted', 'aborted']);
  let status = 429;
  while (status === 429) status = (await client.user('POST', '/sendMail', { message: simpleMessage() })).status;
  expect(status).toBe(202);
});

test('requests in a window count, throttled ones too', async () => {
  const { control } = client.emulator;
  control.clock.freeze();
  control.setSwitches({ requestLimit: { count: 3, perMilliseconds: 600_000 }, retryAfter: null });
  const statuses = [];
  for (let number = 0; number < 4; number++) statuses.push((await client.user('GET', '/messages')).status);
  expect(statuses).toEqual([200, 200, 200, 429]);
  expect((await client.user('GET', '/messages')).headers.get('retry-after')).toBeNull();
  await control.clock.advance(600_001);
  expect((await client.user('GET', '/messages')).status).toBe(200);
});

test('uploaded bytes in a window count', async () => {
  const { control } = client.emulator;
  control.clock.freeze();
  control.setSwitches({ uploadLimit: { bytes: 1000, perMilliseconds: 300_000 } });
  const large = () => client.user('POST', '/messages', simpleMessage({ body: { contentType: 'text', content: 'x'.repeat(600) } }));
  expect([(await large()).status, (await large()).json.error.message]).toEqual([201, 'Application is over its IncomingBytes limit.']);
  await control.clock.advance(300_001);
  expect((await large()).status).toBe(201);
});

test('recipients are counted over to, cc and bcc', async () => {
  client.emulator.control.setSwitches({ recipientLimit: 3 });
  const message = (...bcc: string[]) => ({ message: simpleMessage({ ccRecipients: to('bob@contoso.com'), bccRecipients: to(...bcc) }) });
  expect((await client.user('POST', '/sendMail', message('c@example.com'))).status).toBe(202);
  expect((await client.user('POST', '/sendMail', message('c@example.com', 'd@example.com'))).status).toBe(400);
});

test('attachments from 3 MB on need an upload session; a request beyond 4 MB is 413', async () => {
  const draft = (await client.user('POST', '/messages', simpleMessage())).json;
  const attach = (size: number) =>
    client.user('POST', `/messages/${draft.id}/attachments`, {
      '@odata.type': '#microsoft.graph.fileAttachment',
      name: 'a.bin',
      contentBytes: Buffer.alloc(size).toString('base64'),
    });
  expect((await attach(2_999_999)).status).toBe(201);
  const refused = await attach(3_000_000);
  expect([refused.status, refused.json.error.code]).toEqual([400, 'ErrorMessageSizeExceeded']);
  expect((await attach(3_300_000)).status).toBe(413);
});

test('as users report, a JSON mail whose HTML has a data: image above 2 MB is taken and goes out empty, if the switch says so', async () => {
  const { control } = client.emulator;
  const post = (length: number) => {
    const content = `<img src="data:image/png;base64,${'A'.repeat(length)}">`;
    return client.user('POST', '/sendMail', { message: simpleMessage({ body: { contentType: 'HTML', content } }) });
  };
  const sizes = async () => {
    await control.settled();
    return control.mails(mailbox, 'sentitems').map(({ body }) => body.content.length > 1_000_000);
  };
  expect((await post(2_200_000)).status).toBe(202);
  expect(await sizes()).toEqual([true]);
  control.reset();
  control.setSwitches({ dropsLargeDataImages: true });
  expect((await post(2_200_000)).status).toBe(202);
  expect(await sizes()).toEqual([false]);
  control.reset();
  control.setSwitches({ dropsLargeDataImages: true });
  expect((await post(2_000_000)).status).toBe(202);
  expect(await sizes()).toEqual([true]);
});
