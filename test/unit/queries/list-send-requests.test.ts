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
  readonly #boxes: Map<string, SendRequestRecord[]>;
  readonly #budget: number;
  constructor(boxes: Map<string, SendRequestRecord[]>, budget: number) {
    this.#boxes = boxes;
    this.#budget = budget;
  }
  async page(mailbox: string, { filter, top, after = '' }: ListQuery): Promise<ListPage> {
    this.asked.push(mailbox);
    const left = (this.#boxes.get(mailbox) ?? []).filter((one) => keyOf(one) > after).sort(byKey);
    const examined = left.slice(0, Math.max(this.#budget, 1));
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
