// No handler's mistake goes out as it is: what it did is logged, and the caller gets an answer.
import { HttpResponse, InvocationContext } from '@azure/functions';
import { expect, test } from 'vitest';
import { answerOf } from '../../../shared/adapters/http/valid-answer.ts';

async function answered(handle: () => unknown): Promise<{ response: HttpResponse; logged: string[] }> {
  const logged: string[] = [];
  const context = new InvocationContext({ functionName: 'test', logHandler: (_level, ...words) => logged.push(words.join(' ')) });
  return { response: await answerOf(context, handle), logged };
}

const fails = (error: unknown) => () => {
  throw error;
};

test.each<[string, () => unknown]>([
  ['throws', fails(new Error('on purpose'))],
  ['throws nothing', fails(undefined)],
  ['throws text', fails('text')],
  ['rejects', () => Promise.reject(new Error('later'))],
  ['returns nothing', () => undefined],
  ['returns null', () => null],
  ['returns text', () => 'text'],
  ['has status 0', () => ({ status: 0 })],
  ['has status 100', () => ({ status: 100 })],
  ['has status 101', () => ({ status: 101 })],
  ['has status 600', () => ({ status: 600 })],
  ['has no number as status', () => ({ status: Number.NaN })],
  ['has a line break in a header', () => ({ headers: { 'x-name': 'a\r\nb' } })],
  ['has a control character in a header', () => ({ headers: { 'x-name': 'a\u0001' } })],
  ['has a header beyond Latin-1', () => ({ headers: { 'x-name': 'Łódź' } })],
  ['has a header without a name', () => ({ headers: { '': 'x' } })],
  ['has a body that is no JSON', () => ({ jsonBody: 1n })],
])('a handler that %s is a logged bug and a 500 in Graph’s envelope', async (_, handle) => {
  const { response, logged } = await answered(handle);
  expect(response.status).toBe(500);
  const { error } = (await response.json()) as { error: { code: string; innerError: Record<string, string> } };
  expect(error.code).toBe('InternalServerError');
  expect(logged).toEqual([expect.stringContaining('"event":"unexpectedError"')]);
  expect(logged[0]).toContain(error.innerError['request-id']);
});

test.each([
  [{}, 200],
  [{ status: 204 }, 204],
  [{ status: 404, jsonBody: { a: 1 } }, 404],
  [{ status: 599 }, 599],
  [new HttpResponse({ status: 202 }), 202],
])('an answer that can be sent is sent', async (answer, status) => {
  const { response, logged } = await answered(() => answer);
  expect([response.status, logged]).toEqual([status, []]);
});
