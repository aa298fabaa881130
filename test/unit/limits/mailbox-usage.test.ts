// A mailbox's limits: never above one in any window, nothing lost, each mail with a time of its own.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMPTY_USAGE, type MailboxUsage } from '../../../shared/domain/limits/account.ts';
import { BUCKET_MS } from '../../../shared/domain/limits/day-counts.ts';
import { type LimitRules, limitsOf } from '../../../shared/domain/limits/limit-rules.ts';
import { askTurn, countMore, fullAt } from '../../../shared/domain/limits/mailbox-usage.ts';
import { DAY, MINUTE, mostIn, NEVER, one, recipientsOf, SECOND, START, VirtualMailbox } from './sending.ts';

const RULES: LimitRules = { messagesPerMinute: 30, recipientsPerDay: 10_000, acceptedDomains: [], share: 1, urgentReserve: 0.1 };
const limits = (messagesPerMinute: number, recipientsPerDay: number, urgentReserve = 0.1) =>
  limitsOf({ ...RULES, messagesPerMinute, recipientsPerDay, urgentReserve });
const mail = { recipients: 1, urgent: false, application: 'app' };

describe('mails of a minute', () => {
  test('below the limit none waits', () => {
    const mailbox = new VirtualMailbox(limits(30, 10_000));
    for (let n = 0; n < 27; n++) mailbox.post(START + n);
    mailbox.run(START + SECOND);
    expect(mailbox.sent).toHaveLength(27);
    expect(mailbox.mostAsks).toBe(1);
  });

  test('above it they go one after the other, each in its own time, in the order in which they came', () => {
    const mailbox = new VirtualMailbox(limits(30, 10_000));
    for (let n = 0; n < 200; n++) mailbox.post(START + n, { application: String(n) });
    mailbox.run(START + SECOND);
    const times = mailbox.waiting.map(({ due }) => due);
    expect(new Set(times).size).toBe(200 - 27);
    mailbox.run(START + 10 * MINUTE);
    expect(mailbox.sent.map(({ application }) => application)).toEqual(Array.from({ length: 200 }, (_, n) => String(n)));
    expect(mostIn(mailbox.sent, MINUTE, one)).toBeLessThanOrEqual(27);
    expect(mailbox.mostAsks).toBe(2);
  });

  test('mail that comes long after its time has no time any more if others took it, and gets another', () => {
    const mailbox = new VirtualMailbox(limits(10, 10_000, 0));
    for (let n = 0; n < 60; n++) mailbox.post(START + n);
    mailbox.run(START + SECOND);
    // Nothing runs for a quarter of an hour: then everything is due.
    for (const one of mailbox.waiting) one.due = START + 15 * MINUTE;
    mailbox.run(START + 30 * MINUTE);
    expect(mailbox.sent).toHaveLength(60);
    expect(mostIn(mailbox.sent, MINUTE, one)).toBeLessThanOrEqual(10);
    expect(mailbox.mostAsks).toBe(3);
  });

  test('urgent mail has its own part, and goes with all other mail if that is sooner', () => {
    const mailbox = new VirtualMailbox(limits(30, 10_000));
    for (let n = 0; n < 300; n++) mailbox.post(START + n);
    for (let n = 0; n < 3; n++) mailbox.post(START + 2 * SECOND + n, { urgent: true });
    mailbox.run(START + 3 * SECOND);
    expect(mailbox.sent.filter(({ urgent }) => urgent)).toHaveLength(3);
    const free = new VirtualMailbox(limits(30, 10_000));
    for (let n = 0; n < 30; n++) free.post(START + n, { urgent: true });
    free.run(START + SECOND);
    expect(free.sent).toHaveLength(30);
  });

  test('without a reserve urgent mail goes as any other does', () => {
    const mailbox = new VirtualMailbox(limits(5, 100, 0));
    for (let n = 0; n < 6; n++) mailbox.post(START + n, { urgent: true });
    mailbox.run(START + SECOND);
    expect(mailbox.sent).toHaveLength(5);
    expect(Object.keys(mailbox.usage.accounts)).toEqual(['bulk']);
  });
});

describe('recipients of a day', () => {
  test('what does not fit today has its time tomorrow, spread over the first quarter of an hour', () => {
    const mailbox = new VirtualMailbox(limits(30, 100, 0));
    for (let n = 0; n < 150; n++) mailbox.post(START + n * 10 * SECOND);
    mailbox.run(START + 2 * MINUTE * 15);
    expect(mailbox.sent).toHaveLength(100);
    const times = mailbox.waiting.map(({ due }) => due);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(START + DAY);
    expect(Math.max(...times)).toBeLessThan(START + DAY + 4 * BUCKET_MS);
    mailbox.run(START + 3 * DAY);
    expect(mailbox.sent).toHaveLength(150);
    expect(mostIn(mailbox.sent, DAY, recipientsOf)).toBeLessThanOrEqual(100);
    expect(mailbox.mostAsks).toBeLessThanOrEqual(3);
  });

  test('a mail with more recipients than the limit gets no time', () => {
    expect(askTurn(EMPTY_USAGE, { ...mail, recipients: 91 }, limits(30, 100), START, NEVER)).toEqual({
      kind: 'tooLate',
      limit: 'recipientsPerDay',
    });
  });

  test('a mail that fits only after the end of its lifetime takes no place', () => {
    const full = askTurn(EMPTY_USAGE, { ...mail, recipients: 90 }, limits(30, 100), START, NEVER);
    const usage = (full as { usage: MailboxUsage }).usage;
    const turn = askTurn(usage, mail, limits(30, 100), START + 1, START + DAY);
    expect(turn).toMatchObject({ kind: 'tooLate', limit: 'recipientsPerDay' });
    expect((turn as { at: number }).at).toBeGreaterThan(START + DAY);
  });

  test('a small mail goes although a large one waits for tomorrow', () => {
    const mailbox = new VirtualMailbox(limits(30, 100, 0));
    mailbox.post(START, { recipients: 60 });
    mailbox.post(START + 1, { recipients: 60 });
    mailbox.post(START + 2, { recipients: 5 });
    mailbox.run(START + MINUTE);
    expect(mailbox.sent.map(recipientsOf)).toEqual([60, 5]);
  });

  test('recipients that only the draft shows count, whatever the limit is', () => {
    const usage = countMore(EMPTY_USAGE, { ...mail, recipients: 95 }, limits(30, 100), START);
    expect(askTurn(usage, mail, limits(30, 100), START, NEVER)).toMatchObject({ kind: 'wait', limit: 'recipientsPerDay' });
  });
});

describe('one application', () => {
  const own = limitsOf({ ...RULES, recipientsPerDay: 100, urgentReserve: 0 }, {}, { shareOfDay: 0.3, messagesPerMinute: 5 });
  const others = limitsOf({ ...RULES, recipientsPerDay: 100, urgentReserve: 0 });

  test('cannot use up the day of a mailbox, and does not delay the others', () => {
    const mailbox = new VirtualMailbox(own);
    for (let n = 0; n < 50; n++) mailbox.post(START + n * MINUTE, { application: 'Newsletter' });
    mailbox.run(START + 50 * MINUTE);
    expect(mailbox.sent).toHaveLength(30);
    mailbox.limits = others;
    for (let n = 0; n < 20; n++) mailbox.post(START + 51 * MINUTE + n);
    mailbox.run(START + 52 * MINUTE);
    expect(mailbox.sent).toHaveLength(50);
  });

  test('may have a minute of its own, behind which only its own mail waits', () => {
    const mailbox = new VirtualMailbox(own);
    for (let n = 0; n < 20; n++) mailbox.post(START + n, { application: 'Newsletter' });
    mailbox.run(START + SECOND);
    expect(mailbox.sent).toHaveLength(5);
    expect(askTurn(mailbox.usage, { ...mail, application: 'Newsletter' }, own, START + 2 * SECOND, NEVER)).toMatchObject({
      limit: 'applicationMessagesPerMinute',
    });
    expect(askTurn(mailbox.usage, mail, others, START + 2 * SECOND, NEVER).kind).toBe('go');
    mailbox.run(START + 10 * MINUTE);
    expect(mailbox.sent).toHaveLength(20);
    expect(mostIn(mailbox.sent, MINUTE, one)).toBeLessThanOrEqual(5);
  });

  test('may be limited by the minute alone', () => {
    const minute = limitsOf(RULES, {}, { messagesPerMinute: 1 });
    const first = askTurn(EMPTY_USAGE, mail, minute, START, NEVER) as { usage: MailboxUsage };
    expect(askTurn(first.usage, mail, minute, START, NEVER)).toMatchObject({ kind: 'wait', limit: 'applicationMessagesPerMinute' });
  });

  test('waits for a day of its own', () => {
    const turn = askTurn(countMore(EMPTY_USAGE, { ...mail, recipients: 30 }, own, START), mail, own, START, NEVER);
    expect(turn).toMatchObject({ kind: 'wait', limit: 'applicationRecipientsPerDay' });
  });
});

describe('a limit that changes while mail waits', () => {
  test('holds for the mail that waits, and its old times keep nobody back', () => {
    const mailbox = new VirtualMailbox(limits(30, 200, 0));
    for (let n = 0; n < 600; n++) mailbox.post(START + n * 5 * SECOND);
    mailbox.run(START + 2 * 60 * MINUTE);
    expect(mailbox.sent).toHaveLength(200);
    mailbox.limits = limits(30, 100, 0);
    mailbox.run(START + 6 * DAY);
    expect(mailbox.sent).toHaveLength(600);
    const later = mailbox.sent.slice(200);
    expect(mostIn(later, DAY, recipientsOf)).toBeLessThanOrEqual(100);
    expect((later.at(-1) as { at: number }).at).toBeLessThan(START + 5.2 * DAY);
  });
});

test('if Exchange says that the day is full, nothing goes until its count has left the window', () => {
  const some = countMore(EMPTY_USAGE, { ...mail, recipients: 40 }, limits(30, 100), START);
  const usage = fullAt(some, limits(30, 100), START + 5 * 60 * MINUTE);
  expect(fullAt(usage, limits(30, 100), START + 5 * 60 * MINUTE)).toBe(usage);
  const turn = askTurn(usage, mail, limits(30, 100), START + 6 * 60 * MINUTE, NEVER);
  expect(turn).toMatchObject({ kind: 'wait', limit: 'recipientsPerDay' });
  const { at } = (turn as { reservation: { at: number } }).reservation;
  expect(at).toBeGreaterThanOrEqual(START + DAY);
  expect(at).toBeLessThan(START + DAY + 3 * BUCKET_MS);
  expect(askTurn(usage, { ...mail, recipients: 60 }, limits(30, 100), START + 6 * 60 * MINUTE, NEVER)).toMatchObject({ kind: 'wait' });
});

test('a clock that jumps back makes no window free again', () => {
  const mailbox = new VirtualMailbox(limits(10, 50, 0));
  for (let n = 0; n < 120; n++) mailbox.post(START + n * 30 * SECOND);
  // After half an hour the clock is two days behind.
  mailbox.run(START + 10 * DAY, undefined, (now) => (now > START + 30 * MINUTE && now < START + 4 * DAY ? now - 2 * DAY : now));
  expect(mailbox.sent).toHaveLength(120);
  expect(mostIn(mailbox.sent, MINUTE, one)).toBeLessThanOrEqual(10);
  expect(mostIn(mailbox.sent, DAY, recipientsOf)).toBeLessThanOrEqual(50);
});

test('for any mails, limits and delays: never above a limit in any window, and none lost', () => {
  const mails = fc.array(
    fc.record({
      after: fc.integer({ min: 0, max: 400 }),
      recipients: fc.integer({ min: 1, max: 12 }),
      urgent: fc.boolean(),
      application: fc.constantFrom('a', 'b'),
    }),
    { minLength: 1, maxLength: 120 },
  );
  const scenario = fc.record({
    mails,
    perMinute: fc.integer({ min: 1, max: 30 }),
    perDay: fc.integer({ min: 40, max: 400 }),
    reserve: fc.constantFrom(0, 0.1, 0.5),
    share: fc.constantFrom(undefined, 0.5, 1),
    late: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 20 }),
    longLate: fc.boolean(),
  });
  fc.assert(
    fc.property(scenario, ({ mails: all, perMinute, perDay, reserve, share, late, longLate }) => {
      const rules = { ...RULES, messagesPerMinute: perMinute, recipientsPerDay: perDay, urgentReserve: reserve };
      const mailbox = new VirtualMailbox(limitsOf(rules, {}, { shareOfDay: share }));
      let at = START;
      for (const { after, ...each } of all) mailbox.post((at += after * SECOND), each);
      let turn = 0;
      mailbox.run(at + 60 * DAY, () => (late[turn++ % late.length] as number) * (longLate ? 20 * SECOND : 100));
      expect(mailbox.sent.length + mailbox.tooLate.length).toBe(all.length);
      for (const { recipients } of mailbox.tooLate) expect(recipients).toBeGreaterThan(Math.floor(perDay * 0.5 * (share ?? 1)));
      expect(mostIn(mailbox.sent, MINUTE, one)).toBeLessThanOrEqual(perMinute);
      expect(mostIn(mailbox.sent, DAY, recipientsOf)).toBeLessThanOrEqual(perDay);
      for (const application of share === undefined ? [] : ['a', 'b']) {
        const own = mailbox.sent.filter((one) => one.application === application);
        expect(mostIn(own, DAY, recipientsOf)).toBeLessThanOrEqual(Math.max(1, Math.floor(perDay * (share ?? 1))));
      }
      const bulk = mailbox.sent.filter(({ urgent }) => !urgent);
      expect(mostIn(bulk, DAY, recipientsOf)).toBeLessThanOrEqual(perDay - Math.min(perDay - 1, Math.ceil(perDay * reserve)));
    }),
    { numRuns: 150, seed: 20 },
  );
});
