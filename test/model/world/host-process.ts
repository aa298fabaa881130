// A process of the Functions host in simulated time: when it dies, nothing that runs in it ever goes on.
import type { Simulation } from './simulation.ts';

export class HostProcess {
  alive = true;
  readonly name: string;
  readonly #simulation: Simulation;
  readonly #onDeath: (() => void)[] = [];
  readonly #onFreeze: ((ms: number) => void)[] = [];

  constructor(simulation: Simulation, name: string) {
    this.#simulation = simulation;
    this.name = name;
  }

  /** Time passes for what runs here. Never resolves once the process is dead. */
  pause(ms: number, slow = false): Promise<void> {
    return new Promise((resolve) => this.#simulation.after(ms, () => this.alive && resolve(), slow));
  }

  /** The promise of the dead. */
  never<T>(): Promise<T> {
    return new Promise(() => undefined);
  }

  onDeath(act: () => void): void {
    this.#onDeath.push(act);
  }

  onFreeze(act: (ms: number) => void): void {
    this.#onFreeze.push(act);
  }

  /** What runs here is held up for so long that its locks are not renewed. */
  freeze(ms: number): void {
    for (const act of this.#onFreeze) act(ms);
  }

  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    for (const act of this.#onDeath) act();
  }
}
