// Attachments: small ones, upload sessions with ranges in order, and what arrives of them.
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Client, mailbox, simpleMessage, startClient } from './support/client.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client.close());
beforeEach(() => client.emulator.control.reset());

const content = Buffer.from(Array.from({ length: 250_000 }, (_one, index) => index % 251));
const draft = async () => (await client.user('POST', '/messages', simpleMessage())).json.id as string;
const open = async (id: string, size = content.length) =>
  (
    await client.user('POST', `/messages/${id}/attachments/createUploadSession`, {
      attachmentItem: { attachmentType: 'File', name: 'data.pdf', size },
    })
  ).json;
const put = (url: string, from: number, to: number, headers: Record<string, string> = {}) =>
  client.raw('PUT', url, content.subarray(from, to), { 'Content-Range': `bytes ${from}-${to - 1}/${content.length}`, ...headers });

async function sentAttachments(id: string) {
  await client.user('POST', `/messages/${id}/send`);
  await client.emulator.control.settled();
  const [record] = client.emulator.control.deliveries();
  return (await PostalMime.parse(record?.mime ?? '')).attachments;
}

test('ranges in order make the attachment that recipients get', async () => {
  const id = await draft();
  const { uploadUrl, nextExpectedRanges } = await open(id);
  expect(nextExpectedRanges).toEqual(['0-']);
  expect((await put(uploadUrl, 0, 100_000)).json.NextExpectedRanges).toEqual(['100000']);
  const last = await put(uploadUrl, 100_000, 250_000);
  expect([last.status, last.text]).toEqual([201, '']);
  const [attachment] = await sentAttachments(id);
  expect([attachment?.filename, attachment?.mimeType]).toEqual(['data.pdf', 'application/pdf']);
  expect(Buffer.from(attachment?.content as ArrayBuffer).equals(content)).toBe(true);
});

test('a range out of order is refused, and the session says where to go on', async () => {
  const { uploadUrl } = await open(await draft());
  await put(uploadUrl, 0, 1000);
  expect((await put(uploadUrl, 2000, 3000)).status).toBe(416);
  expect((await put(uploadUrl, 0, 1000)).status).toBe(416);
  expect((await client.raw('GET', uploadUrl)).json.NextExpectedRanges).toEqual(['1000']);
  expect((await put(uploadUrl, 1000, 250_000)).status).toBe(201);
});

test('an upload URL wants no token; with another token in it or after the end it is of no use', async () => {
  const id = await draft();
  const { uploadUrl } = await open(id);
  expect((await put(uploadUrl, 0, 1000, { Authorization: `Bearer ${await client.emulator.control.token()}` })).status).toBe(401);
  expect((await put(uploadUrl.replace(/authtoken=.*/, 'authtoken=x'), 0, 1000)).status).toBe(401);
  expect((await put(uploadUrl, 0, 250_000)).status).toBe(201);
  expect((await put(uploadUrl, 0, 250_000)).status).toBe(404);
});

test('a range beyond 4 MB is 413, one that does not fit its size 400', async () => {
  const { uploadUrl } = await open(await draft(), 5_000_000);
  const large = Buffer.alloc(4 * 1024 * 1024 + 1);
  expect((await client.raw('PUT', uploadUrl, large, { 'Content-Range': `bytes 0-${large.length - 1}/5000000` })).status).toBe(413);
  expect((await put(uploadUrl, 0, 1000)).status).toBe(400);
});

test('a mail beyond the size that may be sent is refused when the session is opened', async () => {
  const refused = await open(await draft(), 40 * 1024 * 1024);
  expect(refused.error.code).toBe('ErrorMessageSizeExceeded');
});

test('faults can meet a single range: before it was taken, and after', async () => {
  const { control } = client.emulator;
  const { uploadUrl } = await open(await draft());
  control.faults.set([
    { operation: 'put', mailbox, answer: { status: 503 } },
    { operation: 'put', when: 'after', answer: 'reset' },
  ]);
  expect((await put(uploadUrl, 0, 1000)).status).toBe(503);
  await expect(put(uploadUrl, 0, 1000)).rejects.toThrow();
  expect((await client.raw('GET', uploadUrl)).json.NextExpectedRanges).toEqual(['1000']);
  expect(control.faults.list().map(({ fired }) => fired)).toEqual([1, 1]);
});

test('inline images, item attachments and small files reach the recipient', async () => {
  const id = await draft();
  const add = (attachment: Record<string, unknown>) => client.user('POST', `/messages/${id}/attachments`, attachment);
  await client.user('PATCH', `/messages/${id}`, { body: { contentType: 'html', content: '<img src="cid:logo">' } });
  expect(
    (
      await add({
        '@odata.type': '#microsoft.graph.fileAttachment',
        name: 'logo.png',
        contentId: 'logo',
        isInline: true,
        contentBytes: 'iVBORw0=',
      })
    ).status,
  ).toBe(201);
  expect(
    (
      await add({
        '@odata.type': 'microsoft.graph.fileAttachment',
        name: 'a b.txt',
        contentType: 'text/plain',
        contentBytes: 'SGVsbG8gV29ybGQh',
      })
    ).status,
  ).toBe(201);
  const item = { '@odata.type': 'microsoft.graph.message', subject: 'Inner', body: { contentType: 'text', content: 'inside' } };
  expect((await add({ '@odata.type': '#microsoft.graph.itemAttachment', name: 'Inner', item })).status).toBe(201);
  const listed = (await client.user('GET', `/messages/${id}?$expand=attachments`)).json;
  expect([listed.hasAttachments, listed.attachments.length]).toEqual([true, 3]);
  const single = await client.user('GET', `/messages/${id}/attachments/${encodeURIComponent(listed.attachments[1].id)}/$value`);
  expect(single.text).toBe('Hello World!');
  const attachments = await sentAttachments(id);
  expect(attachments.map(({ filename, contentId }) => [filename, contentId])).toEqual(
    expect.arrayContaining([
      ['logo.png', '<logo>'],
      ['a b.txt', undefined],
    ]),
  );
  expect(client.emulator.control.deliveries()[0]?.mime.toString()).toMatch(/Content-Type: message\/rfc822[\s\S]*Subject: Inner/);
});
