// What the doctor says of events, by what /health/ready tells an operator.
import { expect, test } from 'vitest';
import type { Answer, Visit } from '../../../scripts/doctor/check.ts';
import { EVENTS_CHECKS } from '../../../scripts/doctor/events-check.ts';

function visit(...bodies: Record<string, unknown>[]): Visit {
  let time = 0;
  let asked = 0;
  const call = async (): Promise<Answer> => ({
    status: 200,
    headers: new Headers(),
    body: bodies[Math.min(asked++, bodies.length - 1)] ?? {},
    text: '',
  });
  const pause = async () => {
    time += 1_000;
  };
  const getToken = async () => '';
  return { url: '', mailbox: '', unknown: '', patienceMs: 60_000, now: () => time, pause, call, getToken };
}

const run = (...bodies: Record<string, unknown>[]) => EVENTS_CHECKS[0]?.run(visit(...bodies));
const ON = { events: { on: true } };

test('without an operator it says that it could not look', async () => {
  expect(await run({ status: 'ready' })).toMatchObject({ verdict: 'skipped', detail: expect.stringContaining('operator') });
});

test('events that are off are no fault', async () => {
  expect(await run({ events: { on: false } })).toMatchObject({ verdict: 'ok', detail: expect.stringContaining('are off') });
});

test('a refusal, also a late one, is shown with what mends it', async () => {
  const refused = { events: { on: true, reason: 'Event Grid: 403 Forbidden' } };
  expect(await run(ON, ON, refused)).toMatchObject({
    verdict: 'failed',
    detail: expect.stringContaining('403 Forbidden'),
    next: expect.arrayContaining([expect.stringContaining('EventGrid Data Sender')]),
  });
});

test('if nothing was refused for ten seconds, all is well', async () => {
  expect(await run(ON)).toMatchObject({ verdict: 'ok', detail: expect.stringContaining('has met no refusal') });
});
