// What the topic does with the next requests on demand.

export const FAULTS = {
  refuse: 'answers with `status` (default 503) and takes nothing; `retryAfter`: seconds',
  dropAnswer: 'takes the events, and cuts the connection in place of the answer',
  repeat: 'takes the events twice',
  slow: 'takes the events and answers after `delay` milliseconds (default 1000)',
} as const;

export interface Fault {
  kind: keyof typeof FAULTS;
  /** How many requests meet it; default: 1. */
  times?: number;
  /** Only requests with an event whose type or subject contains this text. */
  matching?: string;
  status?: number;
  retryAfter?: number;
  delay?: number;
}

const NUMBERS = ['times', 'status', 'retryAfter', 'delay'] as const;

/** Throws an Error that says what is wrong. */
export function readFault(value: unknown): Fault {
  const fault = value as Fault;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(FAULTS, fault.kind))
    throw new Error(`kind must be one of ${Object.keys(FAULTS).join(', ')}`);
  for (const name of NUMBERS)
    if (fault[name] !== undefined && !(Number.isInteger(fault[name]) && fault[name] >= 0))
      throw new Error(`${name} must be a whole number`);
  return fault;
}

export class Faults {
  readonly armed: (Fault & { left: number })[] = [];

  arm(fault: Fault): void {
    this.armed.push({ ...fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.armed.length = 0;
  }

  /** The fault that a request with this body meets, which is then used up by one. */
  take(body: string): Fault | undefined {
    const fault = this.armed.find(({ left, matching }) => left > 0 && (matching === undefined || body.includes(matching)));
    if (fault) fault.left--;
    return fault;
  }
}
