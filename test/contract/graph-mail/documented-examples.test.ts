// Replays the examples of Microsoft's documentation; if one differs, the README says why.
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Client, mailbox, simpleMime, startClient, to } from './support/client.ts';
import { type DocumentedExample, documentedExamples } from './support/documented-examples.ts';
import { tableRows } from './support/readme.ts';

interface Vector {
  n: number;
  request: { method: string; url: string; headers: Record<string, string>; body?: string | null };
  responses?: { status: number; headers: Record<string, string>; body?: string | null }[];
}

const file = new URL('../../../../shared/facts/graph-doc-vectors.json', import.meta.url);
const vectors = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Vector[]) : [];
if (vectors.length === 0) console.warn('graph-doc-vectors.json is not here: the documented examples are not replayed');

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(() => client.close());
beforeEach(() => client.emulator.control.reset());

const property = 'String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Color';

/** Puts what the examples take for granted into the mailbox, and their placeholders in its terms. */
async function prepare({ n, request }: Vector): Promise<string> {
  const { control } = client.emulator;
  const received = await control.incoming({ mailbox, mime: simpleMime(['Message-ID: <q@fabrikam.com>', 'x-one: 1']).join('\r\n') });
  const draft = await client.user('POST', '/messages', {
    subject: 'd',
    toRecipients: to('alice@contoso.com'),
    singleValueExtendedProperties: [{ id: property, value: 'Green' }],
  });
  if (n === 42) control.putMailbox({ address: mailbox, sendOnBehalf: ['AllanD@contoso.com'] });
  const onDraft = [20, 21, 29, 30, 31, 38, 39, 44].includes(n);
  const id = encodeURIComponent(onDraft ? draft.json.id : received.id);
  return request.url
    .replace(/^https:\/\/graph\.microsoft\.com/, '')
    .replace(/^\/v1\.0/, '')
    .replace(/^\/(users\/)?me\b/, `/users/${mailbox}`)
    .replace(/messages\/(AAMk[^/?]*|\{id\}|4aade[^/?]*)/, `messages/${id}`)
    .replace(/mailfolders\/(\{id\}|AQMk[^/]*)/i, 'mailFolders/inbox');
}

async function replay(vector: Vector) {
  const path = await prepare(vector);
  const headers = Object.fromEntries(Object.entries(vector.request.headers).filter(([name]) => !/^content-(length|type)$/i.test(name)));
  const type = Object.entries(vector.request.headers).find(([name]) => /^content-type$/i.test(name))?.[1];
  const body = vector.request.body ?? undefined;
  return client.graph(vector.request.method, path, body, {
    ...headers,
    ...(body === undefined ? {} : { 'Content-Type': type ?? 'application/json' }),
  });
}

const names = (value: unknown): string[] => (typeof value === 'object' && value !== null ? Object.keys(value) : []);
const first = (json: { value?: unknown[] }) => (Array.isArray(json.value) ? json.value[0] : undefined);

function judge(example: DocumentedExample, vector: Vector, answer: Awaited<ReturnType<typeof replay>>): void {
  expect([answer.status, answer.json?.error?.code]).toEqual([example.status, example.code]);
  const documented = vector.responses?.find(({ status }) => status === example.status);
  if (documented?.body === undefined || documented.body === null || answer.json === undefined) return;
  const expected = JSON.parse(documented.body);
  if (example.code !== undefined) {
    if (expected.error.code === example.code) expect(answer.json.error.message).toBe(expected.error.message);
    return;
  }
  const missing = [
    ...names(expected).filter((name) => !names(answer.json).includes(name)),
    ...names(first(expected)).filter((name) => !names(first(answer.json)).includes(name)),
  ];
  expect(missing.filter((name) => !example.lacks?.includes(name))).toEqual([]);
}

const sequences = [46, 48, 51, 52, 54, 55, 56, 57];

describe.skipIf(vectors.length === 0)('examples of the documentation', () => {
  test.each(documentedExamples.filter(({ n }) => !sequences.includes(n)))('$n: $call: $verdict', async (example) => {
    const vector = vectors.find(({ n }) => n === example.n) as Vector;
    judge(example, vector, await replay(vector));
  });

  test('46, 48, 52: ranges are uploaded in order, and a session can be cancelled', async () => {
    const draft = (await client.user('POST', '/messages', { subject: 'd' })).json;
    const open = () =>
      client.user('POST', `/messages/${draft.id}/attachments/createUploadSession`, {
        AttachmentItem: { attachmentType: 'file', name: 'flower', size: 3483322 },
      });
    const { uploadUrl } = (await open()).json;
    const put = (size: number, range: string) =>
      client.raw('PUT', uploadUrl, Buffer.alloc(size), { 'Content-Type': 'application/octet-stream', 'Content-Range': range });
    const firstRange = await put(2097152, 'bytes 0-2097151/3483322');
    expect([firstRange.status, firstRange.json.NextExpectedRanges]).toEqual([200, ['2097152']]);
    const last = await put(1386170, 'bytes 2097152-3483321/3483322');
    expect([last.status, last.text]).toEqual([201, '']);
    expect(last.headers.get('location')).toMatch(/\/Attachments\('/);
    expect((await client.raw('DELETE', (await open()).json.uploadUrl)).status).toBe(204);
  });

  test('54 to 57: five messages in pages of two, then a round with a removed and a changed one', async () => {
    const { control } = client.emulator;
    const items = [];
    for (let number = 0; number < 5; number++) items.push(await control.incoming({ mailbox, mime: simpleMime().join('\r\n') }));
    const headers = { Prefer: 'odata.maxpagesize=2' };
    const shown: number[] = [];
    let answer = await client.user('GET', '/mailFolders/inbox/messages/delta?$select=subject,sender,isRead', undefined, headers);
    for (shown.push(answer.json.value.length); answer.json['@odata.nextLink']; shown.push(answer.json.value.length)) {
      judge(documentedExamples.find(({ n }) => n === 54) as DocumentedExample, vectors.find(({ n }) => n === 54) as Vector, answer);
      answer = await client.graph('GET', answer.json['@odata.nextLink'].split('/v1.0')[1], undefined, headers);
    }
    expect(shown).toEqual([2, 2, 1]);
    expect(answer.headers.get('preference-applied')).toBe('odata.maxpagesize=2');
    await client.user('DELETE', `/messages/${items[0]?.id}`);
    await client.user('PATCH', `/messages/${items[1]?.id}`, { isRead: true });
    const next = await client.graph('GET', answer.json['@odata.deltaLink'].split('/v1.0')[1], undefined, headers);
    expect(next.json.value).toEqual([
      expect.objectContaining({ '@removed': { reason: 'changed' }, id: expect.any(String) }),
      expect.objectContaining({ id: items[1]?.id, isRead: true }),
    ]);
  });
});

test('the README lists every documented example with its verdict', () => {
  const rows = tableRows('Documented examples');
  expect(rows).toEqual(
    [...documentedExamples].sort((a, b) => a.n - b.n).map(({ n, call, status, verdict }) => [String(n), call, String(status), verdict]),
  );
});
