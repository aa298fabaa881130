// Failures to come: armed by tests, taken one by one at the points where a real service fails.

export type FaultPoint = 'attach' | 'send' | 'delivery' | 'disposition' | 'management';
export type FaultAction = 'error' | 'dropBefore' | 'dropAfter' | 'noAnswer';

export const faultPoints: readonly FaultPoint[] = ['attach', 'send', 'delivery', 'disposition', 'management'];
export const faultActions: readonly FaultAction[] = ['error', 'dropBefore', 'dropAfter', 'noAnswer'];

export interface Fault {
  readonly point: FaultPoint;
  /** error: refused. dropBefore, dropAfter: the connection is cut before or after it took effect. noAnswer: took effect, silence. */
  readonly action: FaultAction;
  /** For `error`; server-busy unless given. */
  readonly condition?: string | undefined;
  readonly description?: string | undefined;
  /** Only at this queue. */
  readonly entity?: string | undefined;
  /** Lets this many pass first. */
  readonly skip?: number | undefined;
  readonly count?: number | undefined;
}

interface Armed extends Fault {
  skip: number;
  count: number;
}

export class Faults {
  #armed: Armed[] = [];

  arm(fault: Fault): void {
    this.#armed.push({ ...fault, skip: fault.skip ?? 0, count: fault.count ?? 1 });
  }

  clear(): void {
    this.#armed = [];
  }

  list(): readonly Fault[] {
    return this.#armed;
  }

  take(point: FaultPoint, entity: string): Fault | undefined {
    const fault = this.#armed.find((each) => each.point === point && (each.entity === undefined || sameName(each.entity, entity)));
    if (!fault) return undefined;
    if (fault.skip > 0) {
      fault.skip--;
      return undefined;
    }
    fault.count--;
    if (fault.count <= 0) this.#armed = this.#armed.filter((each) => each !== fault);
    return fault;
  }
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
