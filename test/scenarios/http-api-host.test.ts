// What the Functions host and its library are not made for: each request is answered, no invocation stays, and the worker lives.
import { describe, expect, test } from 'vitest';
import { type RawAnswer, rawRequest } from '../contract/functions-host/raw-request.ts';
import { sharedStack } from '../support/shared-stack.ts';
import { mail } from './http-api-calls.ts';

const stack = sharedStack();
const worker = stack.stack.pids()['worker'];

const MAIL = JSON.stringify(mail());
const LENGTH = `content-length: ${MAIL.length}`;

const raw = (path: string, headers: string[], body: string, host = 'localhost'): Promise<RawAnswer> => {
  const head = [`POST ${path} HTTP/1.1`, `host: ${host}`, 'connection: close', 'content-type: application/json', ...headers, '', ''];
  return rawRequest(stack.url('functions'), head.join('\r\n'), body);
};
const toSender = (headers: string[], body: string, host?: string) => raw('/v1.0/users/sender@contoso.com/sendMail', headers, body, host);
const codeOf = ({ body }: RawAnswer): string => (JSON.parse(body) as { error: { code: string } }).error.code;

/** What the host and the library are not made for; the numbers are of whoever refuses it first. */
describe('a request that the worker waits for in vain', () => {
  const answers = async (): Promise<Record<string, [number, string]>> => {
    const send = async (line: string): Promise<[number, string]> => {
      const answer = await toSender([LENGTH, line], MAIL);
      return [answer.status, answer.body.replace(/^0\r\n\r\n$/, '') ? codeOf(answer) : ''];
    };
    const lines = {
      'an invocation id': 'x-ms-invocation-id: mine',
      'an invocation id in the form of the host’s': 'x-ms-invocation-id: 3f2504e0-4f89-41d3-9a0c-0305e82c3301',
      'an invocation id that is the name of an event': 'x-ms-invocation-id: error',
      'a header value beyond ASCII': 'x-name: Łódź',
      'a control character in a header': 'x-name: a\u0001b',
      '17 KB of headers': `x-name: ${'a'.repeat(17_000)}`,
      'an unknown expectation': 'expect: foo',
      'a second host': 'host: localhost:99999',
    };
    return Object.fromEntries(await Promise.all(Object.entries(lines).map(async ([name, line]) => [name, await send(line)] as const)));
  };

  test('is answered, all at once, while honest mail goes on', async () => {
    const [hostile, honest] = await Promise.all([answers(), toSender([LENGTH], MAIL)]);
    expect(hostile).toEqual({
      'an invocation id': [400, 'BadRequest'],
      'an invocation id in the form of the host’s': [400, 'BadRequest'],
      'an invocation id that is the name of an event': [400, 'BadRequest'],
      // The host's own: its forwarder cannot send it.
      'a header value beyond ASCII': [500, ''],
      // Node's own.
      'a control character in a header': [400, ''],
      '17 KB of headers': [431, ''],
      'an unknown expectation': [417, ''],
      'a second host': [400, ''],
    });
    expect(honest.status).toBe(202);
    expect(stack.stack.pids()['worker']).toBe(worker);
  });

  test('a query parameter changes neither the mailbox nor the headers', async () => {
    const answer = await raw('/v1.0/users/sender@contoso.com/sendMail?MAILBOX=other@contoso.com&Headers=x', [LENGTH], MAIL);
    expect(answer.status).toBe(202);
    expect(JSON.parse(answer.body)).toMatchObject({ mailbox: 'sender@contoso.com' });
  });
});

test.each(['localhost:99999', '1.2.3.4.5', '256.256.256.256'])('a host that makes no URL, %s, is 400 and told so', async (host) => {
  const answer = await toSender([LENGTH], MAIL, host);
  expect([answer.status, codeOf(answer)]).toEqual([400, 'BadRequest']);
  expect(answer.body).toContain('Host header');
  expect(stack.stack.pids()['worker']).toBe(worker);
});

test('of two lengths the chunks count, as for the host', async () => {
  const answer = await toSender(['content-length: 3', 'transfer-encoding: chunked'], `${MAIL.length.toString(16)}\r\n${MAIL}\r\n0\r\n\r\n`);
  expect(answer.status).toBe(202);
});
