// Prices, and what a million mails cost by them: list prices of a US region in US dollars, as infra/COSTS.md has them.
// Date: 2026-11. Source: each price is from memory of Microsoft's price pages; nobody has checked it against a page or a bill.
// https://azure.microsoft.com/pricing/calculator/ has those of a region and an agreement.

interface Price {
  what: string;
  /** USD for one unit. */
  usd: number;
  unit: string;
}

export const PRICES = {
  onDemandMemory: { what: 'Flex Consumption, on demand', usd: 0.000026, unit: 'GB-s' },
  onDemandExecution: { what: 'Flex Consumption, executions on demand', usd: 0.4 / 1e6, unit: 'execution' },
  readyBaseline: { what: 'always-ready baseline', usd: 0.000004, unit: 'GB-s' },
  readyMemory: { what: 'always-ready execution time', usd: 0.000016, unit: 'GB-s' },
  queue: { what: 'Service Bus Standard, beyond what is included', usd: 0.8 / 1e6, unit: 'operation' },
  table: { what: 'Table Storage, transactions', usd: 0.45 / 1e6, unit: 'operation' },
  blob: { what: 'Blob Storage, writes (reads are cheaper)', usd: 0.065 / 1e4, unit: 'operation' },
  log: { what: 'Log Analytics, pay as you go', usd: 2.3 / 1e9, unit: 'byte' },
} as const satisfies Record<string, Price>;

/** A month, as its price page says: https://azure.microsoft.com/pricing/details/service-bus/ */
const INCLUDED_QUEUE_OPERATIONS = 13e6;

export const ASSUMPTIONS = [
  'a million mails in a month, one after the other at 20 a second, on one instance of 2 GB for HTTP on demand and one for the worker that is always ready',
  'an instance is billed for the time in which at least one execution runs; each is at least a second',
  'not in it: base charges, alerts, and what costs the same without mail (infra/COSTS.md)',
  'the reconciler as in the case: one run finds the copies of all mails of it',
  'each operation of Blob Storage as dear as a write',
  'the rate also for mail so large that one instance cannot keep it up',
];

/** Mails a second. */
export const RATE = 20;

const MILLION = 1e6;
const INSTANCE_GB = 2;

/** For each mail. */
export interface Used {
  table: number;
  blob: number;
  queue: number;
  /** Bytes. */
  log: number;
}

export interface Bill {
  instances: number;
  executions: number;
  queue: number;
  table: number;
  blob: number;
  log: number;
  sum: number;
}

/** USD for a million mails. At this rate both instances run all the time. */
export function billOf({ table, blob, queue, log }: Used): Bill {
  const seconds = MILLION / RATE;
  const parts = {
    instances: seconds * INSTANCE_GB * (PRICES.onDemandMemory.usd + PRICES.readyMemory.usd),
    executions: 2 * MILLION * PRICES.onDemandExecution.usd,
    queue: Math.max(0, queue * MILLION - INCLUDED_QUEUE_OPERATIONS) * PRICES.queue.usd,
    table: table * MILLION * PRICES.table.usd,
    blob: blob * MILLION * PRICES.blob.usd,
    log: log * MILLION * PRICES.log.usd,
  };
  const sum = Object.values(parts).reduce((total, part) => total + part, 0);
  return Object.fromEntries(Object.entries({ ...parts, sum }).map(([name, usd]) => [name, Number(usd.toFixed(1))])) as unknown as Bill;
}
