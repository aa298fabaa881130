// Limits of Exchange with real processes: mail above the limit of a minute waits for its time, also if the worker is killed while it gets one.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { When } from '../../support/fault-proxy.ts';
import { isGone, type ProxiedStack, startProxiedStack } from '../../support/proxied-stack.ts';
import { until } from '../../support/until.ts';
import { atEvent, type CrashPoint } from './crash-points.ts';

const LIMIT = 6;

/** The counters alone: the time of a mail that is held. */
const givesTime =
  (mailbox: string): When =>
  ({ path, body }) =>
    path.includes('$batch') && body.includes(mailbox) && body.includes('usage0') && !body.includes('-submissionStarted-');

const points: CrashPoint[] = [
  { name: '(h) a time is given, the mail does not know it', freeze: (stack, mailbox) => stack.tables.hold('after', givesTime(mailbox)) },
  { name: '(h) the mail has its time, the log does not', freeze: atEvent('before', 'submissionHeld') },
];
const mailboxOf = (place: number): string => `paced-${place}@contoso.com`;

let stack: ProxiedStack;

beforeAll(async () => {
  const settings = { MAILBOX_MESSAGES_PER_MINUTE: String(LIMIT), LIMIT_SHARE: '1', LIMIT_URGENT_RESERVE: '0', IN_DOUBT_GRACE: 'PT6S' };
  stack = await startProxiedStack({ settings });
});
afterAll(() => stack?.close());

const recordsOf = async (mailbox: string) => (await stack.records()).filter((record) => record.mailbox === mailbox);

test('mail above the limit waits for its own time, says so, can be cancelled, and the rest goes then', async () => {
  const mailboxes = points.map((_, place) => mailboxOf(place));
  for (const mailbox of mailboxes) for (let n = 0; n < LIMIT; n++) await stack.send({ mailbox, subject: `${mailbox} ${n}` });
  for (const mailbox of mailboxes) {
    const out = async () => (await recordsOf(mailbox)).filter(({ acceptedDateTime }) => acceptedDateTime !== undefined).length;
    await until('below the limit', out, (count) => count === LIMIT);
  }
  const frozen = points.map((point, place) => point.freeze(stack, mailboxOf(place)));
  for (const mailbox of mailboxes) for (const n of [LIMIT, LIMIT + 1]) await stack.send({ mailbox, subject: `${mailbox} ${n}` });
  await until(
    'frozen',
    async () => frozen.filter((held) => held.isReached()).length,
    (count) => count === points.length,
  );
  const worker = stack.stack.pids()['worker'] as number;
  const restarted = stack.killed('worker');
  await until('dead', () => Promise.resolve(worker), isGone);
  for (const held of frozen) held.release();
  await restarted;

  const held = async () => (await stack.records()).filter(({ nextAttemptDateTime }) => nextAttemptDateTime !== undefined);
  const waiting = await until('held', held, ({ length }) => length === 2 * points.length);
  for (const { mailbox, id, nextAttemptDateTime } of waiting) {
    const events = (await stack.statusLog.events(mailbox, id)).filter(({ type }) => type === 'submissionHeld');
    expect(events.at(-1)?.detail).toContain(
      `limit messagesPerMinute: this mailbox sends at most ${LIMIT} mails a minute. It waits until ${nextAttemptDateTime}`,
    );
  }
  const [cancelled] = waiting.filter(({ mailbox }) => mailbox === mailboxOf(0));
  const path = `/v1.0/users/${cancelled?.mailbox}/sendRequests/${cancelled?.id}/cancel`;
  expect((await stack.post(path, '', {})).status).toBe(200);

  const records = await stack.ended(points.length * (LIMIT + 2));
  expect(records.filter(({ status }) => status === 'cancelled').map(({ id }) => id)).toEqual([cancelled?.id]);
  const journal = await stack.journal();
  expect(mailboxes.map((mailbox) => journal.get(mailbox)?.length)).toEqual([LIMIT + 1, LIMIT + 2]);
  for (const mailbox of mailboxes) {
    const claims = records.filter((record) => record.mailbox === mailbox).flatMap(({ claim }) => claim?.startedDateTime ?? []);
    const times = claims.map((time) => Date.parse(time)).sort((a, b) => a - b);
    const tooSoon = times.filter((time, n) => n >= LIMIT && time - (times[n - LIMIT] as number) < 60_000);
    expect(tooSoon).toEqual([]);
  }
});
