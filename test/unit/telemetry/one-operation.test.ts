// What is told while a function runs belongs to its invocation, and the mail goes on with its trace.
import { afterEach, expect, test, vi } from 'vitest';
import { duringInvocation, traceparentOfInvocation, writeLine } from '../../../shared/adapters/telemetry/current-invocation.ts';
import { callIdOf } from '../../../shared/usecases/context.ts';
import { SeededChance } from '../../fakes/seeded-chance.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const traceParent = `00-${TRACE}-b7ad6b7169203331-00`;

afterEach(() => vi.restoreAllMocks());

test('each of two invocations at the same time keeps its own lines', async () => {
  const lines: string[] = [];
  const run = (name: string) =>
    duringInvocation({ log: (line) => lines.push(`${name}: ${line}`) }, async () => {
      writeLine('begins');
      await Promise.resolve();
      writeLine('ends');
    });
  await Promise.all([run('a'), run('b')]);
  expect(lines).toEqual(['a: begins', 'b: begins', 'a: ends', 'b: ends']);
});

test('outside of an invocation a line is not lost', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  writeLine('{"event":"senderPolicyRead"}');
  expect(log).toHaveBeenCalledExactlyOnceWith('{"event":"senderPolicyRead"}');
});

test("the trace is the invocation's; what is no trace context is none", () => {
  const within = (value?: string) =>
    duringInvocation({ log: () => undefined, traceContext: { traceParent: value } }, traceparentOfInvocation);
  expect(within(traceParent)).toBe(traceParent);
  expect(within('')).toBeUndefined();
  expect(within(`00-${'0'.repeat(32)}-b7ad6b7169203331-00`)).toBeUndefined();
  expect(traceparentOfInvocation()).toBeUndefined();
});

test('Graph is told the trace as a GUID; a mail without one gets an id of its own', () => {
  const context = { chance: new SeededChance(7) };
  expect(callIdOf(context, { traceparent: traceParent })).toBe('0af76519-16cd-43dd-8448-eb211c80319c');
  expect(callIdOf(context, {})).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});
