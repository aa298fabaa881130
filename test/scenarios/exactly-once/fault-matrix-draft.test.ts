// The fault matrix on the draft route: a draft is created, then sent.
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type ProxiedStack, startProxiedStack } from '../../support/proxied-stack.ts';
import { casesOf, judge, outcomes, type Played, play, SETTINGS } from './fault-matrix.ts';

const cases = casesOf(['createDraft', 'send']);
let stack: ProxiedStack;
let played: Map<string, Played>;

beforeAll(async () => {
  stack = await startProxiedStack({ proxied: [], proven: false, settings: { ...SETTINGS, SUBMISSION_ROUTE: 'draft' } });
  await play(stack, cases);
  played = await outcomes(stack, cases);
});
afterAll(() => stack?.close());

describe('fault matrix, draft route', () => {
  test.each(cases)('$name', (one) => judge(one, played.get(one.name)));
});
