// `npx graph-mail-queue soak [--minutes N] [--mails N] [--seed N]`: mails, faults and kills for minutes; exits 0 only if each mail went out once.
import { parseArgs } from 'node:util';
import { runSoak } from '../test/scenarios/exactly-once/soak/run-soak.ts';
import { buildBundle } from '../test/support/running-stack.ts';
import { refuseCall } from './commands.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '3' },
    mails: { type: 'string', default: '600' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});

function numberOf(name: 'minutes' | 'mails' | 'seed'): number {
  const value = Number(values[name]);
  if (Number.isFinite(value) && value > 0) return value;
  return refuseCall('soak', `--${name} takes a number above 0, not "${values[name]}"`);
}

const table = (rows: Iterable<[string, number]>): string =>
  [...rows]
    .sort(([, a], [, b]) => b - a)
    .map(([name, times]) => `  ${String(times).padStart(5)}  ${name}`)
    .join('\n');

const seed = numberOf('seed');
buildBundle();
const result = await runSoak({ seed, mails: numberOf('mails'), milliseconds: numberOf('minutes') * 60_000, say: console.log });

console.log(`\nfaults of Graph that fired:\n${table(Object.entries(result.fired))}`);
console.log(`\nkills, outages and the like:\n${table(result.blows)}`);
console.log(`\nstates in the log:\n${table(Object.entries(result.states))}`);
const { twice, lost, untrue, unsettled, deadLettered } = result;
console.log(
  `\n${result.taken} of ${result.mails} mails accepted in ${result.posts} posts: ${twice.length} sent twice, ${lost.length} lost, ${deadLettered} dead-lettered`,
);
const problems = [...twice, ...lost, ...untrue, ...unsettled];
for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 || deadLettered > 0 ? 1 : 0);
