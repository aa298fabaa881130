// Delta queries: pages, rounds, removals, tokens that expire.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Client, mailbox, simpleMessage, simpleMime, startClient } from './support/client.ts';

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client.close());
beforeEach(() => client.emulator.control.reset());

const start = '/mailFolders/sentitems/messages/delta';

/** Follows a round to its end. */
async function round(path: string, headers: Record<string, string> = {}) {
  const value: Record<string, unknown>[] = [];
  let answer = await client.graph(
    'GET',
    path.startsWith('/mailFolders') ? `/users/${mailbox}${path}` : (path.split('/v1.0')[1] ?? ''),
    undefined,
    headers,
  );
  for (;;) {
    if (answer.status !== 200) return { answer, value, deltaLink: '' };
    value.push(...answer.json.value);
    if (answer.json['@odata.deltaLink'] !== undefined) return { answer, value, deltaLink: answer.json['@odata.deltaLink'] as string };
    answer = await client.graph('GET', answer.json['@odata.nextLink'].split('/v1.0')[1], undefined, headers);
  }
}

const send = async (internetMessageId: string) => {
  await client.user('POST', '/sendMail', { message: simpleMessage({ internetMessageId }) });
  await client.emulator.control.settled();
};

test('a new round brings only what came since, with the selection of the first', async () => {
  await send('<1@contoso.com>');
  const first = await round(`${start}?$select=internetMessageId`);
  expect(first.value.map((one) => one['internetMessageId'])).toEqual(['<1@contoso.com>']);
  await send('<2@contoso.com>');
  const second = await round(first.deltaLink);
  expect(second.value.map((one) => [one['internetMessageId'], one['subject']])).toEqual([['<2@contoso.com>', undefined]]);
  expect((await round(second.deltaLink)).value).toEqual([]);
});

test('an item that leaves the folder is removed under the id by which it was known', async () => {
  await send('<1@contoso.com>');
  for (const headers of [{}, { Prefer: 'IdType="ImmutableId"' }]) {
    const first = await round(start, headers);
    const known = first.value.at(-1)?.['id'];
    const item = client.emulator.control.mails(mailbox, 'sentitems')[0];
    await client.user('POST', `/messages/${item?.id}/move`, { destinationId: 'archive' });
    expect((await round(first.deltaLink, headers)).value).toEqual([
      expect.objectContaining({ id: known, '@removed': { reason: 'changed' } }),
    ]);
    const back = client.emulator.control.mails(mailbox, 'archive')[0];
    await client.user('POST', `/messages/${back?.id}/move`, { destinationId: 'sentitems' });
  }
});

test('an expired token is 410 SyncStateNotFound, a broken one 400', async () => {
  const { deltaLink } = await round(start);
  client.emulator.control.expireDeltaTokens();
  const { answer } = await round(deltaLink);
  expect([answer.status, answer.json.error.code]).toEqual([410, 'SyncStateNotFound']);
  expect((await round(`${start}?$deltatoken=nonsense`)).answer.status).toBe(400);
});

test('a round bounded by receivedDateTime does not read what is older; other filters are refused', async () => {
  const { control } = client.emulator;
  control.seed(mailbox, 'sentitems', 500);
  const since = new Date(control.clock.now() - 10.5 * 60_000).toISOString();
  const bounded = await round(`${start}?$filter=${encodeURIComponent(`receivedDateTime ge ${since}`)}`, { Prefer: 'odata.maxpagesize=50' });
  expect(bounded.value).toHaveLength(10);
  expect((await round(`${start}?$filter=isRead%20eq%20true`)).answer.status).toBe(400);
  expect((await client.user('GET', '/messages/delta')).status).toBe(400);
});

test('extended properties can be expanded in a delta query', async () => {
  const id = 'String {00020329-0000-0000-c000-000000000046} Name X-Queue-Id';
  await client.user('POST', '/sendMail', { message: simpleMessage({ singleValueExtendedProperties: [{ id, value: 'q1' }] }) });
  await client.emulator.control.settled();
  const { value } = await round(`${start}?$expand=${encodeURIComponent(`singleValueExtendedProperties($filter=id eq '${id}')`)}`);
  expect(value[0]?.['singleValueExtendedProperties']).toEqual([{ id, value: 'q1' }]);
});

test('an incoming mail appears in a round over the Inbox', async () => {
  const first = await round('/mailFolders/inbox/messages/delta');
  await client.emulator.control.incoming({ mailbox, mime: simpleMime().join('\n') });
  expect((await round(first.deltaLink)).value.map((one) => one['subject'])).toEqual(['Invoice 4711']);
});
