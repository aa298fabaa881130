// The boundary between a process and a store: every call takes time, and can be where the process dies or an answer is lost.
import { StoreUnavailable } from '../../../shared/ports/store-unavailable.ts';
import type { CallPlan } from './faults.ts';
import type { HostProcess } from './host-process.ts';
import type { Simulation } from './simulation.ts';

type Method = (...args: unknown[]) => Promise<unknown>;

/** Waits, and dies if the plan says so: `false` means that the process is dead, or has died here. */
export async function passed(process: HostProcess, ms: number, crash: boolean): Promise<void> {
  await process.pause(ms);
  if (!crash) return;
  process.kill();
  await process.never();
}

/**
 * The same port, called from a process over a network that fails as `plan` says for each call. `lost`: what the adapter makes of a
 * lost answer by repeating the call; nothing: it gives up.
 */
export function gated<Port extends object>(
  port: Port,
  simulation: Simulation,
  process: HostProcess,
  plan: (method: string) => CallPlan,
  lost: (method: string) => unknown = () => undefined,
): Port {
  return new Proxy(port, {
    get(target, name) {
      const method = Reflect.get(target, name) as unknown;
      if (typeof method !== 'function' || typeof name !== 'string') return method;
      return async (...args: unknown[]) => {
        simulation.activity++;
        if (!process.alive) await process.never();
        const { before, after, stall, crash, fail } = plan(name);
        await passed(process, before, crash === 'before');
        if (fail === 'before') throw new StoreUnavailable(`${name}: out of reach`);
        const result = await (method as Method).apply(target, args);
        if (stall > 0) process.freeze(stall);
        await passed(process, after + stall, crash === 'after');
        if (fail !== 'after') return result;
        const found = lost(name);
        if (found === undefined) throw new StoreUnavailable(`${name}: no answer`);
        return found;
      };
    },
  });
}
