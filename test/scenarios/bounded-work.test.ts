// One caller must not stop the others: hostile inputs beside a light load through the real HTTP API, with the delay that others see.

import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOSTILE_COMMENT, type HostileInput, hostileInputs } from '../support/hostile-inputs.ts';
import { HAS_PROC, peakMegabytes } from '../support/peak-memory.ts';
import type { RunningStack } from '../support/running-stack.ts';
import { original, post, startOperations } from './operations/operations.ts';

const SAMPLES = 40;

let stack: RunningStack;
let inputs: HostileInput[];
beforeAll(async () => {
  inputs = hostileInputs();
  stack = await startOperations();
});
afterAll(() => stack.close());

/** Milliseconds that a fixed piece of work takes here and now: how busy the machine is with others. */
function unit(): number {
  const start = performance.now();
  createHash('sha256').update(Buffer.alloc(8_000_000)).digest();
  return performance.now() - start;
}

/** The worst delay of the health endpoint until `work` ends, a light load beside it unless the machine is to be idle; and the worst unit of work in that time. */
async function delayDuring(work: () => Promise<unknown>, isLoaded = true): Promise<{ worst: number; unit: number }> {
  let isOver = false;
  const found = { worst: 0, unit: 0 };
  const polling = (async () => {
    for (let i = 0; !isOver; i++) {
      const start = performance.now();
      expect((await fetch(`${stack.url('functions')}/health/live`)).status).toBe(200);
      found.worst = Math.max(found.worst, performance.now() - start);
      if (i % 20 === 0) found.unit = Math.max(found.unit, unit());
      if (isLoaded && i % 5 === 0) expect((await stack.send({ subject: 'Light', mailbox: 'light@contoso.com' })).status).toBe(202);
      await sleep(10);
    }
  })();
  try {
    await work();
  } finally {
    isOver = true;
    await polling;
  }
  return found;
}

async function answerOf({ headers, body }: HostileInput): Promise<{ status: number; code: string }> {
  const response = await fetch(`${stack.url('functions')}/v1.0/users/hostile@contoso.com/sendMail`, { method: 'POST', headers, body });
  const answer = (await response.json()) as { error?: { code: string } };
  return { status: response.status, code: answer.error?.code ?? '' };
}

describe('hostile inputs', () => {
  test('are answered, and others see about the delay of the idle machine; memory stays within a multiple of the idle one', async () => {
    const worker = stack.stack.pids()['worker'];
    // The first mails load what is loaded once, the worker threads too.
    await delayDuring(async () => {
      await stack.untilStatus((await stack.send({ subject: 'First' })).location, 'sent');
      await answerOf({ ...(inputs[0] as HostileInput) });
    });
    const idle = await delayDuring(() => sleep(SAMPLES * 50), false);
    const idlePeak = HAS_PROC ? peakMegabytes(stack.stack.pids()['worker']) : 0;
    const bound = (during: { unit: number }): number => 12 * Math.max(idle.worst, 25 * (during.unit / 5), 25);

    for (const input of inputs) {
      let answer = { status: 0, code: '' };
      const during = await delayDuring(async () => {
        answer = await answerOf(input);
      });
      expect({ name: input.name, status: answer.status }).toEqual({ name: input.name, status: input.status });
      if (input.code !== undefined) expect({ name: input.name, code: answer.code }).toEqual({ name: input.name, code: input.code });
      expect(during.worst, input.name).toBeLessThan(bound(during));
    }
    expect(stack.stack.pids()['worker']).toBe(worker);
    if (HAS_PROC) expect(peakMegabytes(stack.stack.pids()['worker'])).toBeLessThan(3 * idlePeak);
  });

  test('also the comment of a reply', async () => {
    const mailbox = 'comment@contoso.com';
    const question = await original(stack, mailbox, 'Question');
    const idle = await delayDuring(() => sleep(SAMPLES * 25), false);
    const during = await delayDuring(async () => {
      const posted = await post(stack, mailbox, `messages/${question.id}/reply`, { comment: HOSTILE_COMMENT });
      expect(posted.status).toBe(202);
      await stack.untilStatus(posted.location, 'sent');
    });
    expect(during.worst).toBeLessThan(12 * Math.max(idle.worst, 25 * (during.unit / 5), 25));
  });

  test('forty preflights of a mailbox are one call of Graph', async () => {
    const lists = async () => (await stack.graph<{ totals: Record<string, number> }>('GET', 'stats')).totals['list'] ?? 0;
    const ask = async () => {
      const response = await fetch(`${stack.url('functions')}/v1.0/users/asked@contoso.com/preflight`);
      expect(response.status).toBe(200);
    };
    await ask();
    const before = await lists();
    await Promise.all(Array.from({ length: 40 }, ask));
    // The reconciler lists, too, and not forty times in this moment.
    expect((await lists()) - before).toBeLessThan(20);
  });
});
