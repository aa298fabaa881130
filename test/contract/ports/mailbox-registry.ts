// What every registry of watched mailboxes must do, whatever keeps it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MailboxRegistry, WatchedMailbox } from '../../../shared/ports/mailbox-registry.ts';
import type { Versioned } from '../../../shared/ports/status-log.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { newMailbox } from '../../support/samples.ts';

export interface RegistryHarness {
  start(): Promise<void>;
  /** A process of its own over the same rows. */
  create(clock: ManualClock): MailboxRegistry;
  dispose(): Promise<void>;
}

export function describeMailboxRegistry(name: string, harness: RegistryHarness): void {
  describe(`mailbox registry contract: ${name}`, () => {
    const clock = new ManualClock();
    const now = () => new Date(clock.now()).toISOString();
    let registry: MailboxRegistry;
    beforeAll(async () => {
      await harness.start();
      registry = harness.create(clock);
    });
    afterAll(() => harness.dispose());

    const find = async (mailbox: string): Promise<Versioned<WatchedMailbox> | undefined> =>
      (await registry.list()).find(({ value }) => value.mailbox === mailbox);
    const watched = async (mailbox = newMailbox()): Promise<Versioned<WatchedMailbox>> => {
      await registry.touch(mailbox);
      return (await find(mailbox)) as Versioned<WatchedMailbox>;
    };
    const later = () => clock.advance(31 * 60_000);

    it('a touched mailbox is listed with the time, under the name that it has', async () => {
      for (const mailbox of [newMailbox(), "o'brien+x/y@contoso.com", 'ünï@contoso.com'])
        expect((await watched(mailbox)).value).toEqual({ mailbox, touchedDateTime: now() });
    });

    it('a From is watched for its submitters, whoever notes them, and until it submits itself it is only that', async () => {
      const [from, one, other] = [newMailbox(), newMailbox(), newMailbox()];
      await registry.touch(from, one);
      await registry.touch(from, other);
      const found = await find(from);
      const touchedDateTime = now();
      expect(found?.value).toEqual({ mailbox: from, touchedDateTime, submitters: expect.anything(), onlyFrom: true });
      expect(found?.value.submitters).toHaveLength(2);
      for (const mailbox of [one, other]) expect(found?.value.submitters).toContainEqual({ mailbox, touchedDateTime });
      expect(await registry.save({ ...(found as Versioned<WatchedMailbox>).value, reconciledDateTime: now() }, found?.etag ?? '')).toBe(
        true,
      );
      await registry.touch(from);
      const after = (await find(from))?.value;
      expect([after?.submitters?.length, after?.onlyFrom]).toEqual([2, undefined]);
    });

    it('a submitter is forgotten by itself, but not one that was noted anew, and it can be noted again at once', async () => {
      const [from, one, other] = [newMailbox(), newMailbox(), newMailbox()];
      await registry.touch(from, one);
      await registry.touch(from, other);
      const before = { mailbox: one, touchedDateTime: now() };
      later();
      await registry.touch(from, one);
      await registry.forgetSubmitter(from, before);
      expect((await find(from))?.value.submitters).toHaveLength(2);
      await registry.forgetSubmitter(from, { mailbox: one, touchedDateTime: now() });
      expect((await find(from))?.value.submitters?.map(({ mailbox }) => mailbox)).toEqual([other]);
      await registry.touch(from, one);
      expect((await find(from))?.value.submitters).toHaveLength(2);
      for (const submitter of (await find(from))?.value.submitters ?? []) await registry.forgetSubmitter(from, submitter);
      expect((await find(from))?.value).toEqual({ mailbox: from, touchedDateTime: now() });
    });

    it('a From has room for as many submitters as there are', async () => {
      const from = newMailbox();
      for (let count = 0; count < 300; count++) await registry.touch(from, newMailbox());
      expect((await find(from))?.value.submitters).toHaveLength(300);
    });

    it('what is saved is listed, and what a save leaves out is gone', async () => {
      const { value, etag } = await watched();
      const full = {
        ...value,
        reconciledDateTime: now(),
        sentItemsDeltaLink: 'https://x/?$deltatoken=1',
        reportsReadUntil: now(),
        reportsReadFrom: now(),
        error: '403',
      };
      expect(await registry.save(full, etag)).toBe(true);
      const saved = await find(value.mailbox);
      expect(saved?.value).toEqual(full);
      expect(await registry.save(value, saved?.etag ?? '')).toBe(true);
      expect((await find(value.mailbox))?.value).toEqual(value);
    });

    it('a save that another save came before is refused', async () => {
      const { value, etag } = await watched();
      expect(await registry.save({ ...value, sentItemsDeltaLink: 'one' }, etag)).toBe(true);
      expect(await registry.save({ ...value, sentItemsDeltaLink: 'two' }, etag)).toBe(false);
      expect((await find(value.mailbox))?.value.sentItemsDeltaLink).toBe('one');
    });

    it('a touch between reading and saving is kept, and so is the save', async () => {
      const { value, etag } = await watched();
      later();
      await registry.touch(value.mailbox);
      expect(await registry.save({ ...value, sentItemsDeltaLink: 'one' }, etag)).toBe(true);
      expect((await find(value.mailbox))?.value).toEqual({ ...value, touchedDateTime: now(), sentItemsDeltaLink: 'one' });
    });

    it('how far reports were read is kept in the middle of a visit, and the save at its end still counts', async () => {
      const { value, etag } = await watched();
      const position = { reportsReadUntil: now(), reportsReadFrom: now() };
      await registry.noteReportsRead(value.mailbox, position);
      expect((await find(value.mailbox))?.value).toEqual({ ...value, ...position });
      expect(await registry.save({ ...value, ...position, sentItemsDeltaLink: 'one' }, etag)).toBe(true);
      expect((await find(value.mailbox))?.value).toEqual({ ...value, ...position, sentItemsDeltaLink: 'one' });
    });

    it('how far reports were read of a mailbox that was forgotten meanwhile is forgotten too', async () => {
      const { value, etag } = await watched();
      await registry.forget(value.mailbox, etag);
      await registry.noteReportsRead(value.mailbox, { reportsReadUntil: now(), reportsReadFrom: now() });
      expect(await find(value.mailbox)).toBeUndefined();
    });

    it('a mailbox that was touched meanwhile is not forgotten', async () => {
      const { value, etag } = await watched();
      later();
      await registry.touch(value.mailbox);
      expect(await registry.forget(value.mailbox, etag)).toBe(false);
      const again = await find(value.mailbox);
      expect(await registry.forget(value.mailbox, again?.etag ?? '')).toBe(true);
      expect(await find(value.mailbox)).toBeUndefined();
    });

    it('a forgotten mailbox can be touched again at once, and forgetting it twice is harmless', async () => {
      const { value, etag } = await watched();
      expect(await registry.forget(value.mailbox, etag)).toBe(true);
      expect(await registry.forget(value.mailbox, etag)).toBe(true);
      expect(await registry.save(value, etag)).toBe(false);
      await registry.touch(value.mailbox);
      expect((await find(value.mailbox))?.value).toEqual(value);
    });
  });
}
