// The request headers: read as their standards have them, refused where a mail would be treated otherwise than asked, else ignored.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRequestHeaders } from '../../../shared/adapters/http/request-headers.ts';

const source = (headers: Record<string, string>) => ({ get: (name: string) => headers[name.toLowerCase()] ?? null });
const read = (headers: Record<string, string>) => {
  const result = readRequestHeaders(source(headers));
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
};
const isRefused = (headers: Record<string, string>): boolean => !readRequestHeaders(source(headers)).ok;

test('none of them is needed', () => {
  expect(read({})).toEqual({ urgent: false });
});

describe('Idempotency-Key', () => {
  test.each([
    ['"8e03978e-40d5"', '8e03978e-40d5'],
    ['8e03978e-40d5', '8e03978e-40d5'],
    [' "a \\" b" ', 'a " b'],
    ['"a";p=1', 'a'],
    ['x'.repeat(255), 'x'.repeat(255)],
  ])('%j is %j', (header, key) => {
    expect(read({ 'idempotency-key': header }).idempotencyKey).toBe(key);
  });

  test.each(['', '""', '"a', '"a", "b"', '"ä"', 'ä', 'x'.repeat(256), '" a"'])('%j is refused', (header) => {
    expect(isRefused({ 'idempotency-key': header })).toBe(true);
  });
});

describe.each(['send-at', 'send-before'] as const)('%s', (name) => {
  const property = name === 'send-at' ? 'sendAt' : 'sendBefore';
  test.each([
    ['2026-08-21T10:00:00Z', '2026-08-21T10:00:00.000Z'],
    ['2026-08-21t10:00:00.5z', '2026-08-21T10:00:00.500Z'],
    ['2026-08-21 10:00:00+02:00', '2026-08-21T08:00:00.000Z'],
    ['2028-02-29T23:59:59-11:30', '2028-03-01T11:29:59.000Z'],
    ['Fri, 21 Aug 2026 10:00:00 GMT', '2026-08-21T10:00:00.000Z'],
    ['Friday, 21-Aug-26 10:00:00 GMT', '2026-08-21T10:00:00.000Z'],
    ['Fri Aug 21 10:00:00 2026', '2026-08-21T10:00:00.000Z'],
  ])('%s is %s', (header, time) => {
    expect(read({ [name]: header })[property]).toBe(time);
  });

  test.each([
    '2026-08-21',
    '2026-08-21T10:00:00',
    '2026-02-29T10:00:00Z',
    '2026-13-01T10:00:00Z',
    '2026-08-21T25:00:00Z',
    'Fri, 21 Aug 2026',
    'Thu, 21 Aug 2026 10:00:00 GMT',
    'Fri, 21 Aug 2026 10:00:00 +0200',
    '0',
    '',
    ' ',
  ])('%s is refused', (header) => {
    expect(isRefused({ [name]: header })).toBe(true);
  });
});

test.each([
  ['u=0', true],
  ['u=0, i', true],
  ['i, u=0', true],
  ['u=1', false],
  ['u="0"', false],
  ['u=(0)', false],
  ['=', false],
  ['', false],
])('Priority %j is urgent: %s', (priority, urgent) => {
  expect(read({ priority }).urgent).toBe(urgent);
});

test.each([
  ['wait=10', 10],
  ['respond-async, wait=5', 5],
  ['wait="7"', 7],
  ['IdType="ImmutableId"', undefined],
  ['wait=abc', undefined],
  ['await=5', undefined],
  ['wait=99999', 60],
])('Prefer %j waits %s seconds', (prefer, seconds) => {
  expect(read({ prefer }).waitSeconds).toBe(seconds);
});

test.each([
  ['4d1a3d7e-1111-2222-3333-444455556666', true],
  ['any printable text', true],
  ['x'.repeat(129), false],
  ['ä', false],
  [' ', false],
])('client-request-id %j is kept: %s', (id, kept) => {
  expect(read({ 'client-request-id': id }).clientRequestId).toBe(kept ? id : undefined);
});

test.each([
  ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', true],
  ['00-00000000000000000000000000000000-b7ad6b7169203331-01', false],
  ['00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01', false],
  ['ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', false],
  ['00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01', false],
  ['x', false],
])('traceparent %s is kept: %s', (traceparent, kept) => {
  expect(read({ traceparent }).traceparent).toBe(kept ? traceparent : undefined);
});

test('whatever they hold, they are read or refused', () => {
  const names = ['idempotency-key', 'send-at', 'send-before', 'priority', 'prefer', 'client-request-id', 'traceparent'];
  const piece = fc.constantFrom('"', '\\', '=', ',', ';', ' ', 'u', '0', 'wait', ':', '?', '@', '-', 'ä', '2026-08-21T10:00:00Z', '(', ')');
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), text), (headers) => {
      const result = readRequestHeaders(source(headers));
      if (!result.ok) expect(result.problem).toMatchObject({ status: 400, code: 'ErrorInvalidParameter' });
    }),
    { seed: 20_260_811, numRuns: 3000 },
  );
});
