// The change feed tells every change, also of writers that land late and whose clocks differ, and asks no mailbox that is quiet.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FeedStart } from '../../../shared/domain/log/change-feed.ts';
import type { SendRequestFilter } from '../../../shared/domain/log/filter.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { type ChangesPage, listChanges } from '../../../shared/usecases/log/list-changes.ts';
import { InMemoryChangeFeed } from '../../fakes/in-memory-change-feed.ts';
import { InMemoryStatusLog } from '../../fakes/in-memory-status-log.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { record } from '../../support/samples.ts';

const SECOND = 1_000;
const DAY = 86_400 * SECOND;
const START = Date.parse('2026-01-31T08:00:00Z');

class Reader {
  readonly clock = new ManualClock('2026-01-31T08:00:00Z');
  readonly log = new InMemoryStatusLog({ now: () => this.stamp });
  readonly feed = new InMemoryChangeFeed(this.log);
  /** What the writer's clock says when it sends a write. */
  stamp = START;
  link: FeedStart = { kind: 'begin' };

  async page(start: FeedStart, { filter = {}, top = 3 }: { filter?: SendRequestFilter; top?: number } = {}): Promise<ChangesPage> {
    const context = { feed: this.feed, now: this.clock.now(), retentionMs: 90 * DAY };
    const page = await listChanges(context, { filter, top, feed: start });
    if (!page) throw new Error('expired');
    return page;
  }

  /** One round to its end; the next one begins where it ended. */
  async round(options: { filter?: SendRequestFilter; top?: number } = {}): Promise<SendRequestRecord[]> {
    const told: SendRequestRecord[] = [];
    for (let start = this.link, pages = 0; ; pages++) {
      const page = await this.page(start, options);
      told.push(...page.records);
      expect(page.records.length).toBeLessThanOrEqual(options.top ?? 3);
      expect(pages).toBeLessThan(1_000);
      if (page.next) start = { kind: 'within', round: page.next };
      else {
        this.link = { kind: 'since', from: page.since as number };
        return told;
      }
    }
  }

  async write(made: SendRequestRecord): Promise<void> {
    const stored = await this.log.read(made.mailbox, made.id);
    if (stored) await this.log.write({ record: made, events: [] }, stored.etag);
    else await this.log.create({ record: made, events: [], recipients: [] });
  }
}

const MAILBOXES = ['a@contoso.com', 'b@contoso.com', 'c@contoso.com'];

test('a round tells all that was written before its end, oldest first, and the next one only what changed since', async () => {
  const reader = new Reader();
  const made = Array.from({ length: 10 }, (_, n) => record(MAILBOXES[n % 3] as string));
  for (const one of made) {
    await reader.write(one);
    reader.stamp += SECOND;
  }
  reader.clock.advance(70 * SECOND);
  expect((await reader.round()).map(({ id }) => id)).toEqual(made.map(({ id }) => id));
  expect(await reader.round()).toEqual([]);
  reader.stamp = reader.clock.now();
  await reader.write({ ...(made[2] as SendRequestRecord), status: 'sent' });
  expect(await reader.round()).toEqual([]);
  reader.clock.advance(61 * SECOND);
  expect(await reader.round()).toMatchObject([{ id: made[2]?.id, status: 'sent' }]);
});

test('a quiet mailbox is not asked', async () => {
  const reader = new Reader();
  for (const mailbox of MAILBOXES) await reader.write(record(mailbox));
  reader.clock.advance(120 * SECOND);
  await reader.round();
  reader.feed.asked.length = 0;
  reader.stamp = reader.clock.now();
  await reader.write(record('b@contoso.com'));
  reader.clock.advance(120 * SECOND);
  expect(await reader.round()).toHaveLength(1);
  expect(reader.feed.asked).toEqual(['b@contoso.com']);
});

test('a filter is held against the record; an application sees its own', async () => {
  const reader = new Reader();
  const mine = record('a@contoso.com', { application: 'mine', status: 'failed' });
  for (const one of [mine, record('a@contoso.com', { application: 'mine' }), record('a@contoso.com', { status: 'failed' })])
    await reader.write(one);
  reader.clock.advance(120 * SECOND);
  const told = await reader.round({ filter: { mailbox: 'a@contoso.com', application: 'mine', status: 'failed' }, top: 1 });
  expect(told.map(({ id }) => id)).toEqual([mine.id]);
});

test('what an earlier version wrote last comes first, and no longer once all of it was written since', async () => {
  const reader = new Reader();
  const older = Array.from({ length: 5 }, (_, n) => record(MAILBOXES[n % 2] as string));
  for (const one of older) await reader.write(one);
  const indexed = await reader.feed.changes('a@contoso.com', { from: 0, until: START + DAY, top: 1 });
  // The feed knows of one of them, and of what is written from now on.
  reader.feed.completeFrom = async () => START + 60 * SECOND;
  reader.feed.older = async (mailbox, query, { from, until }) => {
    const page = await reader.log.page(mailbox, query);
    const isWithin = (time: string) => Date.parse(time) >= from && Date.parse(time) < until;
    return { ...page, records: page.records.filter(({ lastModifiedDateTime }) => isWithin(lastModifiedDateTime)) };
  };
  const { changes } = reader.feed;
  reader.feed.changes = async (mailbox, query) => {
    const rows = await changes.call(reader.feed, mailbox, query);
    return rows.filter(({ id }) => id === indexed[0]?.id || !older.some((one) => one.id === id));
  };
  reader.clock.advance(90 * SECOND);
  const told = (await reader.round({ top: 2 })).map(({ id }) => id);
  expect(told.slice(0, 5)).toEqual(older.map(({ id }) => id).reverse());
  expect(told.slice(5)).toEqual([indexed[0]?.id]);
  reader.clock.advance(60 * SECOND);
  expect(await reader.round()).toEqual([]);
  reader.feed.older = () => Promise.reject(new Error('asked'));
  expect(await reader.round()).toEqual([]);
});

test('a link that is older than what is kept has expired', async () => {
  const reader = new Reader();
  const context = { feed: reader.feed, now: START + 91 * DAY, retentionMs: 90 * DAY };
  expect(await listChanges(context, { filter: {}, top: 3, feed: { kind: 'since', from: START } })).toBeUndefined();
});

test('a record that changes while its page is read is told in the next round, at its new place', async () => {
  const reader = new Reader();
  const made = record('a@contoso.com');
  await reader.write(made);
  reader.clock.advance(120 * SECOND);
  const { feed } = reader;
  const rows = await feed.changes('a@contoso.com', { from: 0, until: reader.clock.now(), top: 9 });
  feed.changes = async () => rows;
  reader.stamp = reader.clock.now();
  await reader.write({ ...made, status: 'sent' });
  const page = await reader.page({ kind: 'begin' });
  expect(page.records).toEqual([]);
});

test('no change is missed and none is told twice, however late writes land and whichever way clocks differ', async () => {
  /** Sent at a second; `skew` is the writer's clock; it lands up to 40 s later. */
  const skew = fc.constantFrom(-10, 0, 10);
  const writes = fc.array(fc.record({ at: fc.nat(150), skew, late: fc.constantFrom(0, 20, 40), of: fc.nat(5) }), {
    minLength: 1,
    maxLength: 12,
  });
  const polls = fc.array(fc.record({ at: fc.nat(200), skew }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(writes, polls, fc.integer({ min: 1, max: 4 }), async (some, looks, top) => {
      const requests = Array.from({ length: 6 }, (_, n) => record(MAILBOXES[n % 3] as string));
      const reader = new Reader();
      const now = { value: START };
      reader.clock.now = () => now.value;
      const told = new Map<string, string[]>();
      const poll = async (at: number): Promise<void> => {
        now.value = START + at * SECOND;
        for (const { id, lastModifiedDateTime } of await reader.round({ top }))
          told.set(id, [...(told.get(id) ?? []), lastModifiedDateTime]);
      };
      // A write lands only on what it has read, so the writes of one request do not overtake each other.
      const landings = some.map(({ at, skew, late, of }) => ({ lands: at + late, stamp: START + (at + skew) * SECOND, of }));
      const steps = [
        ...landings.map((landing) => ({ at: landing.lands, landing })),
        ...looks.map(({ at, skew }) => ({ at, skew })),
        { at: 400, skew: 0 },
      ].sort((a, b) => a.at - b.at);
      for (const step of steps) {
        if (!('landing' in step)) {
          await poll(step.at + step.skew);
          continue;
        }
        reader.stamp = step.landing.stamp;
        await reader.write(requests[step.landing.of] as SendRequestRecord);
      }
      for (const { mailbox, id } of requests) {
        const last = (await reader.log.read(mailbox, id))?.value.lastModifiedDateTime;
        const times = told.get(id) ?? [];
        expect(times.at(-1)).toBe(last);
        expect(new Set(times).size).toBe(times.length);
      }
    }),
    { seed: 21, numRuns: 200 },
  );
});
