// What every store of suppressed addresses does, in memory or in a table.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Suppressions } from '../../../shared/ports/suppressions.ts';
import type { ManualClock } from '../../fakes/manual-clock.ts';
import type { Harness } from './harness.ts';

export interface SuppressionsHarness extends Harness<Suppressions> {
  clock: ManualClock;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let count = 0;
const newAddress = (name = 'Person'): string => `${name}-${++count}@example.com`;

export function describeSuppressions(name: string, { clock, create, dispose }: SuppressionsHarness): void {
  describe(`suppressions contract: ${name}`, () => {
    let suppressions: Suppressions;
    const at = (minutes: number): string => new Date(clock.now() + minutes * MINUTE).toISOString();
    const reported = (address: string, since = 0) => ({
      address,
      reason: '5.1.1: no such mailbox',
      suppressedDateTime: at(since),
      sendRequestId: 'request-1',
      mailbox: 'sender@contoso.com',
    });

    beforeAll(async () => {
      suppressions = await create();
    });
    afterAll(() => dispose());

    it('an address is found in every spelling, until its time is over', async () => {
      const address = newAddress();
      const expected = { ...reported(address), expirationDateTime: at(60) };
      expect(await suppressions.find([address])).toEqual([]);
      expect(await suppressions.suppress(reported(address), HOUR)).toBe(true);
      expect(await suppressions.find([newAddress(), address.toUpperCase(), address])).toEqual([expected]);
      clock.advance(59 * MINUTE);
      expect(await suppressions.find([address])).toHaveLength(1);
      clock.advance(MINUTE);
      expect(await suppressions.find([address])).toEqual([]);
    });

    it('the same report twice is one, and a later one renews it', async () => {
      const address = newAddress();
      const first = reported(address, -10);
      expect(await suppressions.suppress(first, HOUR)).toBe(true);
      expect(await suppressions.suppress(first, HOUR)).toBe(false);
      expect(await suppressions.suppress(reported(address), HOUR)).toBe(true);
      expect(await suppressions.find([address])).toMatchObject([{ expirationDateTime: at(60) }]);
    });

    it('two writers at the same time write one', async () => {
      const address = newAddress();
      const written = await Promise.all(Array.from({ length: 5 }, () => suppressions.suppress(reported(address), HOUR)));
      expect(written.filter(Boolean)).toHaveLength(1);
    });

    it('that was lifted is over; older reports do not bring it back, later ones do', async () => {
      const address = newAddress();
      const before = reported(address);
      await suppressions.suppress(before, HOUR);
      clock.advance(MINUTE);
      expect(await suppressions.lift(address.toLowerCase())).toBe(true);
      expect(await suppressions.lift(address)).toBe(false);
      expect(await suppressions.find([address])).toEqual([]);
      expect(await suppressions.suppress({ ...before, suppressedDateTime: at(-0.5) }, HOUR)).toBe(false);
      clock.advance(MINUTE);
      expect(await suppressions.suppress(reported(address), HOUR)).toBe(true);
      expect(await suppressions.find([address])).toHaveLength(1);
      expect(await suppressions.lift(newAddress())).toBe(false);
    });

    it('is listed page by page while it is on', async () => {
      const on = Array.from({ length: 5 }, () => newAddress('listed'));
      for (const address of on) await suppressions.suppress(reported(address), HOUR);
      const [lifted, over] = [newAddress('listed'), newAddress('listed')];
      for (const address of [lifted, over]) await suppressions.suppress(reported(address), MINUTE);
      await suppressions.lift(lifted);
      clock.advance(2 * MINUTE);
      const found: string[] = [];
      let after: string | undefined;
      do {
        const page = await suppressions.page({ top: 2, ...(after !== undefined && { after }) });
        expect(page.suppressions.length).toBeLessThanOrEqual(2);
        found.push(...page.suppressions.map(({ address }) => address));
        after = page.next;
      } while (after !== undefined);
      expect(found.filter((address) => address.startsWith('listed')).sort()).toEqual(on.sort());
    });

    it('that is over is purged; one that was lifted stays, so that an old report does not bring it back', async () => {
      const [on, over, lifted] = [newAddress(), newAddress(), newAddress()];
      await suppressions.suppress(reported(on), 10 * HOUR);
      await suppressions.suppress(reported(over), HOUR);
      await suppressions.suppress(reported(lifted), 10 * HOUR);
      clock.advance(MINUTE);
      await suppressions.lift(lifted);
      clock.advance(2 * HOUR);
      expect(await suppressions.purge({ endedBefore: at(0), liftedBefore: at(-240) })).toBeGreaterThanOrEqual(1);
      expect(await suppressions.purge({ endedBefore: at(0), liftedBefore: at(-240) })).toBe(0);
      expect(await suppressions.suppress(reported(lifted, -125), 10 * HOUR)).toBe(false);
      expect(await suppressions.find([on])).toHaveLength(1);
      expect(await suppressions.purge({ endedBefore: at(0), liftedBefore: at(0) })).toBeGreaterThanOrEqual(1);
    });
  });
}
