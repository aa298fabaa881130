// What every store of pauses does, in memory or in a table.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountPauses } from '../../../shared/ports/account-pauses.ts';
import type { ManualClock } from '../../fakes/manual-clock.ts';
import { newMailbox } from '../../support/samples.ts';
import type { Harness } from './harness.ts';

export interface PausesHarness extends Harness<AccountPauses> {
  clock: ManualClock;
  /** Another process over the same store. */
  another(): AccountPauses;
}

const MINUTE = 60_000;

export function describeAccountPauses(name: string, harness: PausesHarness): void {
  describe(`account pauses contract: ${name}`, () => {
    const { clock } = harness;
    let pauses: AccountPauses;
    const at = (minutes: number): string => new Date(clock.now() + minutes * MINUTE).toISOString();
    const pause = (mailbox: string, minutes = 60, since = at(0)) =>
      pauses.pause(mailbox, { until: at(minutes), reason: '5.1.8: blocked', since });

    beforeAll(async () => {
      pauses = await harness.create();
    });
    afterAll(() => harness.dispose());

    it('a mailbox that nobody paused is not paused', async () => {
      expect(await pauses.current(newMailbox())).toBeUndefined();
    });

    it('a pause holds until its end, with its reason', async () => {
      const mailbox = newMailbox();
      expect(await pause(mailbox)).toBe(true);
      expect(await pauses.current(mailbox)).toEqual({ until: at(60), reason: '5.1.8: blocked' });
      clock.advance(59 * MINUTE);
      expect(await pauses.current(mailbox)).toBeDefined();
      clock.advance(MINUTE);
      expect(await pauses.current(mailbox)).toBeUndefined();
    });

    it('another process learns of it within a quarter of a minute', async () => {
      const mailbox = newMailbox();
      const other = harness.another();
      expect(await other.current(mailbox)).toBeUndefined();
      await pause(mailbox);
      clock.advance(15_000);
      expect(await other.current(mailbox)).toBeDefined();
    });

    it('is made longer by a later report, but not for less than a minute, and never shorter', async () => {
      const mailbox = newMailbox();
      await pause(mailbox, 60);
      expect(await pause(mailbox, 60)).toBe(false);
      expect(await pause(mailbox, 60.9)).toBe(false);
      expect(await pause(mailbox, 30)).toBe(false);
      expect(await pause(mailbox, 61)).toBe(true);
      expect((await pauses.current(mailbox))?.until).toBe(at(61));
    });

    it('that was lifted is over, reports from before do not bring it back, later ones do', async () => {
      const mailbox = newMailbox();
      const before = at(0);
      await pause(mailbox);
      clock.advance(MINUTE);
      await pauses.lift(mailbox);
      expect(await pauses.current(mailbox)).toBeUndefined();
      expect(await pause(mailbox, 60, before)).toBe(false);
      clock.advance(MINUTE);
      expect(await pause(mailbox)).toBe(true);
      expect(await pauses.current(mailbox)).toBeDefined();
    });

    it('one that nobody paused can be lifted', async () => {
      await expect(pauses.lift(newMailbox())).resolves.toBeUndefined();
    });
  });
}
