// A limit of the whole tenant holds the mail of all its mailboxes; one mail at a time probes; then everything goes out. Nothing is lost or sent twice.
import { beforeEach, describe, expect, test } from 'vitest';
import { TENANT } from '../../../shared/domain/act/account-pause.ts';
import type { SendRequestRecord } from '../../../shared/domain/log/send-request.ts';
import type { Context } from '../../../shared/usecases/context.ts';
import { reconcileMailboxes } from '../../../shared/usecases/reconcile/reconcile-mailboxes.ts';
import { report } from './reported.ts';
import { answered, HOUR, MINUTE, Stage, type StageOptions } from './stage.ts';

const DAY = 24 * HOUR;
const EXTERNAL = [{ address: 'person@example.com', type: 'to' as const }];
const INTERNAL = [{ address: 'colleague@contoso.com', type: 'to' as const }];
const box = (n: number): string => `m${n % 20}@contoso.com`;
const ACCEPTED = { rules: { acceptedDomains: ['contoso.com'] } };

let stage: Stage;
let instances: Context[];
/** What each posted mail is, by its id. */
let posted: Map<string, { mailbox: string; isExternal: boolean }>;
/** Exchange's own side: the mails that it has counted, and those that it has returned, by their ids. */
let exchange: { limit: number; code: string; seen: number; counted: { id: string; at: number }[]; returned: string[] };

function begin(options: StageOptions = {}, limit = 0, code = '5.7.233'): void {
  stage = new Stage(options);
  instances = [stage.context, stage.anotherProcess(), stage.anotherProcess()];
  posted = new Map();
  exchange = { limit, code, seen: 0, counted: [], returned: [] };
}
beforeEach(() => begin());

async function post(mailbox: string, recipients = EXTERNAL, more = {}): Promise<string> {
  const id = await stage.post({ mailbox, recipients, ...more });
  posted.set(id, { mailbox, isExternal: recipients === EXTERNAL });
  return id;
}

const record = async (id: string): Promise<SendRequestRecord> => {
  const stored = await stage.log.read(posted.get(id)?.mailbox ?? '', id);
  if (!stored) throw new Error(`${id} is not in the log`);
  return stored.value;
};

/** Exchange counts external mail of the last 24 hours, and returns what is beyond the limit. */
function transport(): void {
  const now = stage.clock.now();
  for (const { mark: id = '', mailbox, internetMessageId } of stage.graph.submissions.slice(exchange.seen)) {
    if (exchange.code !== '5.7.705' && !posted.get(id)?.isExternal) continue;
    if (exchange.counted.filter(({ at }) => at > now - DAY).length < exchange.limit) exchange.counted.push({ id, at: now });
    else {
      exchange.returned.push(id);
      const refused = `Final-Recipient: rfc822;person@example.com\nAction: failed\nStatus: ${exchange.code}\n`;
      const mime = report(internetMessageId, [refused]);
      stage.graph.receive(mailbox, { mime, looksLikeReport: true, itemClass: 'REPORT.IPM.Note.NDR' });
    }
  }
  exchange.seen = stage.graph.submissions.length;
}

/** Time goes on, and the queue messages go to the instances in turn. */
async function pass(minutes: number, step = 1): Promise<void> {
  for (let minute = 0; minute < minutes; minute += step) {
    stage.clock.advance(step * MINUTE);
    for (let n = 0; stage.queue.queued.some(({ notBefore }) => (notBefore ?? '') <= stage.now()); n++) {
      await stage.deliver(instances[n % instances.length]);
    }
    transport();
    await reconcileMailboxes(stage.context);
  }
}

const submitted = () => stage.graph.submissions.length;
const probes = () => stage.telemetry.named('accountProbed');
const pause = () => stage.accountPauses.current(TENANT);

/** One mail of one mailbox has found out that the tenant is over its limit. */
async function found(options: StageOptions = {}, code?: string): Promise<string> {
  begin(options, 0, code);
  const id = await post(box(0));
  await pass(1);
  return id;
}

describe('a limit of the tenant in the middle of 200 mails over 20 mailboxes', () => {
  test('holds the rest, costs few mails, and lets all go after its window: each is sent once, or returned', async () => {
    begin({}, 100);
    for (let n = 0; n < 200; n++) {
      await post(box(n));
      if (n % 10 === 9) await pass(1);
    }
    expect(exchange.counted).toHaveLength(100);
    expect(exchange.returned.length).toBeLessThanOrEqual(11);
    expect(await pause()).toMatchObject({ reach: 'external', reason: expect.stringContaining('5.7.233') });
    const [returnedFirst, before] = [exchange.returned.length, submitted()];
    const heldProbes = probes().length;

    await pass(22 * 60, 5);
    expect(submitted() - before).toBe(probes().length - heldProbes);
    expect(exchange.returned.length - returnedFirst).toBe(submitted() - before);
    expect(probes().length).toBeLessThanOrEqual(18);
    expect(new Set(probes().map(({ sendRequestId }) => sendRequestId)).size).toBe(probes().length);
    expect(await pause()).toBeDefined();

    await pass(5 * 60, 5);
    expect(await pause()).toBeUndefined();
    expect(stage.telemetry.named('accountPauseLifted')).toMatchObject([{ scope: 'tenant' }]);
    expect(stage.queue.queued).toEqual([]);
    expect(exchange.counted.length + exchange.returned.length).toBe(200);
    expect(new Set(stage.graph.submissions.map(({ mark }) => mark)).size).toBe(200);
    expect(submitted()).toBe(200);
    for (const id of posted.keys()) {
      const { status, attempts } = await record(id);
      expect({ status, attempts }, id).toEqual({ status: exchange.returned.includes(id) ? 'failed' : 'sent', attempts: 1 });
    }
  });
});

describe('while the tenant is over its limit', () => {
  test('operators are told in every run, with the report that began it', async () => {
    const id = await found();
    await pass(3);
    expect(stage.telemetry.named('ownAccountFailure')).toMatchObject([{ sendRequestId: id, scope: 'tenant', statusCode: '5.7.233' }]);
    expect(stage.telemetry.named('tenantPaused')).toHaveLength(4);
    expect(stage.telemetry.named('tenantPaused')[0]).toMatchObject({
      reason: expect.stringContaining('5.7.233'),
      since: expect.any(String),
    });
  });

  test('a held mail says in its timeline why it waits', async () => {
    await found();
    const id = await post(box(1));
    await pass(1);
    const [, held] = await stage.log.events(box(1), id);
    expect(held).toMatchObject({
      type: 'submissionHeld',
      detail: expect.stringMatching(/external recipients is paused since .*5\.7\.233/),
    });
  });

  test('mail to the accepted domains goes on, and is no probe', async () => {
    await found(ACCEPTED);
    const external = await post(box(1));
    const internal = await post(box(2), INTERNAL);
    await pass(1);
    expect(await record(internal)).toMatchObject({ status: 'sent' });
    await pass(12);
    expect(probes()).toMatchObject([{ sendRequestId: external }]);
  });

  test('a reply, whose recipients nobody knows, waits and does not probe within the window', async () => {
    await found(ACCEPTED);
    const reply = await post(box(1), [], {
      operation: 'reply',
      format: 'json',
      targetMessageId: 'AAMkAGI=',
      content: new TextEncoder().encode('{"comment":"x"}'),
    });
    await pass(60, 5);
    expect(probes()).toEqual([]);
    expect(await record(reply)).toMatchObject({ attempts: 0 });
  });

  test('5.7.705 holds mail to the accepted domains too, and any mail probes', async () => {
    await found(ACCEPTED, '5.7.705');
    const internal = await post(box(2), INTERNAL);
    await pass(9);
    expect(await record(internal)).toMatchObject({ attempts: 0 });
    exchange.limit = 10;
    await pass(3);
    expect(probes()).toMatchObject([{ sendRequestId: internal }]);
    await pass(12);
    expect(await pause()).toBeUndefined();
  });

  test('5.7.236 leaves mail from other domains than onmicrosoft.com alone', async () => {
    begin({}, 0, '5.7.236');
    await post('app@contoso.onmicrosoft.com');
    await pass(1);
    exchange.limit = 1_000;
    const held = await post('other@contoso.onmicrosoft.com');
    const free = await post(box(1));
    await pass(1);
    expect((await record(held)).status).toBe('queued');
    expect((await record(free)).status).toBe('sent');
  });

  test('two instances that compete for the probe let one mail out', async () => {
    await found();
    for (let n = 1; n <= 4; n++) await post(box(n));
    await pass(1);
    for (const queued of stage.queue.queued) delete queued.notBefore;
    stage.clock.advance(10 * MINUTE);
    await Promise.all([0, 1, 2, 0].map((n) => stage.deliver(instances[n])));
    expect(probes()).toHaveLength(1);
    expect(submitted()).toBe(2);
  });

  test('a mail of a mailbox that is paused itself does not probe for the tenant', async () => {
    await found();
    const until = new Date(stage.clock.now() + 5 * HOUR).toISOString();
    await stage.accountPauses.pause(box(1), { until, reason: '5.1.8: blocked', since: stage.now() });
    await post(box(1));
    await pass(60, 5);
    expect(probes()).toEqual([]);
    const other = await post(box(2));
    await pass(5);
    expect(probes()).toMatchObject([{ sendRequestId: other, scope: 'tenant' }]);
  });

  test('the probe that Graph does not take stays the probe, and nobody else goes', async () => {
    await found();
    exchange.limit = 10;
    for (let n = 1; n <= 4; n++) await post(box(n));
    await pass(9);
    stage.graph.answerNext('submit', answered(503));
    await pass(8);
    expect(new Set(probes().map(({ sendRequestId }) => sendRequestId)).size).toBe(1);
    await pass(14);
    expect(await pause()).toBeUndefined();
  });

  test('nothing goes out but probes, though the window has been over for a day', async () => {
    await found();
    await pass(2 * 24 * 60, 60);
    for (let n = 0; n < 20; n++) await post(box(n));
    const before = submitted();
    await pass(1);
    expect(submitted() - before).toBe(1);
    expect(exchange.returned).toHaveLength(2);
  });

  test('a probe from another mailbox than the reports came to lifts it only once the reports of that one were read', async () => {
    await found();
    exchange.limit = 10;
    await post(box(7));
    await pass(12);
    expect(probes()).toMatchObject([{ mailbox: box(7) }]);
    await pass(5);
    expect(await pause()).toBeDefined();
    await pass(7);
    expect(await pause()).toBeUndefined();
  });
});

describe('what does not hold the tenant', () => {
  test('a report before this tenant has shown that it tells reports apart: it only alerts', async () => {
    await found({ proven: ['json'] });
    expect(await pause()).toBeUndefined();
    expect(stage.telemetry.named('ownAccountFailure')).toMatchObject([{ scope: 'tenant' }]);
    expect(stage.telemetry.named('tenantPaused')).toEqual([]);
  });

  test("a stranger's report", async () => {
    const id = await post(box(0));
    exchange.limit = 10;
    await pass(1);
    const { internetMessageId } = await record(id);
    const mime = report(internetMessageId, ['Final-Recipient: rfc822;person@example.com\nAction: failed\nStatus: 5.7.705\n'], true);
    stage.graph.receive(box(0), { mime, looksLikeReport: true, itemClass: 'REPORT.IPM.Note.NDR' });
    await pass(1);
    expect(await pause()).toBeUndefined();
    expect(stage.telemetry.named('ownAccountFailure')).toEqual([]);
  });
});
