// The figures of the benchmark: how times are spread, and how often each mail was delivered.
import type { RunningStack } from '../../test/support/running-stack.ts';

export interface Mail {
  subject: string;
  mailbox: string;
}

export interface Row {
  what: string;
  median: number;
  p95: number;
  maximum: number;
  unit: string;
}

export interface Counted {
  sentOnce: number;
  sentTwice: number;
  lost: number;
}

/** Nearest rank. */
export function spread(values: readonly number[]): Pick<Row, 'median' | 'p95' | 'maximum'> {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0);
  return { median: at(0.5), p95: at(0.95), maximum: at(1) };
}

/** What transport delivered of each mail. */
export async function counted(stack: RunningStack, mails: readonly Mail[]): Promise<Counted> {
  const { value } = await stack.graph<{ value: { subject: string }[] }>('GET', 'deliveries');
  const times = mails.map(({ subject }) => value.filter((delivery) => delivery.subject === subject).length);
  const of = (holds: (count: number) => boolean) => times.filter(holds).length;
  return { sentOnce: of((n) => n === 1), sentTwice: of((n) => n > 1), lost: of((n) => n === 0) };
}
