// A list over all mailboxes: newest first over all of them, page by page, each once, whatever the pages of the mailboxes are like.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SendRequestFilter } from '../../../shared/domain/log/filter.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import { makeSendRequestId, newestFirst } from '../../../shared/domain/log/send-request-id.ts';
import type { KnownMailbox, ListPage, ListQuery, SendRequestList } from '../../../shared/ports/send-request-list.ts';
import { listSendRequests } from '../../../shared/usecases/log/list-send-requests.ts';
import { record } from '../../support/samples.ts';

const keyOf = ({ id }: SendRequestRecord) => newestFirst(id);
const byKey = (a: SendRequestRecord, b: SendRequestRecord) => (keyOf(a) < keyOf(b) ? -1 : 1);

/** Examines `budget` records for a page, of which only some are meant: pages come short, even empty. */
class Budgeted implements SendRequestList {
  readonly asked: string[] = [];
  examined = 0;
  readonly #boxes: Map<string, SendRequestRecord[]>;
  readonly #budget: number;
  constructor(boxes: Map<string, SendRequestRecord[]>, budget: number) {
    this.#boxes = boxes;
    this.#budget = budget;
  }
  async page(mailbox: string, { filter, top, after = '', budget = this.#budget }: ListQuery): Promise<ListPage> {
    this.asked.push(mailbox);
    const left = (this.#boxes.get(mailbox) ?? []).filter((one) => keyOf(one) > after).sort(byKey);
    const examined = left.slice(0, Math.max(Math.min(this.#budget, budget), 1));
    this.examined += examined.length;
    const meant = examined.filter(({ status }) => filter.status === undefined || status === filter.status);
    if (meant.length > top) return { records: meant.slice(0, top), next: keyOf(meant[top - 1] as SendRequestRecord) };
    const last = examined.at(-1);
    return { records: meant, ...(last && left.length > examined.length && { next: keyOf(last) }) };
  }
  async mailboxes(): Promise<KnownMailbox[]> {
    return [...this.#boxes].map(([mailbox, records]) => ({
      mailbox,
      lastDateTime:
        records
          .map((r) => r.createdDateTime)
          .sort()
          .at(-1) ?? '2000-01-01T00:00:00Z',
    }));
  }
}

function boxesOf(minutes: readonly { box: number; at: number; sent: boolean }[]): Map<string, SendRequestRecord[]> {
  const boxes = new Map<string, SendRequestRecord[]>();
  for (const [n, { box, at, sent }] of minutes.entries()) {
    const mailbox = `box-${box}@contoso.com`;
    const time = Date.UTC(2026, 0, 1) + at * 60_000;
    const id = makeSendRequestId(
      time,
      mailbox,
      Uint8Array.from({ length: 14 }, (_, i) => n + i),
    );
    const made = record(mailbox, { id, status: sent ? 'sent' : 'failed', createdDateTime: new Date(time).toISOString() });
    boxes.set(mailbox, [...(boxes.get(mailbox) ?? []), made]);
  }
  return boxes;
}

async function pages(list: SendRequestList, filter: SendRequestFilter, top: number): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  for (let n = 0; n < 500; n++) {
    const page = await listSendRequests(list, { filter, top, ...(after !== undefined && { after }) });
    expect(page.records.length).toBeLessThanOrEqual(top);
    ids.push(...page.records.map(({ id }) => id));
    if (page.next === undefined) return ids;
    expect(page.next > (after ?? '')).toBe(true);
    after = page.next;
  }
  throw new Error('no end');
}

test('every send request comes once, newest first, for any mailboxes, page size, budget and filter', async () => {
  const world = fc.array(fc.record({ box: fc.nat(4), at: fc.nat(30), sent: fc.boolean() }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(
      world,
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      async (minutes, top, budget, onlySent) => {
        const boxes = boxesOf(minutes);
        const expected = [...boxes.values()]
          .flat()
          .filter(({ status }) => !onlySent || status === 'sent')
          .sort(byKey);
        expect(await pages(new Budgeted(boxes, budget), onlySent ? { status: 'sent' } : {}, top)).toEqual(expected.map(({ id }) => id));
      },
    ),
    { seed: 8, numRuns: 300 },
  );
});

test('a page over many mailboxes examines a bounded number of rows, and more of a mailbox that holds up the others', async () => {
  const busy = Array.from({ length: 3_000 }, (_, n) => ({ box: 0, at: n, sent: n % 1_500 === 0 }));
  const quiet = Array.from({ length: 100 }, (_, n) => ({ box: n + 1, at: n, sent: n === 50 }));
  const list = new Budgeted(boxesOf([...busy, ...quiet]), 1_000);
  const page = await listSendRequests(list, { filter: { status: 'sent' }, top: 10 });
  // The busy mailbox is examined to its end, though its share was 50 rows at first.
  expect(page.records.map(({ mailbox }) => mailbox)).toEqual(['box-0@contoso.com', 'box-51@contoso.com', 'box-0@contoso.com']);
  expect(page.next).toBeUndefined();
  const long = new Budgeted(boxesOf([...busy, ...busy, ...busy].map((one, n) => ({ ...one, at: n, sent: false })).concat(quiet)), 1_000);
  const first = await listSendRequests(long, { filter: { status: 'sent' }, top: 10 });
  expect(first.next).toBeDefined();
  expect(long.examined).toBeLessThanOrEqual(101 * 50 + 4_000);
  expect(await pages(long, { status: 'sent' }, 10)).toHaveLength(1);
});

test('only mailboxes that can have one that is meant are asked', async () => {
  const boxes = boxesOf([
    { box: 1, at: 0, sent: true },
    { box: 2, at: 3 * 24 * 60, sent: true },
  ]);
  const list = new Budgeted(boxes, 10);
  await listSendRequests(list, { filter: { createdFrom: Date.UTC(2026, 0, 3) }, top: 10 });
  expect(list.asked).toEqual(['box-2@contoso.com']);
  await listSendRequests(list, { filter: { mailbox: 'any@contoso.com' }, top: 10 });
  expect(list.asked).toEqual(['box-2@contoso.com', 'any@contoso.com']);
  const id = boxes.get('box-1@contoso.com')?.[0]?.id as string;
  await listSendRequests(list, { filter: { id }, top: 10 });
  expect(list.asked).toEqual(['box-2@contoso.com', 'any@contoso.com', 'box-1@contoso.com']);
});
