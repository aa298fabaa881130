// Exactly once on all operations: one mail, or one finished draft, whatever a call of any route is answered; and no draft left behind.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningStack, WHEN_TOLD } from '../../support/running-stack.ts';
import { allCases, expectedOf, type Played, playAll } from './fault-matrix.ts';
import { post, startOperations } from './operations.ts';

const cases = allCases();
let stack: RunningStack;
let played: Map<string, Played>;

beforeAll(async () => {
  stack = await startOperations({ RECONCILE_SCHEDULE: WHEN_TOLD });
  // From here on marks in MIME are proven: a forward takes the direct route.
  const first = await post(stack, 'proof@contoso.com', 'sendMail', 'To: other@example.com\r\nSubject: Proof\r\n\r\nx');
  await stack.untilStatus(first.location, 'accepted');
  await stack.settled();
  await stack.startReconciling();
  await stack.untilStatus(first.location, 'sent');
  played = await playAll(stack, cases);
});
afterAll(() => stack.close());

describe('every call of every operation', () => {
  test.each(cases)('$name', (one) => {
    const { fired, timeline, ...came } = played.get(one.name) as Played;
    expect(fired).toBe(1);
    expect(came, timeline).toEqual(expectedOf(one));
  });
});
