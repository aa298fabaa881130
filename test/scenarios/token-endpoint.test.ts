// The token endpoint is down from the first mail on: nothing can be sent, and nothing is lost.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningStack, startRunningStack } from '../support/running-stack.ts';

let stack: RunningStack;

beforeAll(async () => {
  stack = await startRunningStack({ settings: { RECONCILE_SCHEDULE: '* * * * * *' } });
});
afterAll(() => stack.close());

test('while no token can be had the mail is deferred, each attempt with its reason; afterwards it goes out, once', async () => {
  await stack.fault({ id: 'no token', operation: 'token', when: 'before', times: null, answer: { status: 500 } });
  const posted = await stack.send({ subject: 'No token' });
  const waiting = await stack.until(posted.location, 'deferred twice', ({ attempts, status }) => status === 'deferred' && attempts >= 1);
  expect(waiting.error?.message).toContain('no token');
  expect((await stack.fired())['no token']).toBeGreaterThan(0);
  await stack.graph('DELETE', 'faults/no%20token');
  const request = await stack.untilStatus(posted.location, 'sent');
  expect(request.events.find(({ type }) => type === 'submissionFailedTransiently')?.detail).toContain('no token');
  expect(await stack.deliveries('No token')).toHaveLength(1);
});
