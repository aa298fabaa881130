// What every store of pauses does, in memory or in a table.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TENANT } from '../../../shared/domain/act/account-pause.ts';
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
      const begun = { since: at(0), closings: 1, probeDateTime: at(10) };
      expect(await pauses.current(mailbox)).toEqual({ until: at(60), reason: '5.1.8: blocked', ...begun });
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

    it('is listed while it is on', async () => {
      const [mailbox, over, lifted] = [newMailbox(), newMailbox(), newMailbox()];
      await pause(mailbox, 60);
      await pause(over, 5);
      await pause(lifted, 60);
      await pauses.lift(lifted);
      clock.advance(6 * MINUTE);
      const listed = (await pauses.list()).filter((one) => [mailbox, over, lifted].includes(one.mailbox));
      expect(listed).toEqual([{ mailbox, ...(await pauses.current(mailbox)) }]);
    });

    it('of several instances one makes its mail the probe, and that mail stays it', async () => {
      const mailbox = newMailbox();
      await pause(mailbox);
      expect(await pauses.probe(mailbox, 'early')).toBe(false);
      clock.advance(10 * MINUTE);
      const mails = Array.from({ length: 6 }, (_, i) => ({ id: `mail-${i}`, instance: harness.another() }));
      const became = await Promise.all(mails.map(({ id, instance }) => instance.probe(mailbox, id)));
      expect(became.filter(Boolean)).toHaveLength(1);
      const probe = mails[became.indexOf(true)]?.id as string;
      expect(await pauses.probe(mailbox, probe)).toBe(true);
      expect(await pauses.probe(mailbox, 'another')).toBe(false);
      expect((await pauses.current(mailbox))?.probe).toEqual({ sendRequestId: probe, startedDateTime: at(0) });
      clock.advance(20 * MINUTE);
      expect(await pauses.probe(mailbox, 'another')).toBe(true);
    });

    it('is closed again by a report on its probe, and probed later than before', async () => {
      const mailbox = newMailbox();
      await pause(mailbox);
      clock.advance(10 * MINUTE);
      await pauses.probe(mailbox, 'mail');
      const report = { until: at(60), reason: '5.1.8: blocked', since: at(-1), sendRequestId: 'mail' };
      expect(await pauses.pause(mailbox, report)).toBe(true);
      expect(await pauses.pause(mailbox, report)).toBe(false);
      expect(await pauses.current(mailbox)).toEqual({
        until: at(60),
        reason: '5.1.8: blocked',
        since: at(-1),
        closings: 2,
        probeDateTime: at(19),
      });
    });

    it('is lifted after its own probe only, and reports that came in until then do not bring it back', async () => {
      const mailbox = newMailbox();
      await pause(mailbox);
      clock.advance(10 * MINUTE);
      await pauses.probe(mailbox, 'mail');
      const { probe } = (await pauses.current(mailbox)) ?? {};
      clock.advance(10 * MINUTE);
      expect(await pauses.liftAfter(mailbox, { sendRequestId: 'other', startedDateTime: at(0) }, at(0))).toBe(false);
      expect(await pauses.liftAfter(mailbox, probe as NonNullable<typeof probe>, at(0))).toBe(true);
      expect(await pauses.current(mailbox)).toBeUndefined();
      expect(await pause(mailbox, 60, at(-1))).toBe(false);
      expect(await pause(mailbox, 60, at(1))).toBe(true);
    });

    it('the tenant has a pause beside those of mailboxes, which goes on after its time and names the mailbox of its probe', async () => {
      const mailbox = newMailbox();
      const other = harness.another();
      await pauses.pause(TENANT, { until: at(60), reason: '5.7.705: over', since: at(0), reach: 'external' });
      await pause(mailbox, 120);
      clock.advance(61 * MINUTE);
      expect(await other.current(TENANT)).toMatchObject({ until: at(-1), reach: 'external' });
      expect(await other.current(mailbox)).toMatchObject({ until: at(59) });
      expect(await other.current(newMailbox())).toBeUndefined();
      expect(await pauses.probe(TENANT, 'mail', mailbox)).toBe(true);
      const probe = { sendRequestId: 'mail', startedDateTime: at(0), mailbox };
      expect((await pauses.list()).find((one) => one.mailbox === TENANT)).toMatchObject({ reach: 'external', probe });
      expect(await pauses.liftAfter(TENANT, probe, at(0))).toBe(true);
      expect(await pauses.current(TENANT)).toBeUndefined();
      expect(await pauses.current(mailbox)).toBeDefined();
    });

    it('where nothing is paused there is no probe', async () => {
      expect(await pauses.probe(newMailbox(), 'mail')).toBe(false);
    });

    it('one that nobody paused can be lifted', async () => {
      await expect(pauses.lift(newMailbox())).resolves.toBeUndefined();
    });
  });
}
