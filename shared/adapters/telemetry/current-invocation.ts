// The invocation in hand: its log carries the host's operation id, its trace context goes on with the mail.
import { AsyncLocalStorage } from 'node:async_hooks';

export interface Invocation {
  log(line: string): void;
  traceContext?: { traceParent?: string | undefined } | undefined;
}

const storage = new AsyncLocalStorage<Invocation>();

export const duringInvocation = <T>(invocation: Invocation, run: () => T): T => storage.run(invocation, run);

/** A line of the invocation in hand; outside of one, of the process. */
export function writeLine(line: string): void {
  const invocation = storage.getStore();
  if (invocation) invocation.log(line);
  else console.log(line);
}

/** W3C Trace Context, version 00. The host goes on with the caller's trace, or begins one. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

export function traceparentOfInvocation(): string | undefined {
  const traceparent = storage.getStore()?.traceContext?.traceParent;
  return traceparent !== undefined && TRACEPARENT.test(traceparent) ? traceparent : undefined;
}
