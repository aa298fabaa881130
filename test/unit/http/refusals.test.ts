// The error table over HTTP, row by row: status, code, Graph's envelope; and nothing is enqueued.
import { describe, expect, test } from 'vitest';
import { base64, json, MAIL, MIME, mime, type Posted, REQUEST_ID, sendMailHttp } from './http.ts';

const to = (...addresses: string[]) => ({ toRecipients: addresses.map((address) => ({ emailAddress: { address } })) });
const headers = (count: number, name = 'x-a') => ({
  ...MAIL.message,
  internetMessageHeaders: Array.from({ length: count }, () => ({ name, value: 'v' })),
});

type Row = [row: string, posted: Posted, status: number, code: string, words: string];

const ROWS: Row[] = [
  ['MIME that is not base64', mime('not base64!'), 400, 'ErrorMimeContentInvalidBase64String', 'Invalid base64 string for MIME content.'],
  ['empty MIME', mime(''), 400, 'ErrorMimeContentInvalidBase64String', 'Invalid base64 string for MIME content.'],
  [
    'MIME without a body',
    { headers: { 'content-type': 'text/plain' } },
    400,
    'ErrorMimeContentInvalidBase64String',
    'Invalid base64 string for MIME content.',
  ],
  ['MIME that is no message', mime(base64('Hello')), 400, 'ErrorMimeContentInvalid', 'Invalid MIME content.'],
  ['MIME without recipients', mime(base64('Subject: x\r\n\r\n')), 400, 'ErrorInvalidRecipients', 'no recipients'],
  ['MIME with deferred delivery', mime(base64(`Deferred-Delivery: x\r\n${MIME}`)), 400, 'ErrorInvalidParameter', 'Send-At'],
  ['MIME with our own mark', mime(base64(`X-Send-Request-Id: x\r\n${MIME}`)), 400, 'ErrorMimeContentInvalid', 'is reserved'],
  ['JSON that does not parse', json('{"message":'), 400, 'RequestBodyRead', 'not valid JSON'],
  ['empty JSON', json(''), 400, 'RequestBodyRead', 'has no body'],
  ['an unknown property', json({ message: { ...MAIL.message, colour: 1 } }), 400, 'RequestBodyRead', "'message.colour'"],
  ['a wrong type', json({ message: { ...MAIL.message, subject: 1 } }), 400, 'RequestBodyRead', "'message.subject'"],
  ['no message', json({}), 400, 'ErrorInvalidParameter', "'Message' is empty"],
  ['no recipient', json({ message: {} }), 400, 'ErrorInvalidRecipients', 'no recipients'],
  ['an address that cannot be one', json({ message: to('nobody') }), 400, 'ErrorInvalidRecipients', '"nobody"'],
  ['too many recipients', json({ message: to('a@b.c', 'b@b.c', 'c@b.c', 'd@b.c') }), 400, 'ErrorInvalidRecipients', 'the limit is 3'],
  ['too many headers', json({ message: headers(6) }), 400, 'InvalidInternetMessageHeaderCollection', 'less than or equal to 5'],
  ['a header not of ours', json({ message: headers(1, 'Return-Path') }), 400, 'InvalidInternetMessageHeader', "'Return-Path'"],
  ['a line break in a header', json({ message: { ...MAIL.message, subject: 'a\nb' } }), 400, 'RequestBodyRead', 'line break'],
  ['another content type', { headers: { 'content-type': 'message/rfc822' }, body: MIME }, 415, 'UnsupportedMediaType', "'message/rfc822'"],
  ['no content type', { body: '{}' }, 415, 'UnsupportedMediaType', 'text/plain'],
  ['another charset', json(MAIL, { 'content-type': 'application/json; charset=utf-16' }), 415, 'UnsupportedMediaType', "'utf-16'"],
  ['no mailbox of that name', { ...json(MAIL), mailbox: 'nobody' }, 404, 'ErrorInvalidUser', "'nobody'"],
  [
    "a guest's user principal name",
    { ...json(MAIL), mailbox: 'ada_example.com#EXT#@contoso.com' },
    404,
    'ErrorInvalidUser',
    'object id of the mailbox',
  ],
  ['a mailbox name with a dollar sign', { ...json(MAIL), mailbox: 'a$b@contoso.com' }, 404, 'ErrorInvalidUser', 'object id of the mailbox'],
  ['no mailbox at all', { ...json(MAIL), params: {} }, 404, 'ErrorInvalidUser', "''"],
];

describe('is refused', () => {
  test.each(ROWS)('%s', async (_, posted, status, code, words) => {
    const { commands, post } = sendMailHttp();
    const answer = await post({ ...posted, headers: { 'client-request-id': 'mine', ...posted.headers } });
    expect({ status: answer.status, code: answer.error.code }).toEqual({ status, code });
    expect(answer.error.message).toContain(words);
    const ids = { 'request-id': REQUEST_ID, 'client-request-id': 'mine' };
    expect(answer.error.innerError).toEqual({ date: '2026-08-20T10:00:00', ...ids });
    expect(answer.headers).toMatchObject(ids);
    expect(commands).toEqual([]);
  });
});

describe('is refused with 413, saying limit and size,', () => {
  const large = (length: number) => 'a'.repeat(length);

  test('what is larger than MAXIMUM_MESSAGE_SIZE', async () => {
    const { commands, post } = sendMailHttp();
    const answer = await post(mime(base64(`${MIME}${large(5_000_000)}`)));
    expect(answer).toMatchObject({ status: 413, error: { code: 'ErrorMessageSizeExceeded' } });
    expect(answer.error.message).toBe(`The message has ${MIME.length + 5_000_000} bytes, more than the limit of 5000000 bytes.`);
    expect(commands).toEqual([]);
  });

  test('what cannot be divided into requests that Graph takes', async () => {
    const { commands, post } = sendMailHttp();
    expect((await post(mime(base64(`${MIME}${large(3_100_000)}`)))).status).toBe(202);
    const answer = await post(mime(base64(`${MIME}${large(4_300_000)}`)));
    expect(answer.status).toBe(413);
    expect(answer.error.message).toMatch(/^The message has \d+ bytes, more than the limit of 3144192 bytes for such a message\. Its text/);
    const body = { contentType: 'text', content: large(4_500_000) };
    expect((await post(json({ message: { ...MAIL.message, body } }))).error.message).toContain(
      'The message without its file attachments has',
    );
    expect(commands).toHaveLength(1);
  });

  test('what is larger than base64 of such a message, before it is read', async () => {
    const { post } = sendMailHttp();
    const answer = await post(json(large(8_000_000)));
    expect(answer.status).toBe(413);
    expect(answer.error.message).toBe('The body has 8000000 bytes, more than the limit of 7004096 bytes.');
  });
});
