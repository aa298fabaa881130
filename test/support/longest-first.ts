// The order of the test files: what waits long begins first, so that a run does not end with one file that waits alone.
import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Scenarios that take much longer than their size says, the longest first. `limits` waits for more than a minute of real time. */
const LONG = ['limits', 'bounded-memory', 'fault-matrix-draft', 'fault-matrix', 'fault-matrix-direct', 'soak', 'crash-points-submit'];

const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = LONG.indexOf(basename(moduleId, '.test.ts'));
  return rank < 0 ? LONG.length : rank;
};

/** Vitest knows how long a file took only if it has run before: in a fresh clone it takes the largest file first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const scenarios = sorted.filter(({ project }) => project.name === 'scenarios').sort((a, b) => rankOf(a) - rankOf(b));
    return sorted.map((file) => (file.project.name === 'scenarios' ? (scenarios.shift() as TestSpecification) : file));
  }
}
