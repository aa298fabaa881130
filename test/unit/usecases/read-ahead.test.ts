// What an attempt needs beside the record is read at the same time as the record.
import { expect, test } from 'vitest';
import type { LimitRules } from '../../../shared/domain/limits/limit-rules.ts';
import { MINUTE, Stage, unavailable } from './stage.ts';

const limits: LimitRules = { messagesPerMinute: 30, recipientsPerDay: 1_000, acceptedDomains: [], share: 1, urgentReserve: 0.1 };
const usageReads = ({ calls }: Stage) => calls.filter((call) => call === 'log.usage').length;

test('the counters of a mailbox are read beside the record of its first mail, and not again', async () => {
  const stage = new Stage({ rules: { limits } });
  await stage.post();
  let begun = 0;
  let open = (): void => undefined;
  const both = new Promise<void>((resolve) => {
    open = resolve;
  });
  const meet = () => {
    begun++;
    if (begun === 2) open();
    return both;
  };
  stage.before('log.read', meet);
  stage.before('log.usage', meet);
  await stage.deliver();
  await stage.post();
  await stage.deliver();
  expect(stage.graph.submissions).toHaveLength(2);
  expect(usageReads(stage)).toBe(1);
});

test('counters that could not be read ahead are read again for the claim', async () => {
  const stage = new Stage({ rules: { limits } });
  await stage.post();
  stage.before('log.usage', unavailable);
  await stage.deliver();
  expect(stage.graph.submissions).toHaveLength(1);
  expect(usageReads(stage)).toBe(2);
});

test('what was read ahead for a mail that was held is not used for one that comes later', async () => {
  const stage = new Stage({ rules: { limits } });
  await stage.pauses.set({ id: 'everything', scope: 'everything', reason: 'a test', setBy: 'operator', setDateTime: stage.now() });
  await stage.post();
  await stage.deliver();
  await stage.pauses.lift('everything');
  stage.clock.advance(MINUTE);
  // Another process has counted a mail meanwhile.
  await stage.post();
  await stage.deliver(stage.anotherProcess());
  await stage.deliverAll();
  expect(stage.graph.submissions).toHaveLength(2);
  // The hold, and of each mail its claim and its outcome: no claim was refused for counters that had changed.
  expect(stage.calls.filter((call) => call === 'log.write')).toHaveLength(5);
});

test('a mail that only makes a draft does not count, so its counters are not read', async () => {
  const stage = new Stage({ rules: { limits } });
  await stage.post({ operation: 'createDraft' });
  await stage.deliver();
  expect(usageReads(stage)).toBe(0);
});
