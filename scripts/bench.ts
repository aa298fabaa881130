// `npx graph-mail-queue bench [--only SET,SET] [--mails N] [--mailboxes N] [--json FILE]`: what the queue costs and how quick it is on this machine.
// The sets of cases are the files of scripts/bench. Prints tables; FILE (default dist/bench.json) gets the same as JSON, by the sets' names,
// and the page beside it (dist/bench.html) shows it with charts.

import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { VERSION } from '../shared/version.ts';
import { buildBundle } from '../test/support/running-stack.ts';
import { type CaseSet, progressOn } from './bench/case-set.ts';
import { lostAnswers } from './bench/lost-answers.ts';
import { memory } from './bench/memory.ts';
import { page } from './bench/page.ts';
import { perMailCosts } from './bench/per-mail.ts';
import { throughput } from './bench/throughput.ts';
import { waits } from './bench/waits.ts';
import { yardstick } from './bench/yardstick.ts';
import { refuseCall } from './commands.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    mails: { type: 'string', default: '300' },
    mailboxes: { type: 'string', default: '30' },
    json: { type: 'string', default: 'dist/bench.json' },
  },
});

function numberOf(name: 'mails' | 'mailboxes'): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value > 0) return value;
  return refuseCall('bench', `--${name} takes a whole number above 0, not "${values[name]}"`);
}

const sets: readonly CaseSet[] = [
  throughput(numberOf('mails'), numberOf('mailboxes')),
  waits,
  lostAnswers,
  perMailCosts,
  yardstick,
  memory,
];

function chosen(): readonly CaseSet[] {
  const names = values.only?.split(',');
  const unknown = names?.find((name) => !sets.some((set) => set.name === name));
  if (unknown !== undefined) refuseCall('bench', `--only takes ${sets.map(({ name }) => name).join(', ')}, not "${unknown}"`);
  return sets.filter(({ name }) => names?.includes(name) ?? true);
}

const run = chosen();
buildBundle();
const progress = progressOn(process.stderr);
const result: Record<string, unknown> = {
  machine: {
    date: new Date().toISOString(),
    version: VERSION,
    node: process.version,
    cores: availableParallelism(),
    loadBefore: loadavg()[0],
  },
};
for (const set of run) result[set.name] = await set.run(progress);
mkdirSync(dirname(values.json), { recursive: true });
writeFileSync(values.json, `${JSON.stringify(result, undefined, 2)}\n`);
writeFileSync(`${values.json.replace(/\.json$/, '')}.html`, page(result));
