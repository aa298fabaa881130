// Lists and their query options: what Graph takes, what it finds, and what it refuses.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, mailbox, simpleMessage, simpleMime, startClient, to } from './support/client.ts';

const mark = 'String {00020329-0000-0000-C000-000000000046} Name X-Queue-Id';
const header = 'String {00020386-0000-0000-C000-000000000046} Name x-one';
let client: Client;

beforeAll(async () => {
  client = await startClient();
  const { control } = client.emulator;
  control.clock.freeze(Date.parse('2025-03-01T10:00:00Z'));
  await control.incoming({ mailbox, mime: simpleMime(['Message-ID: <in+1@fabrikam.com>', 'X-One: 1']).join('\r\n') });
  await control.clock.advance(60_000);
  await client.user(
    'POST',
    '/messages',
    simpleMessage({
      subject: "It's A",
      internetMessageId: '<a@contoso.com>',
      singleValueExtendedProperties: [{ id: mark, value: 'Id-1' }],
    }),
  );
  await control.clock.advance(60_000);
  await client.user(
    'POST',
    '/messages',
    simpleMessage({ subject: 'B', internetMessageId: '<b@contoso.com>', importance: 'High', ccRecipients: to('bob@contoso.com') }),
  );
});
afterAll(() => client.close());

const list = (query: Record<string, string>, path = '/messages') => client.user('GET', `${path}?${new URLSearchParams(query)}`);
const subjects = async (filter: string) => (await list({ $filter: filter })).json.value.map(({ subject }: { subject: string }) => subject);
const all = ['B', "It's A", 'Invoice 4711'];

test.each([
  ["internetMessageId eq '<a@contoso.com>'", ["It's A"]],
  ["internetMessageId eq '<A@CONTOSO.com>'", ["It's A"]],
  ["internetMessageId eq '<in+1@fabrikam.com>'", ['Invoice 4711']],
  ["subject eq 'It''s A'", ["It's A"]],
  ['isDraft eq true', ['B', "It's A"]],
  ['isDraft eq false', ['Invoice 4711']],
  ['not (isDraft eq true)', ['Invoice 4711']],
  ["isDraft eq true and (subject eq 'B' or subject eq 'C')", ['B']],
  ['receivedDateTime ge 2025-03-01T10:01:00Z', ['B', "It's A"]],
  ['receivedDateTime gt 2025-03-01T10:01:00Z', ['B']],
  ['createdDateTime le 2025-03-01T10:00:00Z', ['Invoice 4711']],
  ['lastModifiedDateTime lt 2025-03-01T10:01:00Z', ['Invoice 4711']],
  ["startswith(subject,'it')", ["It's A"]],
  ["startswith(subject,'it') eq true", ["It's A"]],
  ["contains(subject,'4711')", ['Invoice 4711']],
  ["importance eq 'high'", ['B']],
  ["from/emailAddress/address eq 'SENDER@contoso.com'", all],
  [`singleValueExtendedProperties/any(ep: ep/id eq '${mark}' and ep/value eq 'id-1')`, ["It's A"]],
  [`singleValueExtendedProperties/Any(x: x/id eq '${mark}' and startswith(x/value,'ID'))`, ["It's A"]],
  [`singleValueExtendedProperties/any(ep: ep/id eq '${mark}' and contains(ep/value,'-1'))`, ["It's A"]],
  [`singleValueExtendedProperties/any(ep: ep/id eq '${mark.replace('X-Queue-Id', 'x-queue-id')}' and ep/value eq 'Id-1')`, []],
  [`singleValueExtendedProperties/any(ep: ep/id eq '${header}' and ep/value eq '1')`, ['Invoice 4711']],
  ["singleValueExtendedProperties/any(ep: ep/id eq 'String 0x001A' and ep/value eq 'IPM.Note')", all],
  ["singleValueExtendedProperties/any(ep: ep/id eq 'string 0x1a' and startswith(ep/value,'REPORT.'))", []],
])('$filter=%s', async (filter, expected) => {
  expect(await subjects(filter)).toEqual(expected);
});

test.each([
  [`singleValueExtendedProperties/any(ep: ep/id eq '${mark}')`, 'ErrorInvalidUrlQueryFilter'],
  ["singleValueExtendedProperties/any(ep: ep/value eq 'x')", 'ErrorInvalidUrlQueryFilter'],
  ["nonsense eq 'x'", 'BadRequest'],
  ["subject eq 'x", 'BadRequest'],
  ['subject eq', 'BadRequest'],
  ["(subject eq 'x'", 'BadRequest'],
  ["receivedDateTime ge 'yesterday'", 'BadRequest'],
])('$filter=%s is refused', async (filter, code) => {
  const answer = await list({ $filter: filter });
  expect([answer.status, answer.json.error.code]).toEqual([400, code]);
});

test('a plus sign that is not percent-encoded is a blank, so that such a Message-ID is not found', async () => {
  const found = await client.user('GET', `/messages?$filter=internetMessageId%20eq%20'%3Cin+1@fabrikam.com%3E'`);
  expect(found.json.value).toEqual([]);
});

test('a filter with an order that it does not begin with is too complex', async () => {
  const refused = await list({ $filter: 'isDraft eq true', $orderby: 'receivedDateTime desc' });
  expect([refused.status, refused.json.error.code]).toEqual([400, 'InefficientFilter']);
  const marked = await list({
    $filter: `singleValueExtendedProperties/any(ep: ep/id eq '${mark}' and ep/value eq 'a')`,
    $orderby: 'receivedDateTime',
  });
  expect(marked.json.error.code).toBe('InefficientFilter');
  const fine = await list({ $filter: 'receivedDateTime ge 2020-01-01T00:00:00Z and isDraft eq true', $orderby: 'receivedDateTime asc' });
  expect(fine.json.value.map(({ subject }: { subject: string }) => subject)).toEqual(["It's A", 'B']);
});

test('$select, $top, $skip, $count and next links; newest first without an order', async () => {
  const answer = await list({ $select: 'subject', $top: '2', $count: 'true' });
  expect(answer.json['@odata.count']).toBe(3);
  expect(Object.keys(answer.json.value[0]).sort()).toEqual(['@odata.etag', 'id', 'subject']);
  const next = await client.graph('GET', answer.json['@odata.nextLink'].split('/v1.0')[1]);
  expect([...answer.json.value, ...next.json.value].map(({ subject }: { subject: string }) => subject)).toEqual(all);
  expect(next.json['@odata.nextLink']).toBeUndefined();
  expect((await list({ $skip: '2', $select: 'subject' })).json.value).toHaveLength(1);
  expect((await client.user('GET', '/messages/$count')).text).toBe('3');
});

test.each(['$select=nothing', '$orderby=nothing', '$top=0', '$top=1001', '$top=x', '$expand=nothing', '$apply=x'])(
  '?%s is refused',
  async (query) => {
    expect((await client.user('GET', `/messages?${query}`)).status).toBe(400);
  },
);

test('lists of folders by well-known name in any case, and by id; an unknown folder is 404, a malformed one 400', async () => {
  expect((await list({}, '/mailFolders/DRAFTS/messages')).json.value).toHaveLength(2);
  const folder = (await client.user('GET', '/mailFolders/drafts')).json;
  expect([folder.displayName, folder.totalItemCount]).toEqual(['Drafts', 2]);
  expect((await list({}, `/mailFolders/${encodeURIComponent(folder.id)}/messages`)).json.value).toHaveLength(2);
  expect((await list({}, `/mailFolders/${'A'.repeat(60)}/messages`)).json.error.code).toBe('ErrorFolderNotFound');
  expect((await list({}, '/mailFolders/nowhere/messages')).json.error.code).toBe('ErrorInvalidIdMalformed');
});

test('$expand of an extended property returns it with its id normalised, and none for "or"', async () => {
  const expand = (filter: string) => list({ $filter: "subject eq 'It''s A'", $expand: `singleValueExtendedProperties($filter=${filter})` });
  const one = await expand(`id eq '${mark}'`);
  expect(one.json.value[0].singleValueExtendedProperties).toEqual([
    { id: 'String {00020329-0000-0000-c000-000000000046} Name X-Queue-Id', value: 'Id-1' },
  ]);
  expect((await expand("id eq 'String 0x001A'")).json.value[0].singleValueExtendedProperties).toEqual([
    { id: 'String 0x1a', value: 'IPM.Note' },
  ]);
  expect((await expand("id eq 'String 0x001A' or id eq 'Integer 0x0E07'")).json.value[0].singleValueExtendedProperties).toBeUndefined();
  client.emulator.control.setSwitches({ expandWithOr: 'all' });
  expect((await expand("id eq 'String 0x001A' or id eq 'Integer 0x0E07'")).json.value[0].singleValueExtendedProperties).toHaveLength(2);
});

test('a filter does not return the property that it matched', async () => {
  const found = await list({ $filter: `singleValueExtendedProperties/any(ep: ep/id eq '${mark}' and ep/value eq 'Id-1')` });
  expect(found.json.value[0].singleValueExtendedProperties).toBeUndefined();
});

test('a mailbox is found by any of its names, in any case', async () => {
  const { control } = client.emulator;
  control.putMailbox({ address: mailbox, aliases: ['billing@contoso.com'] });
  for (const name of ['SENDER@contoso.com', 'billing@CONTOSO.com', control.mailbox(mailbox).objectId]) {
    expect((await client.graph('GET', `/users/${name}/messages`)).json.value).toHaveLength(3);
    expect((await client.graph('GET', `/Users('${name}')/Messages`)).json.value).toHaveLength(3);
  }
});
