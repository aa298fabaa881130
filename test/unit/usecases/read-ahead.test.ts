// What an attempt needs beside the record is read at the same time as the record; and the record itself, which the HTTP API may still be writing.
import { describe, expect, test } from 'vitest';
import type { LimitRules } from '../../../shared/domain/limits/limit-rules.ts';
import type { QueueMessage } from '../../../shared/domain/submit/queue-message.ts';
import { newRecord } from '../../../shared/usecases/log/new-record.ts';
import { submitSendRequest } from '../../../shared/usecases/submit/submit-send-request.ts';
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

describe('a queue message that is quicker than the row of its request', () => {
  /** Delivers it before the row is written; `comes`: whether it is written while the worker waits. */
  async function overtake({ comes, ageMs = 0 }: { comes: boolean; ageMs?: number }) {
    const stage = new Stage();
    stage.before('log.create', unavailable);
    const id = await stage.post();
    const message = stage.queue.take()?.message as QueueMessage;
    stage.clock.advance(ageMs);
    let waited = 0;
    const sleep = async (ms: number) => {
      waited += ms;
      if (comes) await stage.log.create({ record: newRecord(message), events: [], recipients: message.recipients });
    };
    await submitSendRequest(stage.context, message, { count: 1, sleep });
    expect(stage.graph.submissions).toHaveLength(1);
    expect((await stage.record(id)).status).toBe('accepted');
    const creates = stage.calls.filter((call) => call === 'log.create').length - 1;
    return { waited, creates };
  }

  test('waits a moment for it, and does not create it', async () => {
    expect(await overtake({ comes: true })).toEqual({ waited: 40, creates: 0 });
  });

  test('creates it if it does not come, after one wait', async () => {
    expect(await overtake({ comes: false })).toEqual({ waited: 40, creates: 1 });
  });

  test('does not wait if the request is not new', async () => {
    expect(await overtake({ comes: false, ageMs: 5_000 })).toEqual({ waited: 0, creates: 1 });
  });
});
