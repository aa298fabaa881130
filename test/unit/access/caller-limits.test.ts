// An application's own limits: exact in one process, and over all of them as far as they know of each other.
import { describe, expect, test } from 'vitest';
import { StoreUnavailable } from '../../../shared/ports/store-unavailable.ts';
import type { Usage, UsageCounters } from '../../../shared/ports/usage-counters.ts';
import { CallerLimits } from '../../../shared/usecases/accept/caller-limits.ts';

const START = Date.parse('2026-01-15T08:05:20.000Z');

/** Several processes with one memory. */
class Shared {
  readonly rows = new Map<string, Usage>();
  down = false;
  exchanges = 0;

  of(process: string): UsageCounters {
    return {
      exchange: async (application, own) => {
        this.exchanges++;
        if (this.down) throw new StoreUnavailable('down');
        this.rows.set(`${application} ${process}`, own);
        return [...this.rows]
          .filter(([key]) => key.startsWith(`${application} `) && key !== `${application} ${process}`)
          .map(([, usage]) => usage);
      },
    };
  }
}

function world() {
  const clock = { at: START, now: () => clock.at };
  const shared = new Shared();
  const process = (name: string) => new CallerLimits(shared.of(name), clock);
  return { clock, shared, process };
}

const perMinute = { mailsPerMinute: 3 };

describe('in one process', () => {
  test('a hundred mails at the same time get exactly as many places as there are', async () => {
    const limits = world().process('a');
    const taken = await Promise.all(Array.from({ length: 100 }, () => limits.take('app', perMinute)));
    expect(taken.filter(({ ok }) => ok)).toHaveLength(3);
    expect(taken.at(-1)).toEqual({ ok: false, limit: 3, per: 'minute', retryAfter: 40 });
  });

  test('the next minute has places again, the next day too', async () => {
    const { clock, process } = world();
    const limits = process('a');
    const both = { mailsPerMinute: 1, mailsPerDay: 2 };
    expect(await limits.take('app', both)).toEqual({ ok: true });
    expect(await limits.take('app', both)).toMatchObject({ per: 'minute', retryAfter: 40 });
    clock.at += 40_000;
    expect(await limits.take('app', both)).toEqual({ ok: true });
    clock.at += 60_000;
    expect(await limits.take('app', both)).toMatchObject({ per: 'day', limit: 2, retryAfter: 15 * 3600 + 53 * 60 });
    clock.at += 86_400_000;
    expect(await limits.take('app', both)).toEqual({ ok: true });
    expect(await limits.left('app', both)).toEqual({ minute: 0, day: 1 });
  });

  test('each application has its own', async () => {
    const limits = world().process('a');
    await limits.take('one', { mailsPerMinute: 1 });
    expect((await limits.take('other', { mailsPerMinute: 1 })).ok).toBe(true);
  });

  test('a mail that was not accepted after all costs nothing', async () => {
    const limits = world().process('a');
    await limits.take('app', { mailsPerDay: 1 });
    limits.release('app');
    limits.release('app');
    expect(await limits.left('app', { mailsPerDay: 1 })).toEqual({ day: 1 });
    expect((await limits.take('app', { mailsPerDay: 1 })).ok).toBe(true);
  });

  test('without limits nothing is counted or asked', async () => {
    const { shared, process } = world();
    const limits = process('a');
    expect(await limits.take('app', {})).toEqual({ ok: true });
    expect(await limits.left('app', {})).toEqual({});
    limits.release('app');
    expect(shared.exchanges).toBe(0);
  });
});

describe('over several processes', () => {
  test('what others have let through counts within ten seconds, at one exchange each', async () => {
    const { clock, shared, process } = world();
    const [a, b] = [process('a'), process('b')];
    for (let n = 0; n < 3; n++) await a.take('app', perMinute);
    clock.at += 10_000;
    await a.left('app', perMinute);
    expect(await b.take('app', perMinute)).toMatchObject({ ok: false });
    await Promise.all(Array.from({ length: 20 }, () => b.take('app', perMinute)));
    expect(shared.exchanges).toBe(3);
  });

  test('a process that comes back under another name knows what it had let through', async () => {
    const { clock, process } = world();
    const before = process('a');
    await before.take('app', { mailsPerDay: 1 });
    clock.at += 10_000;
    await before.left('app', { mailsPerDay: 1 });
    expect(await process('again').take('app', { mailsPerDay: 1 })).toMatchObject({ ok: false, per: 'day' });
  });

  test('while the counters are out of reach each counts for itself', async () => {
    const { shared, process } = world();
    shared.down = true;
    const limits = process('a');
    expect((await limits.take('app', { mailsPerMinute: 1 })).ok).toBe(true);
    expect((await limits.take('app', { mailsPerMinute: 1 })).ok).toBe(false);
  });

  test('a bug in the counters is not hidden', async () => {
    const limits = new CallerLimits({ exchange: async () => Promise.reject(new TypeError('bug')) }, { now: () => START });
    await expect(limits.take('app', perMinute)).rejects.toThrow(TypeError);
  });
});
