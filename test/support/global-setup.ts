// Once before the tests: builds the bundle (tests check what Azure gets, and an older build would lie) and the emulators, and starts the Azurite and the stack that many share.
import type { TestProject } from 'vitest/node';
import { COMPILED, compileEmulators } from '../emulators/local-stack/compile.ts';
import { startBicepCompiler } from './bicep-compiler.ts';
import { buildBundle } from './running-stack.ts';
import { startSharedStack } from './shared-stack.ts';
import { startAzurite } from './storage-account.ts';

/** Projects whose tests need the bundle at most: `npm run test:quick` answers within seconds. */
const IN_MEMORY = ['unit', 'long'];

export default async function setup({ vitest }: TestProject): Promise<() => Promise<void>> {
  buildBundle();
  const stopCompiler = await startBicepCompiler();
  if (vitest.projects.every(({ name }) => IN_MEMORY.includes(name))) return stopCompiler;
  await compileEmulators();
  process.env[COMPILED] = '1';
  const stopAzurite = await startAzurite();
  const stopStack = vitest.projects.some(({ name }) => name === 'scenarios') ? await startSharedStack() : undefined;
  return async () => {
    await stopStack?.();
    await Promise.all([stopCompiler(), stopAzurite()]);
  };
}
