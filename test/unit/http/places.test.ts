// Places at the front door, and the bytes that those in them hold: what is beyond them is told so before it is read.
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ByteBudget } from '../../../shared/adapters/http/byte-budget.ts';
import { Places } from '../../../shared/adapters/http/places.ts';
import { readBody } from '../../../shared/adapters/http/read-body.ts';
import { StoreUnavailable } from '../../../shared/ports/store-unavailable.ts';
import { json, MAIL, mailHttp, requestOf } from './http.ts';

describe('a budget of bytes', () => {
  test('is taken and given back, once', () => {
    const budget = new ByteBudget(100, 1);
    const giveBack = budget.tryTake(60);
    expect(budget.tryTake(41)).toBeUndefined();
    const rest = budget.tryTake(40);
    giveBack?.();
    giveBack?.();
    expect(budget.tryTake(61)).toBeUndefined();
    expect(budget.tryTake(60)).toBeDefined();
    rest?.();
  });

  test('lets what is larger than all of it through alone', async () => {
    const budget = new ByteBudget(100, 1);
    const giveBack = budget.tryTake(500);
    expect(budget.tryTake(1)).toBeUndefined();
    const waiting = budget.take(500, 60_000);
    giveBack?.();
    expect(await waiting).toBeDefined();
  });

  test('is waited for in order, and not without end', async () => {
    const budget = new ByteBudget(100, 1);
    const first = budget.tryTake(100);
    const order: string[] = [];
    const large = budget.take(90, 60_000).then((giveBack) => {
      order.push('large');
      giveBack?.();
    });
    const small = budget.take(20, 60_000).then(() => order.push('small'));
    expect(await budget.take(1, 1)).toBeUndefined();
    first?.();
    await Promise.all([large, small]);
    expect(order).toEqual(['large', 'small']);
  });
});

describe('places', () => {
  test('are so many in all, and so many of one application', () => {
    const places = new Places({ requests: 3, requestsOfOne: 2 });
    const [one, two] = [places.enter('a'), places.enter('a')];
    expect(places.enter('a')).toBeUndefined();
    const three = places.enter('b');
    expect(places.enter('c')).toBeUndefined();
    three?.leave();
    expect(places.enter('a')).toBeUndefined();
    one?.leave();
    expect(places.enter('a')).toBeDefined();
    two?.leave();
  });

  test('hold bytes until they are left', () => {
    const places = new Places({ requests: 3, requestsOfOne: 3 }, new ByteBudget(100, 1));
    const [one, two] = [places.enter('a'), places.enter('b')];
    expect([one?.extendTo(50), one?.extendTo(40), one?.extendTo(60), two?.extendTo(50), two?.extendTo(40)]).toEqual([
      true,
      true,
      true,
      false,
      true,
    ]);
    one?.leave();
    expect(two?.extendTo(100)).toBe(true);
  });
});

describe('a body that there is no room for', () => {
  const place = (bytes: number) => new Places({ requests: 1, requestsOfOne: 1 }, new ByteBudget(bytes, 1)).enter('a')!;
  /** Room for `bytes` beside what is held already. */
  function crowded(bytes: number) {
    const budget = new ByteBudget(bytes + 1, 1);
    budget.tryTake(1);
    return new Places({ requests: 1, requestsOfOne: 1 }, budget).enter('a')!;
  }
  const BODY = 'x'.repeat(2_000);

  test.each([
    ['by its length', { 'content-length': '2000' }, BODY, 1_999],
    ['as it comes', {}, BODY, 1_999],
    ['by what it may unpack to', { 'content-encoding': 'gzip' }, gzipSync(BODY), 1_000_000],
  ])('is told so %s: 503, to be repeated', async (_, headers, body, room) => {
    const read = await readBody(requestOf({ headers, body } as never), 5_000_000, crowded(room));
    expect(read).toMatchObject({ ok: false, problem: { status: 503, code: 'serviceNotAvailable', retryAfter: 5 } });
  });

  test('is read where it is alone', async () => {
    expect((await readBody(requestOf({ headers: {}, body: BODY } as never), 5_000_000, place(10))).ok).toBe(true);
  });

  test('that unpacks to a hundred times its size is refused, small ones are not', async () => {
    const read = (size: number) =>
      readBody(requestOf({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(size)) } as never), 50_000_000);
    expect((await read(1_000_000)).ok).toBe(true);
    expect(await read(10_000_000)).toMatchObject({ ok: false, problem: { status: 413, message: expect.stringContaining('100 times') } });
  });
});

describe('the front door', () => {
  const full = { enter: () => undefined } as unknown as Places;

  test('answers 503 and reads nothing if there is no place', async () => {
    const { commands, post } = mailHttp('sendMail', undefined, { places: full });
    expect(await post(json(MAIL))).toMatchObject({ status: 503 });
    expect(commands).toEqual([]);
  });

  test('answers 503 if there was no time to read the content, and leaves its place', async () => {
    const places = new Places({ requests: 1, requestsOfOne: 1 });
    const decode = () => Promise.reject(new StoreUnavailable('no time'));
    const { post } = mailHttp('sendMail', undefined, { places, decode });
    for (let n = 0; n < 3; n++) expect(await post(json(MAIL))).toMatchObject({ status: 503 });
  });
});
