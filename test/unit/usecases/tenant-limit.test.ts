// A limit of the whole tenant holds the mail of all its mailboxes; one mail at a time probes; then everything goes out. Nothing is lost or sent twice.
import { describe, expect, test } from 'vitest';
import { matches } from '../../../shared/domain/log/filter.ts';
import { parseFilter } from '../../../shared/domain/log/parse-filter.ts';
import { box, INTERNAL, LimitedTenant, overLimit } from './limited-tenant.ts';
import { NDR, report } from './reported.ts';
import { answered, HOUR, MINUTE } from './stage.ts';

const ACCEPTED = { rules: { acceptedDomains: ['contoso.com'] } };

describe('a limit of the tenant in the middle of 200 mails over 20 mailboxes', () => {
  test('holds the rest, costs few mails, and lets all go after its window: each is sent once, or returned', async () => {
    const tenant = new LimitedTenant({ limit: 100 });
    for (let n = 0; n < 200; n++) {
      await tenant.post(box(n));
      if (n % 10 === 9) await tenant.pass(1);
    }
    expect(tenant.counted).toHaveLength(100);
    expect(tenant.returned.length).toBeLessThanOrEqual(11);
    expect(await tenant.pause()).toMatchObject({ reach: 'external', reason: expect.stringContaining('5.7.233') });
    const [returnedFirst, before] = [tenant.returned.length, tenant.submitted];
    const heldProbes = tenant.probes.length;

    await tenant.pass(22 * 60, 5);
    expect(tenant.submitted - before).toBe(tenant.probes.length - heldProbes);
    expect(tenant.returned.length - returnedFirst).toBe(tenant.submitted - before);
    expect(tenant.probes.length).toBeLessThanOrEqual(18);
    expect(new Set(tenant.probes.map(({ sendRequestId }) => sendRequestId)).size).toBe(tenant.probes.length);
    expect(await tenant.pause()).toBeDefined();

    await tenant.pass(5 * 60, 5);
    expect(await tenant.pause()).toBeUndefined();
    expect(tenant.stage.telemetry.named('accountPauseLifted')).toMatchObject([{ scope: 'tenant' }]);
    expect(tenant.stage.queue.queued).toEqual([]);
    expect(tenant.counted.length + tenant.returned.length).toBe(200);
    expect(new Set(tenant.stage.graph.submissions.map(({ mark }) => mark)).size).toBe(200);
    expect(tenant.submitted).toBe(200);
    for (const id of tenant.posted.keys()) {
      const { status, attempts } = await tenant.record(id);
      expect({ status, attempts }, id).toEqual({ status: tenant.returned.includes(id) ? 'failed' : 'sent', attempts: 1 });
    }
    const filter = parseFilter("failureClass eq 'ownTenant'");
    const records = await Promise.all([...tenant.posted.keys()].map((id) => tenant.record(id)));
    const found = records.filter((record) => filter.ok && matches(filter.value, record)).map(({ id }) => id);
    expect(found.sort()).toEqual([...tenant.returned].sort());
  });
});

describe('while the tenant is over its limit', () => {
  test('operators are told in every run, with the report that began it', async () => {
    const { tenant, first: id } = await overLimit();
    await tenant.pass(3);
    expect(tenant.stage.telemetry.named('ownAccountFailure')).toMatchObject([
      { sendRequestId: id, scope: 'tenant', statusCode: '5.7.233' },
    ]);
    expect(tenant.stage.telemetry.named('tenantPaused')).toHaveLength(4);
    expect(tenant.stage.telemetry.named('tenantPaused')[0]).toMatchObject({
      reason: expect.stringContaining('5.7.233'),
      since: expect.any(String),
    });
  });

  test('a held mail says in its timeline why it waits', async () => {
    const { tenant } = await overLimit();
    const id = await tenant.post(box(1));
    await tenant.pass(1);
    const [, held] = await tenant.stage.log.events(box(1), id);
    expect(held).toMatchObject({
      type: 'submissionHeld',
      detail: expect.stringMatching(/external recipients is paused since .*5\.7\.233/),
    });
  });

  test('mail to the accepted domains goes on, and is no probe', async () => {
    const { tenant } = await overLimit(ACCEPTED);
    const external = await tenant.post(box(1));
    const internal = await tenant.post(box(2), INTERNAL);
    await tenant.pass(1);
    expect(await tenant.record(internal)).toMatchObject({ status: 'sent' });
    await tenant.pass(12);
    expect(tenant.probes).toMatchObject([{ sendRequestId: external }]);
  });

  test('a reply, whose recipients nobody knows, waits and does not probe within the window', async () => {
    const { tenant } = await overLimit(ACCEPTED);
    const reply = await tenant.post(box(1), [], {
      operation: 'reply',
      format: 'json',
      targetMessageId: 'AAMkAGI=',
      content: new TextEncoder().encode('{"comment":"x"}'),
    });
    await tenant.pass(60, 5);
    expect(tenant.probes).toEqual([]);
    expect(await tenant.record(reply)).toMatchObject({ attempts: 0 });
  });

  test('5.7.705 holds mail to the accepted domains too, and any mail probes', async () => {
    const { tenant } = await overLimit({ ...ACCEPTED, code: '5.7.705' });
    const internal = await tenant.post(box(2), INTERNAL);
    await tenant.pass(9);
    expect(await tenant.record(internal)).toMatchObject({ attempts: 0 });
    tenant.limit = 10;
    await tenant.pass(3);
    expect(tenant.probes).toMatchObject([{ sendRequestId: internal }]);
    await tenant.pass(12);
    expect(await tenant.pause()).toBeUndefined();
  });

  test('5.7.236 leaves mail from other domains than onmicrosoft.com alone', async () => {
    const tenant = new LimitedTenant({ code: '5.7.236' });
    await tenant.post('app@contoso.onmicrosoft.com');
    await tenant.pass(1);
    tenant.limit = 1_000;
    const held = await tenant.post('other@contoso.onmicrosoft.com');
    const free = await tenant.post(box(1));
    await tenant.pass(1);
    expect((await tenant.record(held)).status).toBe('queued');
    expect((await tenant.record(free)).status).toBe('sent');
  });

  test('two instances that compete for the probe let one mail out', async () => {
    const { tenant } = await overLimit();
    for (let n = 1; n <= 4; n++) await tenant.post(box(n));
    await tenant.pass(1);
    for (const queued of tenant.stage.queue.queued) delete queued.notBefore;
    tenant.stage.clock.advance(10 * MINUTE);
    await Promise.all([0, 1, 2, 0].map((n) => tenant.stage.deliver(tenant.instances[n])));
    expect(tenant.probes).toHaveLength(1);
    expect(tenant.submitted).toBe(2);
  });

  test('a mail of a mailbox that is paused itself does not probe for the tenant', async () => {
    const { tenant } = await overLimit();
    const until = new Date(tenant.stage.clock.now() + 5 * HOUR).toISOString();
    await tenant.stage.accountPauses.pause(box(1), { until, reason: '5.1.8: blocked', since: tenant.stage.now() });
    await tenant.post(box(1));
    await tenant.pass(60, 5);
    expect(tenant.probes).toEqual([]);
    const other = await tenant.post(box(2));
    await tenant.pass(5);
    expect(tenant.probes).toMatchObject([{ sendRequestId: other, scope: 'tenant' }]);
  });

  test('the probe that Graph does not take stays the probe, and nobody else goes', async () => {
    const { tenant } = await overLimit();
    tenant.limit = 10;
    for (let n = 1; n <= 4; n++) await tenant.post(box(n));
    await tenant.pass(9);
    tenant.stage.graph.answerNext('submit', answered(503));
    await tenant.pass(8);
    expect(new Set(tenant.probes.map(({ sendRequestId }) => sendRequestId)).size).toBe(1);
    await tenant.pass(14);
    expect(await tenant.pause()).toBeUndefined();
  });

  test('nothing goes out but probes, though the window has been over for a day', async () => {
    const { tenant } = await overLimit();
    await tenant.pass(2 * 24 * 60, 60);
    for (let n = 0; n < 20; n++) await tenant.post(box(n));
    const before = tenant.submitted;
    await tenant.pass(1);
    expect(tenant.submitted - before).toBe(1);
    expect(tenant.returned).toHaveLength(2);
  });

  test('a probe from another mailbox than the reports came to lifts it only once the reports of that one were read', async () => {
    const { tenant } = await overLimit();
    tenant.limit = 10;
    await tenant.post(box(7));
    await tenant.pass(12);
    expect(tenant.probes).toMatchObject([{ mailbox: box(7) }]);
    await tenant.pass(5);
    expect(await tenant.pause()).toBeDefined();
    await tenant.pass(7);
    expect(await tenant.pause()).toBeUndefined();
  });
});

describe('what does not hold the tenant', () => {
  test('a report before this tenant has shown that it tells reports apart: it only alerts', async () => {
    const { tenant } = await overLimit({ proven: ['json'] });
    expect(await tenant.pause()).toBeUndefined();
    expect(tenant.stage.telemetry.named('ownAccountFailure')).toMatchObject([{ scope: 'tenant' }]);
    expect(tenant.stage.telemetry.named('tenantPaused')).toEqual([]);
  });

  test("a stranger's report", async () => {
    const tenant = new LimitedTenant({ limit: 10 });
    const id = await tenant.post(box(0));
    await tenant.pass(1);
    const { internetMessageId } = await tenant.record(id);
    const mime = report(internetMessageId, ['Final-Recipient: rfc822;person@example.com\nAction: failed\nStatus: 5.7.705\n'], true);
    tenant.stage.graph.receive(box(0), { mime, looksLikeReport: true, itemClass: NDR });
    await tenant.pass(1);
    expect(await tenant.pause()).toBeUndefined();
    expect(tenant.stage.telemetry.named('ownAccountFailure')).toEqual([]);
  });
});
