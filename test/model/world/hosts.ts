// The processes that the product runs in: two at a time, each with its own memory, each started again after its death.
import type { Rules } from '../../../shared/domain/rules.ts';
import type { Context } from '../../../shared/usecases/context.ts';
import { InMemoryAccountPauses } from '../../fakes/in-memory-account-pauses.ts';
import { InMemoryContentStore } from '../../fakes/in-memory-content-store.ts';
import { InMemoryMailboxRegistry } from '../../fakes/in-memory-mailbox-registry.ts';
import { InMemoryPauses } from '../../fakes/in-memory-pauses.ts';
import type { InMemoryProofs } from '../../fakes/in-memory-proofs.ts';
import { InMemoryRefusedAttempts } from '../../fakes/in-memory-refused-attempts.ts';
import { InMemorySuppressions } from '../../fakes/in-memory-suppressions.ts';
import { InMemoryTenantCounter } from '../../fakes/in-memory-tenant-counter.ts';
import { newProcess } from '../../fakes/new-process.ts';
import { noMessageTrace } from '../../fakes/no-message-trace.ts';
import { SeededChance } from '../../fakes/seeded-chance.ts';
import type { Broker } from './broker.ts';
import { gated } from './gate.ts';
import { HostProcess } from './host-process.ts';
import type { Observer } from './observer.ts';
import { SECOND } from './run-times.ts';
import { type GraphWorld, SimulatedGraph } from './simulated-graph.ts';
import { SimulatedQueue } from './simulated-queue.ts';

const SLOTS = 2;

export interface Host {
  process: HostProcess;
  context: Context;
}

export interface Surroundings extends GraphWorld {
  observer: Observer;
  broker: Broker;
  proofs: InMemoryProofs;
  rules: Rules;
  seed: number;
  /** Operators pause and resume. */
  pauses: boolean;
}

export class Hosts {
  readonly contents = new InMemoryContentStore();
  readonly pauses = new InMemoryPauses();
  readonly tenantCounter = new InMemoryTenantCounter();
  readonly #registry: InMemoryMailboxRegistry;
  readonly #accountPauses: InMemoryAccountPauses;
  readonly #suppressions: InMemorySuppressions;
  readonly #refusedAttempts: InMemoryRefusedAttempts;
  readonly #world: Surroundings;
  readonly #hosts: Host[] = [];
  #processes = 0;

  constructor(world: Surroundings) {
    this.#world = world;
    this.#registry = new InMemoryMailboxRegistry(world.simulation);
    this.#accountPauses = new InMemoryAccountPauses(world.simulation);
    this.#suppressions = new InMemorySuppressions(world.simulation);
    this.#refusedAttempts = new InMemoryRefusedAttempts(world.simulation, world.rules.retryAttemptWindowMs);
    for (let slot = 0; slot < SLOTS; slot++) this.#start(slot);
  }

  /** One that lives, if any does. */
  any(): Host | undefined {
    const alive = this.#hosts.filter(({ process }) => process.alive);
    return alive.length > 0 ? this.#world.faults.pick(alive) : undefined;
  }

  #start(slot: number): void {
    const { simulation, faults, observer } = this.#world;
    const process = new HostProcess(simulation, `host-${slot}.${++this.#processes}`);
    this.#hosts[slot] = { process, context: this.#context(process) };
    process.onDeath(() => {
      observer.note(`${process.name} DIES`);
      simulation.after(faults.number(SECOND, 20 * SECOND), () => this.#start(slot));
    });
  }

  #context(process: HostProcess): Context {
    const { simulation, faults, observer, broker, proofs, rules, seed, pauses } = this.#world;
    const store = <Port extends object>(port: Port, name: 'log' | 'contents' | 'registry' | 'proofs') =>
      gated(
        port,
        simulation,
        process,
        (method) => faults.store(name, method),
        // A record that was created, its answer lost, is there already when the adapter tries again.
        (method) => (method === 'create' && faults.pick([true, false]) ? { kind: 'conflict' } : undefined),
      );
    return {
      clock: simulation,
      chance: new SeededChance(seed * 1000 + this.#processes),
      queue: new SimulatedQueue(simulation, broker, faults, process),
      contents: store(this.contents, 'contents'),
      log: store(observer, 'log'),
      registry: store(this.#registry, 'registry'),
      proofs: store(proofs, 'proofs'),
      graph: new SimulatedGraph(this.#world, process),
      telemetry: { event: () => undefined },
      ...newProcess(),
      accountPauses: this.#accountPauses,
      suppressions: this.#suppressions,
      pauses: pauses ? store(this.pauses, 'log') : this.pauses,
      refusedAttempts: store(this.#refusedAttempts, 'log'),
      tenantCounter: this.tenantCounter,
      messageTrace: noMessageTrace,
      rules,
    };
  }
}
