// The program that people call: every command is there, says how it is called, and ends with 2 if it was called the wrong way.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { COMMANDS, overview, usageOf } from '../../../scripts/commands.ts';

const ROOT = new URL('../../../', import.meta.url);
const { bin, scripts } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as {
  bin: Record<string, string>;
  scripts: Record<string, string>;
};
const program = fileURLToPath(new URL(bin['graph-mail-queue'] as string, ROOT));
const call = (...options: string[]) => spawnSync(process.execPath, [program, ...options], { encoding: 'utf8' });

describe.each(COMMANDS)('$name', ({ name, file, does }) => {
  test('is there, by npm too', () => {
    expect(existsSync(fileURLToPath(new URL(`scripts/${file}`, ROOT)))).toBe(true);
    expect(scripts[name]).toBe(`node ${bin['graph-mail-queue']} ${name}`);
  });

  test('says how it is called, and how it ends', () => {
    expect(overview()).toContain(does);
    expect(usageOf(name)).toMatch(new RegExp(`^graph-mail-queue ${name}\\b[^]*\\nEnds with 0 if .*, 2 if the arguments are wrong`));
  });
});

test.each(COMMANDS.filter(({ name }) => name !== 'report'))(
  '$name refuses an option that it does not know, and does nothing',
  ({ name }) => {
    const { status, stdout, stderr } = call(name, '--nonsense');
    expect({ status, stdout, says: stderr.includes("'--nonsense'"), how: /graph-mail-queue \w+/.test(stderr) }).toEqual({
      status: 2,
      stdout: '',
      says: true,
      how: true,
    });
    expect(stderr).not.toMatch(/\n\s+at /);
  },
);

test.each([
  [['--help'], 0, 'graph-mail-queue COMMAND'],
  [['explain', '--help'], 0, 'graph-mail-queue explain --status'],
  [[], 2, 'Which command?'],
  [['send'], 2, 'There is no command send.'],
  [['explain', '--nonsense'], 2, 'graph-mail-queue explain --status'],
  [['explain', '--status', '429'], 0, 'throttled'],
])('%j ends with %i', (options, code, words) => {
  const { status, stdout, stderr } = call(...options);
  expect({ status, said: (code === 2 ? stderr : stdout).includes(words) }).toEqual({ status: code, said: true });
});

test('scripts of npm run on Windows, too: no program of a Unix shell', () => {
  for (const script of Object.values(scripts)) expect(script).not.toMatch(/\b(exec|bash|sh|cp|rm|export)\b|\$\(|'/);
});
