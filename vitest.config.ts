import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

/** Modules are loaded once for all files of a worker: no file changes what another one sees. */
const project = (name: string, include: string[], exclude: string[] = []) => ({
  test: {
    name,
    include,
    exclude: ['**/node_modules/**', ...exclude],
    isolate: false,
    // Short-lived objects die young in a larger space: a sixteenth less CPU in the tests that only compute.
    execArgv: ['--max-semi-space-size=64'],
    maxConcurrency: 32,
    // Only what hangs meets these, on a machine that is busy with others, too.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});

/** Tests that try thousands of made-up cases, or inputs of many megabytes: seconds each. `npm run test:quick` leaves them out. */
const LONG = ['test/model/**/*.test.ts', 'test/unit/**/{fuzz,hostile}.test.ts'];

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    sequence: { sequencer: LongestFirst },
    // Scenarios wait two thirds of their time.
    maxWorkers: 2 * availableParallelism() + 1,
    projects: [
      project('scenarios', ['test/scenarios/**/*.test.ts']),
      project('contract', ['test/contract/**/*.test.ts']),
      project('long', LONG),
      project('unit', ['test/*.test.ts', 'test/unit/**/*.test.ts'], LONG),
    ],
    // What decides is reached by its own unit tests alone: `npm run coverage`.
    coverage: {
      provider: 'v8',
      include: ['shared/domain/**/*.ts'],
      reporter: ['text-summary', 'text'],
      thresholds: { lines: 100, functions: 100, statements: 100, branches: 100 },
    },
  },
});
