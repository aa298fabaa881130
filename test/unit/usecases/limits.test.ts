// The limits of Exchange, by the real use cases in virtual time: several processes send from the same mailboxes, and some die.
import { describe, expect, test } from 'vitest';
import { readSenderPolicy, type SenderPolicy } from '../../../shared/domain/accept/sender-policy.ts';
import { waitingOf } from '../../../shared/domain/log/attention.ts';
import { mostIn, one, recipientsOf } from '../limits/sending.ts';
import { DAY, Hosts, SimulatedDeath } from './limit-hosts.ts';
import { answered, HOUR, MAILBOX, MINUTE, SECOND, type Stage } from './stage.ts';

describe('a mailbox', () => {
  test('500 mails over three days by two hosts: never above a limit in any window, none lost, urgent ones at once', async () => {
    const hosts = new Hosts({ messagesPerMinute: 10, recipientsPerDay: 200 });
    await hosts.post(300);
    await hosts.run(6 * HOUR);
    // The bulk has used up its day. Urgent mail has its own part.
    const urgentAt = hosts.stage.clock.now();
    const urgent = await hosts.post(10, { urgent: true });
    await hosts.run(10 * MINUTE);
    for (const id of urgent) expect((await hosts.stage.record(id)).acceptedDateTime).toBeDefined();
    const late = (await Promise.all(urgent.map((id) => hosts.stage.record(id)))).map((record) =>
      Date.parse(record.acceptedDateTime as string),
    );
    expect(Math.max(...late) - urgentAt).toBeLessThan(10 * MINUTE);
    await hosts.post(190);
    await hosts.run(3 * DAY);
    expect(hosts.sent).toHaveLength(500);
    expect(mostIn(hosts.sent, MINUTE, one)).toBeLessThanOrEqual(10);
    expect(mostIn(hosts.sent, DAY, recipientsOf)).toBeLessThanOrEqual(200);
    // Each mail waits for its own time: it comes once to learn it, and then goes; a few wait for a minute as well.
    expect(Math.max(...hosts.deliveries.values())).toBeLessThanOrEqual(4);
    const all = [...hosts.deliveries.values()].reduce((sum, count) => sum + count, 0);
    expect(all).toBeLessThan(2.2 * 500);
  });

  test('a mail that is held says for which limit and until when, and goes then', async () => {
    const hosts = new Hosts({ messagesPerMinute: 2, urgentReserve: 0 }, 1);
    const [, , held] = (await hosts.post(3)) as [string, string, string];
    await hosts.run(0);
    const record = await hosts.stage.record(held);
    expect(waitingOf(record)).toEqual({ status: 'queued', reason: 'limit:messagesPerMinute' });
    expect(Date.parse(record.nextAttemptDateTime as string)).toBeGreaterThan(hosts.stage.clock.now() + MINUTE);
    const events = await hosts.stage.log.events(MAILBOX, held);
    expect(events.filter(({ type }) => type === 'submissionHeld')).toEqual([
      expect.objectContaining({
        detail: `limit messagesPerMinute: this mailbox sends at most 2 mails a minute. It waits until ${record.nextAttemptDateTime}`,
      }),
    ]);
    await hosts.run(2 * MINUTE);
    const gone = await hosts.stage.record(held);
    expect(gone.acceptedDateTime).toBe(record.nextAttemptDateTime);
  });

  test('a mail that fits only after its lifetime says so, asks again now and then, and expires', async () => {
    const hosts = new Hosts({ recipientsPerDay: 3 }, 1);
    const more = { recipients: [1, 2, 3, 4].map((n) => ({ address: `p${n}@example.com`, type: 'to' as const })) };
    const [id] = (await hosts.post(1, more)) as [string];
    await hosts.run(0);
    expect((await hosts.stage.log.events(MAILBOX, id)).at(-1)?.detail).toContain('It does not fit at any time that can be foreseen');
    await hosts.run(21 * DAY);
    expect((await hosts.stage.record(id)).status).toBe('expired');
    expect(hosts.deliveries.get(id)).toBeLessThan(20);
    expect(hosts.sent).toEqual([]);
  });

  test('a draft that is only made does not count, and recipients of every kind do', async () => {
    const hosts = new Hosts({ messagesPerMinute: 30, recipientsPerDay: 5, urgentReserve: 0 }, 1);
    await hosts.post(10, { operation: 'createDraft' });
    await hosts.run(0);
    expect(await hosts.stage.log.usage(MAILBOX)).toBeUndefined();
    const types = ['to', 'cc', 'bcc'] as const;
    const [, second] = (await hosts.post(2, { recipients: types.map((type) => ({ address: `${type}@example.com`, type })) })) as string[];
    await hosts.run(MINUTE);
    expect(hosts.sent).toHaveLength(1);
    const { nextAttemptDateTime } = await hosts.stage.record(second as string);
    expect(Date.parse(nextAttemptDateTime as string)).toBeGreaterThan(hosts.stage.clock.now() + 23 * HOUR);
  });

  test('a mail that is repeated after a doubt counts again', async () => {
    const hosts = new Hosts({}, 1);
    hosts.stage.graph.answerNext('submit', answered(503), false);
    await hosts.post(1);
    await hosts.run(HOUR);
    expect(hosts.sent).toHaveLength(1);
    const usage = await hosts.stage.log.usage(MAILBOX);
    expect(usage?.value.accounts['bulk']?.sent).toHaveLength(2);
  });
});

test.each(['before', 'after'] as const)(
  'hosts that die %s the write of a claim or of a time: never above a limit, none lost',
  async (when) => {
    const hosts = new Hosts({ messagesPerMinute: 5, recipientsPerDay: 60 });
    let deaths = 0;
    const die = () => {
      deaths++;
      throw new SimulatedDeath();
    };
    await hosts.post(150);
    for (let n = 0; n < 8; n++) {
      hosts.stage[when]('log.write', die, 15);
      hosts.stage[when]('log.writeUsage', die, 10);
      hosts.stage[when]('queue.enqueue', die, 10);
    }
    await hosts.run(15 * DAY);
    expect(deaths).toBe(24);
    expect(new Set(hosts.sent.map(({ application }) => application)).size).toBe(150);
    expect(mostIn(hosts.sent, MINUTE, one)).toBeLessThanOrEqual(5);
    expect(mostIn(hosts.sent, DAY, recipientsOf)).toBeLessThanOrEqual(60);
  },
);

describe('the tenant', () => {
  test('50 mailboxes of three hosts stay under its limit, and internal mail is not counted', async () => {
    const hosts = new Hosts({ tenantExternalRecipientsPerDay: 150 }, 3);
    const mailboxes = Array.from({ length: 50 }, (_, n) => `m${n}@contoso.com`);
    for (const mailbox of mailboxes) await hosts.post(5, { mailbox });
    const [inside] = await hosts.post(1, { mailbox: 'm1@contoso.com', recipients: [{ address: 'a@CONTOSO.com', type: 'to' }] });
    await hosts.run(HOUR);
    const external = hosts.sent.length - 1;
    expect(external).toBeGreaterThan(140);
    expect(external).toBeLessThanOrEqual(150);
    expect((await hosts.stage.log.read('m1@contoso.com', inside as string))?.value.acceptedDateTime).toBeDefined();
    // Blocks: far fewer writes than mails until the limit is near, then each mail that waits has one.
    expect(hosts.stage.tenantCounter.writes).toBeLessThan(280);
    await hosts.run(3 * DAY);
    expect(hosts.sent).toHaveLength(251);
    expect(mostIn(hosts.sent, DAY, recipientsOf)).toBeLessThanOrEqual(151);
    expect(Math.max(...hosts.deliveries.values())).toBeLessThanOrEqual(3);
  });

  test('a mail that waits for it says so', async () => {
    const hosts = new Hosts({ tenantExternalRecipientsPerDay: 1 }, 1);
    const [, held] = await hosts.post(2);
    await hosts.run(0);
    const [event] = (await hosts.stage.log.events(MAILBOX, held as string)).filter(({ type }) => type === 'submissionHeld');
    expect(event?.detail).toContain('limit tenantExternalRecipientsPerDay: the tenant has at most 1 external recipients in 24 hours');
  });
});

describe('the sender policy', () => {
  const policyOf = (recipientsPerDay: number): SenderPolicy => {
    const read = readSenderPolicy({
      mailboxes: [{ name: MAILBOX, recipientsPerDay }],
      applications: [
        { name: 'Bulk', applicationId: 'application-1', mailboxes: [MAILBOX], perMailbox: { shareOfDay: 0.5 } },
        { name: 'Other', applicationId: 'application-2', mailboxes: [MAILBOX] },
      ],
    });
    if (!read.ok) throw new Error(read.problems.join());
    return read.policy;
  };

  test('lowers a limit while mail waits: the mail that waits keeps to it', async () => {
    let limit = 100;
    const hosts = new Hosts({ urgentReserve: 0 }, 2, { policy: { get: async () => policyOf(limit) } });
    await hosts.post(150, { application: 'application-2' });
    await hosts.run(2 * HOUR);
    expect(hosts.sent).toHaveLength(100);
    const lowered = hosts.stage.clock.now();
    limit = 40;
    await hosts.run(10 * DAY);
    expect(hosts.sent).toHaveLength(150);
    const later = hosts.sent.filter(({ at }) => at > lowered);
    expect(mostIn(later, DAY, recipientsOf)).toBeLessThanOrEqual(40);
  });

  test('keeps a part of the day from each application, so that one cannot use it up', async () => {
    const hosts = new Hosts({ urgentReserve: 0 }, 2, { policy: { get: async () => policyOf(100) } });
    await hosts.post(120);
    await hosts.run(HOUR);
    expect(hosts.sent).toHaveLength(50);
    const others = await hosts.post(30, { application: 'application-2' });
    await hosts.run(5 * MINUTE);
    expect(hosts.sent).toHaveLength(80);
    for (const id of others) expect((await hosts.stage.record(id)).acceptedDateTime).toBeDefined();
  });
});

test('operations: one mailbox by one host costs none beyond the claim; with two hosts at most one more for each mail', async () => {
  const alone = new Hosts({}, 1);
  await alone.post(20);
  await alone.run(SECOND);
  const counted = (stage: Stage, call: string): number => stage.calls.filter((one) => one === call).length;
  expect(counted(alone.stage, 'log.usage')).toBe(1);
  expect(counted(alone.stage, 'log.writeUsage')).toBe(0);
  const both = new Hosts({}, 2);
  await both.post(20);
  await both.run(SECOND);
  expect(counted(both.stage, 'log.usage')).toBeLessThanOrEqual(20 + 1);
  expect(counted(both.stage, 'log.writeUsage')).toBe(0);
});

test('operators are told once that a limit is near', async () => {
  const hosts = new Hosts({ recipientsPerDay: 10, urgentReserve: 0 });
  await hosts.post(12);
  await hosts.run(HOUR);
  const told = hosts.stage.telemetry.events.filter(({ name }) => name === 'limitNear');
  expect(told).toEqual([
    { name: 'limitNear', properties: { mailbox: MAILBOX, application: 'application-1', limit: 'recipientsPerDay', used: 8, allowed: 10 } },
  ]);
});
