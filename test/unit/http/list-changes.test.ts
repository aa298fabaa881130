// Lists over HTTP: the links of the change feed lead through its rounds, a changed link is 400, an old one 410, and subjects need to be kept.
import { beforeEach, describe, expect, test } from 'vitest';
import { actByFilterHandler } from '../../../shared/adapters/http/act-by-filter-handlers.ts';
import type { ListDependencies } from '../../../shared/adapters/http/list-send-requests-handler.ts';
import { listAllSendRequestsHandler, listSendRequestsHandler } from '../../../shared/adapters/http/list-send-requests-handler.ts';
import { InMemoryChangeFeed } from '../../fakes/in-memory-change-feed.ts';
import { InMemoryStatusLog } from '../../fakes/in-memory-status-log.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { openAuthorization } from '../../fakes/open-authorization.ts';
import { record } from '../../support/samples.ts';
import { ask, json, newId } from './http.ts';

const MAILBOX = 'ada@contoso.com';
const DAY = 86_400_000;

let clock: ManualClock;
let log: InMemoryStatusLog;
let dependencies: ListDependencies;
beforeEach(() => {
  clock = new ManualClock('2026-01-31T08:00:00Z');
  log = new InMemoryStatusLog(clock);
  const feed = new InMemoryChangeFeed(log);
  dependencies = { clock, newId, authorization: openAuthorization(), list: log, feed, logRetentionMs: 90 * DAY, logSubjects: true };
});

const list = (path: string, mailbox?: string) => {
  const handler = mailbox === undefined ? listAllSendRequestsHandler(dependencies) : listSendRequestsHandler(dependencies);
  return ask(handler, { method: 'GET', path, params: mailbox === undefined ? {} : { mailbox } });
};
const ofMailbox = (query: string) => list(`/v1.0/users/${MAILBOX}/sendRequests?${query}`, MAILBOX);
const ofAll = (query: string) => list(`/v1.0/sendRequests?${query}`);

/** A link as it was given out, followed. */
const follow = (link: unknown, mailbox?: string) => {
  const { pathname, search } = new URL(String(link));
  return list(pathname + search, mailbox);
};

async function create(more: Parameters<typeof record>[1] = {}, mailbox = MAILBOX) {
  const made = record(mailbox, more);
  await log.create({ record: made, events: [], recipients: [] });
  clock.advance(1_000);
  return made;
}

const idsOf = ({ body }: { body: Record<string, unknown> }) => (body['value'] as { id: string }[]).map(({ id }) => id);

describe('the change feed', () => {
  test.each([
    ['of a mailbox', ofMailbox, MAILBOX],
    ['of all', ofAll, undefined],
  ] as const)('%s goes on by its links, page by page and round by round', async (_, first, mailbox) => {
    const made = [await create(), await create(), await create()];
    clock.advance(60_000);
    const one = await first('$orderby=lastModifiedDateTime&$top=2');
    expect(idsOf(one)).toEqual(made.slice(0, 2).map(({ id }) => id));
    expect(one.body['@odata.deltaLink']).toBeUndefined();
    const two = await follow(one.body['@odata.nextLink'], mailbox);
    expect(idsOf(two)).toEqual([made[2]?.id]);
    expect(two.body['@odata.nextLink']).toBeUndefined();
    const none = await follow(two.body['@odata.deltaLink'], mailbox);
    expect(idsOf(none)).toEqual([]);
    const later = await create({ status: 'failed', recipientCounts: { ...record(MAILBOX).recipientCounts, failed: 1 } });
    clock.advance(60_000);
    const told = await follow(none.body['@odata.deltaLink'], mailbox);
    expect(told.body['value']).toMatchObject([{ id: later.id, hasFailures: true, lastModifiedDateTime: '2026-01-31T08:01:03.000Z' }]);
  });

  test('begins now with $deltatoken=latest, and at a time with a filter', async () => {
    await create();
    clock.advance(60_000);
    const latest = await ofMailbox('$deltatoken=latest');
    expect(latest.body).toMatchObject({ value: [], '@odata.deltaLink': expect.stringContaining('deltatoken=d1-') });
    const since = await ofMailbox('$filter=lastModifiedDateTime ge 2026-01-31T08:00:00.500Z');
    expect(idsOf(since)).toEqual([]);
    const all = await ofMailbox('$filter=lastModifiedDateTime ge 2026-01-31T08:00:00Z');
    expect(idsOf(all)).toHaveLength(1);
  });

  test('refuses a link that was changed, and one of another list', async () => {
    clock.advance(60_000);
    const { body } = await ofMailbox("$orderby=lastModifiedDateTime&$filter=status eq 'failed'");
    const link = String(body['@odata.deltaLink']);
    expect((await follow(link, MAILBOX)).status).toBe(200);
    for (const changed of [link.replace('failed', 'sent'), link.replace(/d1-./, 'd1-z'), link.replace(MAILBOX, 'bob@contoso.com')]) {
      const answer = await follow(changed, changed.includes('bob') ? 'bob@contoso.com' : MAILBOX);
      expect(answer).toMatchObject({ status: 400, error: { message: expect.stringContaining('use @odata.deltaLink unchanged') } });
    }
  });

  test('refuses a link that is older than what is kept, and says how to start again', async () => {
    const { body } = await ofMailbox('$orderby=lastModifiedDateTime');
    clock.advance(91 * DAY);
    expect(await follow(body['@odata.deltaLink'], MAILBOX)).toMatchObject({
      status: 410,
      error: { code: 'syncStateNotFound', message: expect.stringContaining('$orderby=lastModifiedDateTime reads everything') },
    });
  });
});

describe('a search by subject', () => {
  const query = "$filter=contains(subject,'INVOICE')";

  test('finds by words in any case, in one mailbox and in all', async () => {
    const one = await create({ subject: 'Your invoice' });
    await create({ subject: 'Offer' });
    const two = await create({ subject: 'invoice 42' }, 'bob@contoso.com');
    expect(idsOf(await ofMailbox(query))).toEqual([one.id]);
    expect(idsOf(await ofAll(query))).toEqual([two.id, one.id]);
    expect(idsOf(await ofAll("$filter=startswith(subject,'invoice')"))).toEqual([two.id]);
  });

  test('is refused if subjects are not kept, also for an action by filter', async () => {
    dependencies = { ...dependencies, logSubjects: false };
    const refusal = { status: 400, error: { message: expect.stringContaining('LOG_SUBJECTS') } };
    expect(await ofMailbox(query)).toMatchObject(refusal);
    expect(await ofAll(query)).toMatchObject(refusal);
    const act = actByFilterHandler('cancel', { ...dependencies, actByFilter: () => Promise.reject(new Error('acted')) });
    const order = json({ filter: "contains(subject,'x')" });
    expect(await ask(act, { ...order, path: '/v1.0/sendRequests/cancel', params: {} })).toMatchObject(refusal);
  });
});
