// What happens to processes and connections during a soak: kills, outages, lost locks, lost answers; one thing after another, by chance.
import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededChance } from '../../../fakes/seeded-chance.ts';
import type { FaultProxy } from '../../../support/fault-proxy.ts';
import type { ProxiedStack } from '../../../support/proxied-stack.ts';

type Blow = (stack: ProxiedStack, chance: SeededChance) => Promise<unknown>;

const between = (chance: SeededChance, least: number, most: number): number => least + chance.number() * (most - least);

const outage =
  (proxyOf: (stack: ProxiedStack) => FaultProxy, how: 'refuse' | { status: number }): Blow =>
  async (stack, chance) => {
    await proxyOf(stack).down(how);
    await sleep(between(chance, 300, 2_000));
    await proxyOf(stack).up();
  };

const BLOWS: Record<string, Blow> = {
  'worker killed': (stack) => stack.killed('worker'),
  'host killed': (stack) => stack.killed('functions'),
  'Service Bus killed': (stack) => stack.killed('serviceBus'),
  'Service Bus out of reach': async (stack, chance) => {
    await stack.bus('POST', 'outage', { on: true });
    await sleep(between(chance, 300, 2_000));
    await stack.bus('POST', 'outage', { on: false });
  },
  'Service Bus drops all connections': (stack) => stack.bus('POST', 'connections/drop'),
  'session locks lost': (stack) => stack.bus('POST', 'entities/send-requests/locks/expire'),
  'tables refuse': outage(({ tables }) => tables, 'refuse'),
  'tables answer 503': outage(({ tables }) => tables, { status: 503 }),
  'tables lose answers': async ({ tables }) => tables.inject(Array(5).fill({ kind: 'loseAnswer' })),
  'blobs refuse': outage(({ blobs }) => blobs, 'refuse'),
  'tokens refused': outage(({ tokenProxy }) => tokenProxy, 'refuse'),
  'Graph refuses': outage(({ graphProxy }) => graphProxy, 'refuse'),
  'Graph answers 503': outage(({ graphProxy }) => graphProxy, { status: 503 }),
  'Graph loses answers': async ({ graphProxy }) => graphProxy.inject(Array(5).fill({ kind: 'loseAnswer' })),
  'delta tokens expire': (stack) => stack.graph('POST', 'expire-delta-tokens'),
  'redelivery counted from now on': (stack) => stack.bus('POST', 'settings', { countDroppedDeliveries: true }),
  'redelivery uncounted from now on': (stack) => stack.bus('POST', 'settings', { countDroppedDeliveries: false }),
};

/** Strikes until it is told to stop; returns how often each blow fell. */
export async function strike(stack: ProxiedStack, chance: SeededChance, stopped: () => boolean): Promise<Map<string, number>> {
  const fallen = new Map<string, number>();
  // Each in turn, in an order of chance: a short soak shall not miss any by chance.
  let bag: string[] = [];
  while (!stopped()) {
    if (bag.length === 0) bag = Object.keys(BLOWS).sort(() => chance.number() - 0.5);
    const name = bag.pop() as string;
    await BLOWS[name]?.(stack, chance);
    fallen.set(name, (fallen.get(name) ?? 0) + 1);
    await sleep(between(chance, 100, 900));
  }
  return fallen;
}

/** Everything that was broken on purpose works again. */
export async function heal(stack: ProxiedStack): Promise<void> {
  for (const proxy of [stack.tables, stack.blobs, stack.graphProxy, stack.tokenProxy]) proxy.heal();
  await stack.graph('DELETE', 'faults');
}
