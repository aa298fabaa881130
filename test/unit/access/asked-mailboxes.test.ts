// Graph is asked about a mailbox once for all who want to know it, and about few mailboxes at a time.
import { expect, test } from 'vitest';
import { AskedMailboxes } from '../../../shared/usecases/accept/asked-mailboxes.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';

function asking() {
  const clock = new ManualClock();
  const calls: { mailbox: string; answer: (text: string) => void; fail: (error: Error) => void }[] = [];
  const asked = new AskedMailboxes<string>(clock, (mailbox) => new Promise((answer, fail) => void calls.push({ mailbox, answer, fail })));
  return { clock, calls, asked };
}

test('forty questions at a time are one call, and so are those of the next ten seconds', async () => {
  const { clock, calls, asked } = asking();
  const answers = Array.from({ length: 40 }, () => asked.ask('a@contoso.com'));
  calls[0]?.answer('yes');
  expect(new Set(await Promise.all(answers))).toEqual(new Set(['yes']));
  clock.advance(9_999);
  expect(await asked.ask('a@contoso.com')).toBe('yes');
  expect(calls).toHaveLength(1);
  clock.advance(1);
  void asked.ask('a@contoso.com');
  expect(calls).toHaveLength(2);
});

test('a failure is told to those who wait, and not kept', async () => {
  const { calls, asked } = asking();
  const both = [asked.ask('a@contoso.com'), asked.ask('a@contoso.com')];
  calls[0]?.fail(new Error('lost'));
  for (const answer of both) await expect(answer).rejects.toThrow('lost');
  void asked.ask('a@contoso.com');
  expect(calls).toHaveLength(2);
});

test('of many mailboxes eight are asked about at a time, and the oldest answers are forgotten', async () => {
  const { calls, asked } = asking();
  const answers = Array.from({ length: 40 }, (_, i) => asked.ask(`${i}@contoso.com`));
  expect(calls).toHaveLength(8);
  expect(answers.filter((answer) => answer === undefined)).toHaveLength(32);
  for (const call of calls) call.answer('yes');
  await Promise.all(answers);
  for (let i = 0; i < 1_000; i++) {
    const answer = asked.ask(`more-${i}@contoso.com`);
    calls.at(-1)?.answer('yes');
    await answer;
  }
  const count = calls.length;
  await asked.ask('more-999@contoso.com');
  expect(calls).toHaveLength(count);
  void asked.ask('0@contoso.com');
  expect(calls).toHaveLength(count + 1);
});
