// Faults: before or after the mail was taken, every way in which an answer can fail, and effects on the mail afterwards.
import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { namedAnswers } from '../../emulators/graph-mail/faults/named-answers.ts';
import { type Client, simpleMessage, startClient, to } from './support/client.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient({ control: true });
});
afterAll(() => client.close());
beforeEach(() => client.emulator.control.reset());

const send = (headers: Record<string, string> = {}) => client.user('POST', '/sendMail', { message: simpleMessage() }, headers);
/** Without fetch, which repeats a request after 421 and reads no body of a 304. */
const fetchRaw = (url: string, method: string, token: string) =>
  new Promise<{ status: number | undefined; location: string | undefined; contentType: string; text: string }>((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const call = request(url, { method, headers }, async (response) => {
      let text = '';
      for await (const chunk of response) text += String(chunk);
      const { location, 'content-type': contentType = '' } = response.headers;
      resolve({ status: response.statusCode, location, contentType, text });
    });
    call.on('error', reject);
    call.end(method === 'GET' || method === 'DELETE' ? undefined : '{}');
  });
const transported = async () => {
  await client.emulator.control.settled();
  return client.emulator.control.deliveries().length;
};
const fired = () => client.emulator.control.faults.list().map((fault) => fault.fired);

test.each([429, 500, 502, 503, 504])('status %i before the mail was taken: nothing is sent; after: it is', async (status) => {
  const { faults } = client.emulator.control;
  faults.set([{ operation: 'sendMail', when: 'before', answer: { status } }]);
  expect((await send()).status).toBe(status);
  expect(await transported()).toBe(0);
  faults.set([{ operation: 'sendMail', when: 'after', answer: { status, retryAfter: 1.5 } }]);
  const answer = await send();
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, '1.5']);
  expect(await transported()).toBe(1);
  expect(fired()).toEqual([1]);
});

test.each(['reset', 'cutOff', 'timeout'])('%s leaves the client without an answer, whether or not the mail was taken', async (answer) => {
  const token = await client.emulator.control.token();
  for (const [when, expected] of [
    ['before', 0],
    ['after', 1],
  ] as const) {
    client.emulator.control.faults.set([{ operation: 'sendMail', when, answer }]);
    const controller = new AbortController();
    const pending = fetch(`${client.emulator.url}/v1.0/users/sender@contoso.com/sendMail`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ message: simpleMessage() }),
      signal: controller.signal,
    });
    const outcome = pending.then(
      () => 'answered',
      () => 'failed',
    );
    if (answer === 'timeout') {
      while (fired()[0] === 0) await new Promise(setImmediate);
      controller.abort();
    }
    expect(await outcome).toBe('failed');
    expect(await transported()).toBe(expected);
    expect(fired()).toEqual([1]);
  }
});

test('202 with Retry-After is a mail that was taken; 200 can be one that was not', async () => {
  const { faults } = client.emulator.control;
  faults.set([
    { operation: 'sendMail', when: 'after', answer: { status: 202, retryAfter: 7 } },
    { operation: 'sendMail', when: 'before', answer: { status: 200 } },
  ]);
  const first = await send();
  expect([first.status, first.headers.get('retry-after'), await transported()]).toEqual([202, '7', 1]);
  expect([(await send()).status, await transported()]).toEqual([200, 1]);
});

test('a fault fires as often as it says, after as many as it skips, for its mailbox and operation only', async () => {
  client.emulator.control.faults.set([
    { operation: 'sendMail', mailbox: 'Sender@contoso.com', skip: 1, times: 2, answer: { status: 503 } },
  ]);
  const statuses: number[] = [];
  for (let number = 0; number < 5; number++) statuses.push((await send()).status);
  expect(statuses).toEqual([202, 503, 503, 202, 202]);
  const other = await client.graph('POST', '/users/invoices@contoso.com/sendMail', { message: simpleMessage() });
  expect(other.status).toBe(202);
});

test('faults with a probability fall the same way for the same seed', async () => {
  const runs: number[][] = [];
  for (let run = 0; run < 2; run++) {
    client.emulator.control.faults.set([{ operation: 'sendMail', probability: 0.5, seed: 42, times: null, answer: { status: 500 } }]);
    const statuses: number[] = [];
    for (let number = 0; number < 12; number++) statuses.push((await send()).status);
    runs.push(statuses);
  }
  expect(runs[0]).toEqual(runs[1]);
  expect(new Set(runs[0])).toEqual(new Set([202, 500]));
});

test('a fault that is to act afterwards does not fire on a request that was refused anyway', async () => {
  client.emulator.control.faults.set([{ operation: 'sendMail', when: 'after', answer: 'reset' }]);
  const refused = await client.user('POST', '/sendMail', { message: simpleMessage({ toRecipients: to() }) });
  expect([refused.status, refused.json.error.code]).toEqual([400, 'ErrorInvalidRecipients']);
  expect(fired()).toEqual([0]);
});

test('effects: late, moved, staying and missing copies, rewritten ids, dropped marks', async () => {
  const { control } = client.emulator;
  const mark = { id: 'String {00020329-0000-0000-C000-000000000046} Name X-Mark', value: 'm1' };
  const marked = {
    internetMessageId: '<own@contoso.com>',
    internetMessageHeaders: [{ name: 'x-mark', value: 'm1' }],
    singleValueExtendedProperties: [mark],
  };
  const sendWith = async (effects: Record<string, unknown>) => {
    control.reset();
    control.faults.set([{ operation: 'sendMail', effects }]);
    expect((await client.user('POST', '/sendMail', { message: simpleMessage(marked) })).status).toBe(202);
    await control.settled();
    expect(fired()).toEqual([1]);
    return { sent: control.mails('sender@contoso.com', 'sentitems')[0], record: control.deliveries()[0] };
  };
  expect((await sendWith({})).record?.marks).toEqual({
    properties: { [mark.id.toLowerCase().replace('string', 'String').replace('name x-mark', 'Name X-Mark')]: 'm1' },
    headers: { 'x-mark': 'm1' },
  });
  const rewritten = await sendWith({ rewriteMessageIds: true });
  expect(rewritten.sent?.internetMessageId).not.toBe('<own@contoso.com>');
  expect(rewritten.record?.mime.toString()).toContain(`Message-ID: ${rewritten.sent?.internetMessageId}`);
  expect((await sendWith({ dropHeaders: true })).record?.mime.toString()).not.toMatch(/x-mark/i);
  expect((await sendWith({ dropExtendedProperties: true })).sent?.extendedProperties.size).toBe(0);
  expect((await sendWith({ copyRemoved: true })).sent).toBeUndefined();
  for (const folder of ['drafts', 'outbox']) {
    expect((await sendWith({ copyStaysIn: folder })).record).toBeDefined();
    expect(control.mails('sender@contoso.com', folder)).toHaveLength(1);
  }
  await sendWith({ copyMovedTo: 'Projects' });
  expect(control.mails('sender@contoso.com', 'Projects')).toHaveLength(1);
  expect((await sendWith({ neverPickedUp: true })).record).toBeUndefined();
  expect(control.mails('sender@contoso.com', 'drafts')).toHaveLength(1);
});

/** One call of each kind; ids of nothing, since the fault answers before they are looked at. */
const everyCall: [operation: string, method: string, path: string][] = [
  ['sendMail', 'POST', '/sendMail'],
  ['createDraft', 'POST', '/messages'],
  ['send', 'POST', '/messages/x/send'],
  ['update', 'PATCH', '/messages/x'],
  ['attachment', 'POST', '/messages/x/attachments'],
  ['uploadSession', 'POST', '/messages/x/attachments/createUploadSession'],
  ['get', 'GET', '/messages/x'],
  ['getMime', 'GET', '/messages/x/$value'],
  ['list', 'GET', '/messages'],
  ['delta', 'GET', '/mailFolders/sentitems/messages/delta'],
  ['delete', 'DELETE', '/messages/x'],
];

test.each(everyCall)('%s can be answered by a gateway: misdirected, moved, in HTML, empty', async (operation, method, path) => {
  const { faults } = client.emulator.control;
  const token = await client.emulator.control.token();
  for (const [name, { status, headers = {}, body }] of Object.entries(namedAnswers)) {
    faults.set([{ operation, answer: name }]);
    const answer = await fetchRaw(`${client.emulator.url}/v1.0/users/sender@contoso.com${path}`, method, token);
    expect([name, answer.status, answer.location, answer.text]).toEqual([name, status, headers['Location'], body]);
    expect(answer.contentType).toContain(headers['Content-Type'] ?? '');
    expect(fired()).toEqual([1]);
  }
  expect(await transported()).toBe(0);
});

test('a gateway can also hide a mail that was taken', async () => {
  client.emulator.control.faults.set([{ operation: 'sendMail', when: 'after', answer: 'gatewayHtml404' }]);
  expect((await send()).status).toBe(404);
  expect(await transported()).toBe(1);
});

test('a misspelt fault is refused by the control API', async () => {
  const answer = await client.raw(
    'PUT',
    `${client.emulator.controlUrl}/faults`,
    JSON.stringify([{ operation: 'sendMail', answers: 'reset' }]),
    { 'Content-Type': 'application/json' },
  );
  expect([answer.status, answer.json.error.message]).toEqual([400, expect.stringContaining("'answers'")]);
});
