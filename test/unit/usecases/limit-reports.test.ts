// Reports that a limit is reached correct the counters, and preflight shows them.
import { beforeEach, expect, test } from 'vitest';
import { limitReported } from '../../../shared/usecases/limits/limit-reported.ts';
import { mailboxLimits, tenantLimit } from '../../../shared/usecases/limits/show-limits.ts';
import { Hosts } from './limit-hosts.ts';
import { HOUR, MAILBOX } from './stage.ts';

let hosts: Hosts;
let id: string;
beforeEach(async () => {
  hosts = new Hosts({ recipientsPerDay: 50, tenantExternalRecipientsPerDay: 100 }, 1);
  [id] = (await hosts.post(1)) as [string];
  await hosts.run(0);
});
const day = async () => (await mailboxLimits(hosts.stage.context, MAILBOX, 'application-1'))?.recipientsPerDay;
const report = async (code: string) => limitReported(hosts.stage.context, await hosts.stage.record(id), code, hosts.stage.now());

test.each(['5.1.90', '5.2.2'])(
  'after %s the day of the mailbox is full: its mail waits, and goes when the window has moved',
  async (code) => {
    await report(code);
    expect(await day()).toMatchObject({ limit: 50, used: 50, left: 0 });
    const usage = await hosts.stage.log.usage(MAILBOX);
    await report(code);
    expect(await hosts.stage.log.usage(MAILBOX)).toEqual(usage);
    const [next] = (await hosts.post(1)) as [string];
    await hosts.run(23 * HOUR);
    expect((await hosts.stage.record(next)).status).toBe('queued');
    await hosts.run(2 * HOUR);
    expect((await hosts.stage.record(next)).acceptedDateTime).toBeDefined();
  },
);

test.each(['5.7.232', '5.7.233'])('after %s the day of the tenant is full', async (code) => {
  await report(code);
  expect(await tenantLimit(hosts.stage.context)).toMatchObject({ limit: 100, used: 100, left: 0 });
  expect((await day())?.left).toBeGreaterThan(0);
});

test('another report, or one while nothing is counted, changes no counter', async () => {
  const usage = await hosts.stage.log.usage(MAILBOX);
  await report('5.1.8');
  await limitReported(
    { ...hosts.stage.context, rules: { ...hosts.stage.context.rules, limits: undefined } },
    await hosts.stage.record(id),
    '5.1.90',
    hosts.stage.now(),
  );
  expect(await hosts.stage.log.usage(MAILBOX)).toEqual(usage);
});

test('a host that others were faster than reads the counters again', async () => {
  const other = hosts.stage.anotherProcess();
  hosts.stage.before('log.writeUsage', async () => limitReported(other, await hosts.stage.record(id), '5.1.90', hosts.stage.now()));
  await report('5.1.90');
  expect(await day()).toMatchObject({ used: 50, left: 0 });
});
