// placeholder
import type { Pump } from './pump.ts';
export function startPump(_options: unknown): Pump {
  return { stop: async () => {} };
}
