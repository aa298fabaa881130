// Once before the tests: builds the bundle (scenarios run what Azure gets) and the emulators, and starts the Azurite that all share.
import type { TestProject } from 'vitest/node';
import { COMPILED, compileEmulators } from '../emulators/local-stack/compile.ts';
import { buildBundle } from './running-stack.ts';
import { startAzurite } from './storage-account.ts';

/** Projects whose tests need none of this: `npm run test:quick` answers within seconds. */
const IN_MEMORY = ['unit', 'long'];

export default async function setup({ vitest }: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (vitest.projects.every(({ name }) => IN_MEMORY.includes(name))) return undefined;
  buildBundle();
  await compileEmulators();
  process.env[COMPILED] = '1';
  return startAzurite();
}
