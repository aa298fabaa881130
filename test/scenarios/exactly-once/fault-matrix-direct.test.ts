// The fault matrix on the direct route: one POST hands the mail to Exchange.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ProxiedStack, startProxiedStack } from '../../support/proxied-stack.ts';
import { casesOf, judge, outcomes, type Played, play, SETTINGS } from './fault-matrix.ts';

const cases = casesOf(['sendMail']);
let stack: ProxiedStack;
let played: Map<string, Played>;

beforeAll(async () => {
  stack = await startProxiedStack({ proxied: [], settings: SETTINGS });
  await play(stack, cases);
  played = await outcomes(stack, cases);
});
afterAll(() => stack?.close());

describe('fault matrix, direct route', () => {
  test.each(cases)('$name', (one) => judge(one, played.get(one.name)));

  test('the one residue: a 429 that hid a mail whose copy shows up only after the next look is sent twice', async () => {
    const mailbox = 'residue@contoso.com';
    const effects = { hiddenFor: 3_600_000 };
    await stack.fault({ id: 'residue', mailbox, operation: 'sendMail', when: 'after', answer: { status: 429 }, effects });
    const { location } = await stack.send({ mailbox, subject: 'Residue' });
    await stack.untilStatus(location, 'accepted');
    await stack.settled();
    await stack.reconcile();
    const request = await stack.untilStatus(location, 'sent');
    expect(await stack.fired()).toMatchObject({ residue: 1 });
    expect(request.events.map(({ type }) => type)).toContain('submissionThrottled');
    expect(await stack.deliveries('Residue')).toHaveLength(2);
  });
});
