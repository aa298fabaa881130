// Each refusal of sendMail over real sockets: status, code and message in Graph's envelope; nothing queued, nothing stored.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rawRequest } from '../contract/functions-host/raw-request.ts';
import { type RunningStack, startRunningStack, WHEN_TOLD } from '../support/running-stack.ts';
import { ask, at, base64, expectEnvelope, json, mail, mime, NOTHING, type Request, traces } from './http-api-calls.ts';

let stack: RunningStack;

beforeAll(async () => {
  // The reconciler rests: what it writes is no trace of a refused request.
  stack = await startRunningStack({ settings: { RECONCILE_SCHEDULE: WHEN_TOLD, MAXIMUM_MESSAGE_SIZE: '5000000' } });
});
afterAll(() => stack.close());

const TO = 'To: bob@contoso.com';
const message = (...lines: string[]): Request => mime(base64([TO, ...lines].join('\r\n')));
const many = Array.from({ length: 501 }, (_, i) => `person-${i}@example.com`);
const long = many.slice(0, 500).map((address) => `${'a'.repeat(50)}${address}.${'b'.repeat(240)}`.slice(0, 320));
const headers = (count: number, name: string) =>
  mail({ internetMessageHeaders: Array.from({ length: count }, () => ({ name, value: 'v' })) });
const large = 'a'.repeat(5_000_000);

type Row = [row: string, request: Request, status: number, code: string, words: string];

const ROWS: Row[] = [
  [
    'MIME that is not base64',
    mime('From: a@contoso.com'),
    400,
    'ErrorMimeContentInvalidBase64String',
    'Invalid base64 string for MIME content.',
  ],
  ['MIME with a missing pad', mime('Zm9vYg'), 400, 'ErrorMimeContentInvalidBase64String', 'Invalid base64 string for MIME content.'],
  ['MIME in the URL-safe alphabet', mime('Zm-_'), 400, 'ErrorMimeContentInvalidBase64String', 'Invalid base64 string for MIME content.'],
  ['empty MIME', mime(''), 400, 'ErrorMimeContentInvalidBase64String', 'Invalid base64 string for MIME content.'],
  ['MIME that is no message', mime(base64('Hello')), 400, 'ErrorMimeContentInvalid', 'Invalid MIME content.'],
  ['MIME without recipients', mime(base64('Subject: x\r\n\r\n')), 400, 'ErrorInvalidRecipients', 'contains no recipients'],
  [
    'MIME to what is no address',
    mime(base64('To: Ada\r\n\r\n')),
    400,
    'ErrorInvalidRecipients',
    "The header field To cannot be read: 'Ada' is not an address",
  ],
  [
    'MIME to too many',
    mime(base64(`To: ${many.join(',\r\n ')}\r\n\r\n`)),
    400,
    'ErrorInvalidRecipients',
    '501 recipients over to, cc and bcc; the limit is 500',
  ],
  ['MIME with deferred delivery', message('Deferred-Delivery: Tue, 1 Sep 2026 08:00:00 +0000'), 400, 'ErrorInvalidParameter', 'Send-At'],
  ['MIME beyond the size', message('', large), 413, 'ErrorMessageSizeExceeded', 'more than the limit of 5000000 bytes'],
  ['empty JSON', json(''), 400, 'RequestBodyRead', 'has no body'],
  ['JSON that does not parse', json('{"message":{'), 400, 'RequestBodyRead', 'not valid JSON'],
  ['JSON that is no object', json('[]'), 400, 'RequestBodyRead', 'not a JSON object'],
  [
    'an unknown property',
    json(mail({ body: { text: 'x' } })),
    400,
    'RequestBodyRead',
    "'message.body.text' does not exist on type 'microsoft.graph.itemBody'",
  ],
  ['a read-only property', json(mail({ webLink: 'x' })), 400, 'RequestBodyRead', "'message.webLink' is read-only"],
  ['an unknown parameter', json({ ...mail(), comment: 'x' }), 400, 'RequestBodyRead', "'comment'"],
  ['a wrong type', json(mail({ toRecipients: 'bob@contoso.com' })), 400, 'RequestBodyRead', "'message.toRecipients'"],
  ['no message', json({ subject: 'x' }), 400, 'ErrorInvalidParameter', "The value of the parameter 'Message' is empty."],
  ['no recipient', json(mail({ toRecipients: [] })), 400, 'ErrorInvalidRecipients', 'contains no recipients'],
  [
    'an address that cannot be one',
    json(mail({ ccRecipients: at('nobody') })),
    400,
    'ErrorInvalidRecipients',
    'Recipient "nobody" isn\'t resolved',
  ],
  [
    'too many recipients',
    json(mail({ bccRecipients: at(...many.slice(1)) })),
    400,
    'ErrorInvalidRecipients',
    '501 recipients over to, cc and bcc; the limit is 500',
  ],
  [
    'recipients that no queue message holds',
    json(mail({ toRecipients: at(...long) })),
    413,
    'ErrorMessageSizeExceeded',
    'The list of recipients has',
  ],
  ['six custom headers', json(headers(6, 'x-a')), 400, 'InvalidInternetMessageHeaderCollection', 'less than or equal to 5'],
  [
    'a header that is not custom',
    json(headers(1, 'Return-Path')),
    400,
    'InvalidInternetMessageHeader',
    "'Return-Path' should start with 'x-'",
  ],
  ['a line break in a subject', json(mail({ subject: 'a\r\nBcc: eve@example.com' })), 400, 'RequestBodyRead', 'contains a line break'],
  [
    'JSON beyond the size',
    json(mail({ body: { content: large } })),
    413,
    'ErrorMessageSizeExceeded',
    'more than the limit of 5000000 bytes',
  ],
  [
    'a body beyond the size',
    json(`${large}${large}`),
    413,
    'ErrorMessageSizeExceeded',
    'The body has 10000000 bytes, more than the limit of',
  ],
  ['another content type', { headers: { 'content-type': 'message/rfc822' }, body: TO }, 415, 'UnsupportedMediaType', "'message/rfc822'"],
  ['another charset', json(mail(), { 'content-type': 'application/json; charset=utf-16' }), 415, 'UnsupportedMediaType', "'utf-16'"],
  ['another content encoding', json(mail(), { 'content-encoding': 'zstd' }), 415, 'UnsupportedMediaType', "'zstd'"],
  ['a time that is none', json(mail(), { 'send-at': 'tomorrow' }), 400, 'ErrorInvalidParameter', 'Send-At'],
  ['an end in the past', json(mail(), { 'send-before': '2020-01-01T00:00:00Z' }), 400, 'ErrorInvalidParameter', 'Send-Before'],
  ['a key that is none', json(mail(), { 'idempotency-key': '' }), 400, 'ErrorInvalidParameter', 'Idempotency-Key'],
  [
    'a mailbox that cannot be one',
    { ...json(mail()), mailbox: 'nobody' },
    404,
    'ErrorInvalidUser',
    "The requested user 'nobody' is invalid.",
  ],
  ['the mailbox of a signed-in user', { ...json(mail()), path: '/v1.0/me/sendMail' }, 400, 'BadRequest', '/v1.0/users/{mailbox}/sendMail'],
  [
    'a path of Graph that is not ours',
    { ...json(mail()), path: '/v1.0/users/bob@contoso.com/calendar' },
    400,
    'BadRequest',
    "segment 'calendar'",
  ],
];

describe('is refused', () => {
  test.each(ROWS)('%s', async (_, request, status, code, words) => {
    const answer = await ask(stack, { ...request, headers: { ...request.headers, 'client-request-id': 'mine' } });
    expect({ status: answer.status, code: answer.error?.code }).toEqual({ status, code });
    expect(answer.error?.message).toContain(words);
    expect(answer.headers.get('client-request-id')).toBe('mine');
    expectEnvelope(answer);
  });
});

describe('another method is refused with 405, saying which is allowed', () => {
  test.each([
    ['/v1.0/users/bob@contoso.com/sendMail', 'POST', ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD']],
    ['/V1.0/USERS/bob@contoso.com/SENDMAIL/', 'POST', ['GET', 'OPTIONS']],
    ['/v1.0/users/bob@contoso.com/sendRequests/x', 'GET', ['POST', 'DELETE', 'HEAD']],
    ['/health/live', 'GET', ['POST', 'OPTIONS']],
    ['/openapi.json', 'GET', ['PUT']],
  ])('%s', async (path, allowed, methods) => {
    for (const method of methods) {
      const answer = await ask(stack, { method, path });
      expect({ method, status: answer.status, allow: answer.headers.get('allow') }).toEqual({ method, status: 405, allow: allowed });
      if (method !== 'HEAD') expectEnvelope(answer);
    }
  });
});

test('TRACE, which the Functions library cannot take, ends at the host', async () => {
  const head = 'TRACE /v1.0/users/bob@contoso.com/sendMail HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
  expect((await rawRequest(stack.url('functions'), head)).status).toBe(404);
});

test('none of them left anything: no queue message, no send request, no blob, no mail', async () => {
  expect(await traces(stack)).toEqual(NOTHING);
});

test('a queue out of reach is answered 503 with Retry-After, and the log says that the mail was not accepted', async () => {
  const outage = (on: boolean) => fetch(`${stack.url('serviceBusControl')}/outage`, { method: 'POST', body: JSON.stringify({ on }) });
  await outage(true);
  const answer = await ask(stack, json(mail()));
  await outage(false);
  expect({ status: answer.status, code: answer.error?.code }).toEqual({ status: 503, code: 'serviceNotAvailable' });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expectEnvelope(answer);
  const list = await fetch(`${stack.url('functions')}/v1.0/sendRequests`);
  const { value } = (await list.json()) as { value: { id: string; mailbox: string }[] };
  const [{ id, mailbox }] = value as [{ id: string; mailbox: string }];
  const { status, events } = await stack.get(`${stack.url('functions')}/v1.0/users/${mailbox}/sendRequests/${id}`);
  expect([value.length, status, events.at(-1)?.type]).toEqual([1, 'cancelled', 'notAccepted']);
  expect(await traces(stack)).toMatchObject({ ...NOTHING, requests: 1, rows: expect.any(Number) });
});
