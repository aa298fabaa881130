// Permits at the HTTP API, and the bytes that those in them hold: what is beyond them is told so before it is read.
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ByteBudget } from '../../../shared/adapters/http/byte-budget.ts';
import { Permits } from '../../../shared/adapters/http/permits.ts';
import { readBody } from '../../../shared/adapters/http/read-body.ts';
import { StoreUnavailable } from '../../../shared/ports/store-unavailable.ts';
import { json, MAIL, mailHttp, requestOf } from './http.ts';

describe('a budget of bytes', () => {
  test('is taken and given back, once', () => {
    const budget = new ByteBudget(100, 1);
    const release = budget.tryTake(60);
    expect(budget.tryTake(41)).toBeUndefined();
    const rest = budget.tryTake(40);
    release?.();
    release?.();
    expect(budget.tryTake(61)).toBeUndefined();
    expect(budget.tryTake(60)).toBeDefined();
    rest?.();
  });

  test('lets what is larger than all of it through alone', async () => {
    const budget = new ByteBudget(100, 1);
    const release = budget.tryTake(500);
    expect(budget.tryTake(1)).toBeUndefined();
    const waiting = budget.take(500, 60_000);
    release?.();
    expect(await waiting).toBeDefined();
  });

  test('is waited for in order, and not without end', async () => {
    const budget = new ByteBudget(100, 1);
    const first = budget.tryTake(100);
    const order: string[] = [];
    const large = budget.take(90, 60_000).then((release) => {
      order.push('large');
      release?.();
    });
    const small = budget.take(20, 60_000).then(() => order.push('small'));
    expect(await budget.take(1, 1)).toBeUndefined();
    first?.();
    await Promise.all([large, small]);
    expect(order).toEqual(['large', 'small']);
  });

  test('gives at once what is there, also while others wait for more, and never more than there is', async () => {
    const budget = new ByteBudget(100, 1);
    const first = budget.tryTake(60);
    const waiting = budget.take(90, 60_000);
    const small = budget.tryTake(30);
    expect([small === undefined, budget.tryTake(11)]).toEqual([false, undefined]);
    first?.();
    expect(budget.tryTake(71)).toBeUndefined();
    small?.();
    expect(await waiting).toBeDefined();
    expect(budget.tryTake(11)).toBeUndefined();
    expect(budget.tryTake(10)).toBeDefined();
  });
});

describe('permits', () => {
  test('are so many in all, and so many of one application', () => {
    const permits = new Permits({ requests: 3, requestsOfOne: 2 });
    const [one, two] = [permits.enter('a'), permits.enter('a')];
    expect(permits.enter('a')).toBeUndefined();
    const three = permits.enter('b');
    expect(permits.enter('c')).toBeUndefined();
    three?.leave();
    expect(permits.enter('a')).toBeUndefined();
    one?.leave();
    expect(permits.enter('a')).toBeDefined();
    two?.leave();
  });

  test('hold bytes until they are left', () => {
    const permits = new Permits({ requests: 3, requestsOfOne: 3 }, new ByteBudget(100, 1));
    const [one, two] = [permits.enter('a'), permits.enter('b')];
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
  const permit = (bytes: number) => new Permits({ requests: 1, requestsOfOne: 1 }, new ByteBudget(bytes, 1)).enter('a')!;
  /** Room for `bytes` beside what is held already. */
  function crowded(bytes: number) {
    const budget = new ByteBudget(bytes + 1, 1);
    budget.tryTake(1);
    return new Permits({ requests: 1, requestsOfOne: 1 }, budget, 1).enter('a')!;
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

  test('waits for room, and is read if there is some in time', async () => {
    const permits = new Permits({ requests: 3, requestsOfOne: 3 }, new ByteBudget(3_000, 1), 60_000);
    const first = permits.enter('a')!;
    first.extendTo(2_000);
    const read = readBody(requestOf({ headers: { 'content-length': '2000' }, body: BODY } as never), 5_000_000, permits.enter('a')!);
    expect(await Promise.race([read, new Promise((resolve) => setImmediate(resolve, 'waits'))])).toBe('waits');
    first.leave();
    expect((await read).ok).toBe(true);
  });

  test('waits in order if it is large; what is small takes what there is', async () => {
    const MB = 1024 * 1024;
    const permits = new Permits({ requests: 9, requestsOfOne: 9 }, new ByteBudget(30 * MB), 60_000);
    const enter = () => permits.enter('a')!;
    const first = enter();
    expect(await first.awaitRoom(20 * MB)).toBe(true);
    const order: string[] = [];
    const large = enter()
      .awaitRoom(25 * MB)
      .then((has) => order.push(`large ${has}`));
    const next = enter();
    const other = next.awaitRoom(5 * MB).then((has) => order.push(`other ${has}`));
    const small = enter();
    expect(await small.awaitRoom(MB)).toBe(true);
    expect(order).toEqual([]);
    small.leave();
    first.leave();
    await Promise.all([large, other]);
    expect(order).toEqual(['large true', 'other true']);
  });

  test('gets room for the largest if it does not say how large it is, one after the other: none holds a part and waits for the rest', async () => {
    const MB = 1024 * 1024;
    const permits = new Permits({ requests: 9, requestsOfOne: 9 }, new ByteBudget(30 * MB), 60_000);
    const read = async (permit = permits.enter('a')!) => {
      for (let bytes = MB; bytes <= 12 * MB; bytes += MB) if (!(await permit.growTo(bytes, 20 * MB))) return 'no room';
      permit.shrinkTo(12 * MB);
      permit.leave();
      return 'read';
    };
    expect(await Promise.all(Array.from({ length: 6 }, () => read()))).toEqual(Array(6).fill('read'));
  });

  test('gives back what it did not need', async () => {
    const MB = 1024 * 1024;
    const permits = new Permits({ requests: 9, requestsOfOne: 9 }, new ByteBudget(30 * MB), 1);
    const [one, two] = [permits.enter('a')!, permits.enter('a')!];
    expect(await one.growTo(5 * MB, 20 * MB)).toBe(true);
    expect(two.extendTo(11 * MB)).toBe(false);
    one.shrinkTo(6 * MB);
    expect([two.extendTo(24 * MB), two.extendTo(25 * MB)]).toEqual([true, false]);
    one.leave();
    expect(two.extendTo(30 * MB)).toBe(true);
  });

  test('takes room as it comes if it is small, also while others wait', async () => {
    const MB = 1024 * 1024;
    const permits = new Permits({ requests: 9, requestsOfOne: 9 }, new ByteBudget(30 * MB), 60_000);
    const [first, large, small] = [permits.enter('a')!, permits.enter('a')!, permits.enter('a')!];
    first.extendTo(20 * MB);
    const waiting = large.growTo(5 * MB, 20 * MB);
    expect([await small.growTo(MB, 20 * MB), await small.growTo(4 * MB, 20 * MB)]).toEqual([true, true]);
    small.shrinkTo(MB);
    first.leave();
    expect(await waiting).toBe(true);
  });

  test('is to come again the later, the more are refused already', async () => {
    const permits = new Permits({ requests: 9, requestsOfOne: 9 }, new ByteBudget(3_000, 1), 1);
    permits.enter('a')?.extendTo(3_000);
    const again = async (permit = permits.enter('a')!) => {
      const read = await readBody(requestOf({ headers: { 'content-length': '2000' }, body: BODY } as never), 5_000_000, permit);
      return [permit, read.ok ? undefined : read.problem.retryAfter] as const;
    };
    const refusals = [await again(), await again(), await again(), await again()];
    expect(refusals.map(([, seconds]) => seconds)).toEqual([5, 5, 8, 11]);
    for (const [permit] of refusals) permit.leave();
    expect((await again())[1]).toBe(5);
  });

  test('is read where it is alone', async () => {
    expect((await readBody(requestOf({ headers: {}, body: BODY } as never), 5_000_000, permit(10))).ok).toBe(true);
  });

  test('that unpacks to a hundred times its size is refused, small ones are not', async () => {
    const read = (size: number) =>
      readBody(requestOf({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(size)) } as never), 50_000_000);
    expect((await read(1_000_000)).ok).toBe(true);
    expect(await read(10_000_000)).toMatchObject({ ok: false, problem: { status: 413, message: expect.stringContaining('100 times') } });
  });
});

describe('the HTTP API', () => {
  const full = { enter: () => undefined } as unknown as Permits;

  test('answers 503 and reads nothing if there is no permit', async () => {
    const { commands, post } = mailHttp('sendMail', undefined, { permits: full });
    expect(await post(json(MAIL))).toMatchObject({ status: 503 });
    expect(commands).toEqual([]);
  });

  test('answers 503 if there was no time to read the content, and leaves its permit', async () => {
    const permits = new Permits({ requests: 1, requestsOfOne: 1 });
    const decode = () => Promise.reject(new StoreUnavailable('no time'));
    const { post } = mailHttp('sendMail', undefined, { permits, decode });
    for (let n = 0; n < 3; n++) expect(await post(json(MAIL))).toMatchObject({ status: 503 });
  });
});
