// Once before the tests: builds the bundle (scenarios run what Azure gets) and the emulators, and starts the Azurite that all share.
import { COMPILED, compileEmulators } from '../emulators/local-stack/compile.ts';
import { buildBundle } from './running-stack.ts';
import { startAzurite } from './storage-account.ts';

export default async function setup(): Promise<() => Promise<void>> {
  buildBundle();
  await compileEmulators();
  process.env[COMPILED] = '1';
  return startAzurite();
}
