// What each client's own repeats look like on the wire, and that they make no second mail and lose none. The headers are those that
// the clients were seen to send: msgraph-sdk for Python and @microsoft/kiota-http-fetchlibrary (Retry-Attempt alone), Java 5 and 6
// (okhttp adds a header line with each repeat, which arrive joined), Java 6 (one client-request-id per client object),
// Microsoft.Graph for .NET 4.54 (Retry-Attempt alone) and 5.92 and later (a client-request-id per call).
import { beforeEach, describe, expect, test } from 'vitest';
import { mailHandler } from '../../../shared/adapters/http/mail-handler.ts';
import { enqueueSendRequest } from '../../../shared/usecases/accept/enqueue-send-request.ts';
import { Stage } from '../usecases/stage.ts';
import { ask, json, MAIL, mailHttp } from './http.ts';

const MAILBOX = 'sender@contoso.com';

interface Client {
  /** Headers of attempt `n` (0: the first) of the call-th call of this client object. */
  headers: (n: number, call: number) => Record<string, string>;
}

const retry = (n: number, text = String(n)): Record<string, string> => (n === 0 ? {} : { 'Retry-Attempt': text });
const joined = (n: number): string => Array.from({ length: n }, (_, index) => index + 1).join(', ');

const CLIENTS: [string, Client][] = [
  ['Python msgraph-sdk, kiota for TypeScript, .NET 4.54', { headers: (n) => retry(n) }],
  ['Java 5', { headers: (n) => retry(n, joined(n)) }],
  ['Java 6', { headers: (n) => ({ ...retry(n, joined(n)), 'client-request-id': 'one-per-client-object' }) }],
  ['.NET 5 and 6', { headers: (n, call) => ({ ...retry(n), 'client-request-id': `call-${call}` }) }],
];

let stage: Stage;
let post: (headers: Record<string, string>) => Promise<{ status: number; id: string; repeatOf: string | undefined }>;

beforeEach(() => {
  stage = new Stage();
  const { dependencies } = mailHttp('sendMail', undefined, {
    enqueue: (command) => enqueueSendRequest(stage.context, command),
    rememberRefused: (attempt) => stage.refusedAttempts.remember(attempt),
  });
  const handler = mailHandler('sendMail', dependencies);
  post = async (headers) => {
    const answer = await ask(handler, { ...json(MAIL, headers), mailbox: MAILBOX });
    return { status: answer.status, id: String(answer.body['id']), repeatOf: answer.headers['repeat-of'] };
  };
});

const mails = async (): Promise<number> => {
  await stage.deliverAll();
  return stage.graph.submissions.length;
};

const refuseNext = () => stage.queue.answerNext({ kind: 'notEnqueued', reason: 'busy' }, false);

describe.each(CLIENTS)('%s', (_, { headers }) => {
  test.each([1, 2, 3])('loses %i of our answers in a row: one mail, and each repeat says of which request it is', async (lost) => {
    const first = await post(headers(0, 1));
    for (let n = 1; n <= lost; n++) expect(await post(headers(n, 1))).toEqual({ status: 202, id: first.id, repeatOf: first.id });
    expect(await mails()).toBe(1);
  });

  test('gets our 503, and repeats: one mail', async () => {
    refuseNext();
    expect((await post(headers(0, 1))).status).toBe(503);
    expect((await post(headers(1, 1))).repeatOf).toBeUndefined();
    expect((await post(headers(2, 1))).repeatOf).toBeDefined();
    expect(await mails()).toBe(1);
  });

  test('sends the same alert twice: the second is refused first, and its repeat is not answered with the first', async () => {
    const first = await post(headers(0, 1));
    refuseNext();
    expect((await post(headers(0, 2))).status).toBe(503);
    const second = await post(headers(1, 2));
    expect(second.id).not.toBe(first.id);
    expect(await mails()).toBe(2);
  });

  test('sends the same alert twice, and loses an answer of each: two mails', async () => {
    const ids = [await post(headers(0, 1)), await post(headers(1, 1)), await post(headers(0, 2)), await post(headers(1, 2))];
    expect(new Set(ids.map(({ id }) => id)).size).toBe(2);
    expect(await mails()).toBe(2);
  });
});

describe('a client that marks no repeat (Polly, AddStandardResilienceHandler)', () => {
  test('sends a mail with each, unless it sets a key', async () => {
    await post({});
    await post({});
    expect(await mails()).toBe(2);
    await post({ 'Idempotency-Key': '"invoice-4711"' });
    await post({ 'Idempotency-Key': '"invoice-4711"' });
    expect(await mails()).toBe(3);
  });
});

describe('Retry-Attempt', () => {
  test.each(['1', ' 1 ', '1, 2', '2, 1', '1,2,3', '1,', ', 1', '1,,2', '999'])('of "%s" marks a repeat', async (text) => {
    const first = await post({});
    expect((await post({ 'Retry-Attempt': text })).repeatOf).toBe(first.id);
  });

  test.each(['0', 'x', '', ',', '+1', '01', '1;q=1', '"1"', '-1', '1.5', '1, x', '1000'])('of "%s" says nothing', async (text) => {
    const first = await post({});
    expect((await post({ 'Retry-Attempt': text })).id).not.toBe(first.id);
  });
});
