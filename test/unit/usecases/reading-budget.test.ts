// Reading reports has a budget: a mailbox with thousands of slow mails starves nobody, and what was read is not read again.
import { beforeEach, describe, expect, test } from 'vitest';
import type { GraphAnswer, GraphMail, ReportPage } from '../../../shared/ports/graph-mail.ts';
import type { Context } from '../../../shared/usecases/context.ts';
import { reconcileMailboxes } from '../../../shared/usecases/reconcile/reconcile-mailboxes.ts';
import { group, report } from './reported.ts';
import { answered, HOUR, MAILBOX, MINUTE, NO_ANSWER, SECOND, Stage } from './stage.ts';

const FLOODED = 'flooded@contoso.com';
const SLOW_MS = 300;
const PAGE = 50;
const JUNK = new TextEncoder().encode('From: a@example.com\nSubject: out of office\nAuto-Submitted: auto-replied\n\nback soon\n');

let stage: Stage;
/** Of the flooded mailbox: how often each mail was fetched. */
let fetched: Map<string, number>;
beforeEach(() => {
  stage = new Stage();
  fetched = new Map();
});

/** Graph as the stage has it, in pages, and slow for the flooded mailbox. `dies`: this many fetches later the process is gone. */
function slowly(context: Context, dies = Number.POSITIVE_INFINITY): Context {
  let left = dies;
  const listReports: GraphMail['listReports'] = async (call, from) => {
    const [since = '', skip = '0'] = 'link' in from ? from.link.split(' ') : [from.since];
    const answer = (await context.graph.listReports(call, { since })) as GraphAnswer<ReportPage>;
    const all = answer.body?.items ?? [];
    const items = all.slice(Number(skip), Number(skip) + PAGE);
    const next = Number(skip) + PAGE;
    const readUntil = items.at(-1)?.receivedDateTime;
    const body: ReportPage = { items, ...(readUntil && { readUntil }), ...(next < all.length && { nextLink: `${since} ${next}` }) };
    return { ...answer, ...(answer.body && { body }) };
  };
  const getMime: GraphMail['getMime'] = async (call, id) => {
    if (call.mailbox === FLOODED) {
      if (left-- <= 0) return new Promise<never>(() => undefined);
      fetched.set(id, (fetched.get(id) ?? 0) + 1);
      stage.clock.advance(SLOW_MS);
    }
    return context.graph.getMime(call, id);
  };
  const graph = new Proxy(context.graph, {
    get: (target, key) => ({ listReports, getMime })[key as 'getMime'] ?? Reflect.get(target, key),
  });
  return { ...context, graph };
}

/** So many mails that may be reports come in, some of them each second. */
async function flood(count: number, perSecond = 20): Promise<void> {
  for (let n = 0; n < count; n++) {
    stage.graph.receive(FLOODED, { mime: JUNK, looksLikeReport: true });
    if (n % perSecond === 0) stage.clock.advance(SECOND);
  }
}

async function sentFrom(mailbox: string): Promise<string> {
  const id = await stage.post({ mailbox });
  await stage.deliver();
  return id;
}

async function reportTo(mailbox: string, id: string): Promise<void> {
  const { internetMessageId } = (await stage.log.read(mailbox, id))?.value ?? {};
  const mime = report(internetMessageId ?? '', [group('person@example.com')]);
  stage.graph.receive(mailbox, { mime, looksLikeReport: true, itemClass: 'REPORT.IPM.Note.NDR' });
}

const statusOf = async (mailbox: string, id: string) => (await stage.log.read(mailbox, id))?.value.status;
const watched = async (mailbox: string) => (await stage.registry.list()).find(({ value }) => value.mailbox === mailbox)?.value;

test('2,000 slow mails in one mailbox: the others hear of their reports in the same run, and each mail is read once, in few runs', async () => {
  const own = await sentFrom(FLOODED);
  const others = Array.from({ length: 6 }, (_, i) => `m${i}@contoso.com`);
  const ids = new Map<string, string>();
  for (const mailbox of others) ids.set(mailbox, await sentFrom(mailbox));
  await flood(2_000);
  await reportTo(FLOODED, own);
  for (const [mailbox, id] of ids) await reportTo(mailbox, id);
  const context = slowly(stage.context);

  const begun = stage.clock.now();
  await reconcileMailboxes(context);
  expect(stage.clock.now() - begun).toBeLessThan(60 * SECOND);
  for (const [mailbox, id] of ids) expect(await statusOf(mailbox, id)).toBe('failed');
  expect(fetched.size).toBeLessThan(200);

  let runs = 1;
  for (; (await statusOf(FLOODED, own)) !== 'failed' && runs < 30; runs++) {
    stage.clock.advance(15 * SECOND);
    await reconcileMailboxes(context);
  }
  expect(runs).toBeLessThan(20);
  expect(fetched.size).toBe(2_001);
  expect([...fetched.values()].every((count) => count === 1)).toBe(true);
});

test('many flooded mailboxes at once: a run ends in time, and everybody gets a turn', async () => {
  const mailboxes = Array.from({ length: 4 }, (_, i) => `f${i}@contoso.com`);
  for (const mailbox of mailboxes) {
    await sentFrom(mailbox);
    for (let n = 0; n < 700; n++) stage.graph.receive(mailbox, { mime: JUNK, looksLikeReport: true });
  }
  const quiet = await sentFrom(MAILBOX);
  await reportTo(MAILBOX, quiet);
  const getMime: GraphMail['getMime'] = async (call, id) => {
    if (call.mailbox !== MAILBOX) stage.clock.advance(SLOW_MS);
    return stage.context.graph.getMime(call, id);
  };
  const graph = new Proxy(stage.context.graph, { get: (target, key) => (key === 'getMime' ? getMime : Reflect.get(target, key)) });
  const begun = stage.clock.now();
  await reconcileMailboxes({ ...stage.context, graph });
  expect(stage.clock.now() - begun).toBeLessThan(5 * MINUTE);
  expect(await statusOf(MAILBOX, quiet)).toBe('failed');
});

describe('a process that dies in the middle', () => {
  test('has kept its position page by page: the next one goes on from there', async () => {
    await sentFrom(FLOODED);
    await flood(300, 1);
    stage.clock.advance(HOUR / 2);
    const run = reconcileMailboxes(slowly(stage.context, 120));
    await Promise.race([run, until(() => fetched.size === 120)]);
    const { reportsReadFrom = '' } = (await watched(FLOODED)) ?? {};
    expect(reportsReadFrom).not.toBe('');
    await reconcileMailboxes(slowly(stage.anotherProcess()));
    const again = [...fetched.values()].filter((count) => count > 1).length;
    expect(again).toBeLessThanOrEqual(PAGE);
  });

  test('every time, is no reason to begin at the beginning for ever', async () => {
    await sentFrom(FLOODED);
    await flood(500);
    for (let runs = 0; runs < 12; runs++) {
      stage.clock.advance(MINUTE);
      await reconcileMailboxes(slowly(stage.anotherProcess()));
    }
    expect(fetched.size).toBe(500);
  });
});

describe('a mail that Graph does not show', () => {
  test.each([
    ['500', answered(500, 'ErrorMimeContentConversionFailed')],
    ['no answer', NO_ANSWER],
  ])('%s: those behind it are read all the same; it is told, tried again for an hour, and then left', async (_, failure) => {
    const id = await sentFrom(MAILBOX);
    stage.graph.receive(MAILBOX, { mime: JUNK, looksLikeReport: true });
    const poison = stage.graph.items.at(-1)?.id;
    stage.clock.advance(SECOND);
    await reportTo(MAILBOX, id);
    let asked = 0;
    const getMime: GraphMail['getMime'] = async (call, item) => {
      expect(call.timeoutMs).toBeLessThanOrEqual(20_000);
      if (item !== poison) return stage.context.graph.getMime(call, item);
      asked++;
      return failure;
    };
    const graph = new Proxy(stage.context.graph, { get: (target, key) => (key === 'getMime' ? getMime : Reflect.get(target, key)) });
    const context = { ...stage.context, graph };
    await reconcileMailboxes(context);
    expect(await statusOf(MAILBOX, id)).toBe('failed');
    expect(stage.telemetry.named('mailboxUnreadable')).toMatchObject([{ reason: expect.stringContaining('a report') }]);
    for (let minute = 0; minute < 70; minute++) {
      stage.clock.advance(MINUTE);
      await reconcileMailboxes(context);
    }
    expect(asked).toBeGreaterThan(50);
    const before = asked;
    for (let minute = 0; minute < 10; minute++) {
      stage.clock.advance(MINUTE);
      await reconcileMailboxes(context);
    }
    expect(asked).toBe(before);
    expect((await watched(MAILBOX))?.error).toBeUndefined();
  });

  test.each([
    ['throttled', answered(429)],
    ['refused', answered(403, 'ErrorAccessDenied')],
  ])('because it is %s: the mailbox is left for this time', async (_, failure) => {
    const id = await sentFrom(MAILBOX);
    stage.graph.receive(MAILBOX, { mime: JUNK, looksLikeReport: true });
    await reportTo(MAILBOX, id);
    stage.graph.answerNext('getMime', failure);
    await reconcileMailboxes(stage.context);
    expect(stage.calls.filter((call) => call === 'graph.getMime')).toHaveLength(1);
    stage.clock.advance(MINUTE);
    await reconcileMailboxes(stage.context);
    expect(await statusOf(MAILBOX, id)).toBe('failed');
  });
});

test('Sent Items of many pages are left for the next visit after a while, which goes on there', async () => {
  await sentFrom(FLOODED);
  const links: string[] = [];
  const sentItemsDelta: GraphMail['sentItemsDelta'] = async (_, from) => {
    links.push('link' in from ? from.link : 'since');
    stage.clock.advance(20 * SECOND);
    return { ...answered(200), body: { copies: [], nextLink: `page-${links.length}` } };
  };
  const graph = new Proxy(stage.context.graph, {
    get: (target, key) => (key === 'sentItemsDelta' ? sentItemsDelta : Reflect.get(target, key)),
  });
  await reconcileMailboxes({ ...stage.context, graph });
  expect(links).toEqual(['since', 'page-1', 'page-2']);
  stage.clock.advance(MINUTE);
  await reconcileMailboxes({ ...stage.context, graph });
  expect(links[3]).toBe('page-3');
});

/** Turns of the event loop pass until it is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}
