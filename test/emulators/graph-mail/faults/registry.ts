// The faults in force: which of them meets a request, and how often each fired.
import { type Fault, readFault } from './fault.ts';

export interface ArmedFault {
  readonly fault: Fault;
  fired: number;
  skipped: number;
  readonly random: () => number;
}

export interface Faults {
  set(faults: readonly unknown[]): void;
  add(fault: unknown): string;
  list(): (Fault & { fired: number })[];
  remove(id: string): void;
  /** Faults that meet this request, counted as fired: at most one that answers, and any that only have effects. */
  meet(operation: string, mailbox: string | null): ArmedFault[];
  /** A fault that was to act afterwards, but had nothing to act on. */
  takeBack(fault: ArmedFault): void;
  reset(): void;
}

/** Mulberry32: small, seeded, good enough to spread faults. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const arm = (fault: Fault): ArmedFault => ({ fault, fired: 0, skipped: 0, random: seededRandom(fault.seed) });

export function createFaults(): Faults {
  let armed: ArmedFault[] = [];

  function fires(one: ArmedFault, operation: string, mailbox: string | null): boolean {
    const { fault } = one;
    if (fault.operation !== 'any' && fault.operation.toLowerCase() !== operation.toLowerCase()) return false;
    if (fault.operation === 'any' && mailbox === null) return false;
    if (fault.mailbox !== undefined && fault.mailbox !== mailbox?.toLowerCase()) return false;
    if (fault.times !== null && one.fired >= fault.times) return false;
    if (fault.probability < 1 && one.random() >= fault.probability) return false;
    if (one.skipped < fault.skip) {
      one.skipped++;
      return false;
    }
    return true;
  }

  return {
    set(faults) {
      armed = faults.map((fault, index) => arm(readFault(fault, index)));
    },
    add(fault) {
      const one = arm(readFault(fault, armed.length));
      armed.push(one);
      return one.fault.id;
    },
    list: () => armed.map(({ fault, fired }) => ({ ...fault, fired })),
    remove(id) {
      armed = armed.filter(({ fault }) => fault.id !== id);
    },
    meet(operation, mailbox) {
      const met: ArmedFault[] = [];
      let answered = false;
      for (const one of armed) {
        const answers = one.fault.answer !== 'normal';
        if ((answers && answered) || !fires(one, operation, mailbox)) continue;
        one.fired++;
        answered ||= answers;
        met.push(one);
      }
      return met;
    },
    takeBack(fault) {
      fault.fired--;
    },
    reset() {
      armed = [];
    },
  };
}
