// `npm run check:infra`: builds, lints and formats the Bicep with the real compiler. A warning is a failure.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bicepProgram, NO_COMPILER } from './bicep.ts';

const INFRA = process.argv[2] ?? fileURLToPath(new URL('../infra', import.meta.url));

/** Everything that the compiler says. It writes warnings on stderr and ends with 0. */
const said = (program: string, ...args: readonly string[]): Promise<string[]> =>
  new Promise((resolve) => {
    execFile(program, args, { cwd: INFRA, maxBuffer: 64 * 1024 * 1024 }, (error, _stdout, stderr) => {
      const lines = stderr.split('\n').filter((line) => line.trim() !== '');
      resolve(error !== null && lines.length === 0 ? [`bicep ${args.join(' ')}: ${error.message}`] : lines);
    });
  });

/** The compiler formats a copy: a file that differs from its copy was not formatted. */
async function unformatted(program: string, files: readonly string[]): Promise<string[]> {
  const copy = mkdtempSync(join(tmpdir(), 'bicep-format-'));
  try {
    cpSync(INFRA, copy, { recursive: true });
    const found = await said(program, 'format', '--pattern', join(copy, '**/*.bicep'));
    found.push(...(await said(program, 'format', '--pattern', join(copy, '**/*.bicepparam'))));
    for (const file of files) {
      const [written, formatted] = [INFRA, copy].map((folder) => readFileSync(join(folder, file), 'utf8'));
      if (written !== formatted) found.push(`${file} is not formatted: bicep format infra/${file}`);
    }
    return found;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

async function findings(program: string): Promise<string[]> {
  const files = readdirSync(INFRA, { recursive: true, encoding: 'utf8' }).filter((name) => /\.bicep(param)?$/.test(name));
  const parameters = files.filter((name) => name.endsWith('.bicepparam'));
  // Nothing is restored: the template uses no module of a registry.
  const found = await Promise.all([
    said(program, 'build', 'main.bicep', '--stdout', '--no-restore'),
    said(program, 'lint', 'main.bicep', '--no-restore'),
    ...parameters.map((file) => said(program, 'build-params', file, '--stdout', '--no-restore')),
    ...parameters.map((file) => said(program, 'lint', file, '--no-restore')),
    unformatted(program, files),
  ]);
  return [...new Set(found.flat())];
}

const program = bicepProgram();
if (program === undefined) {
  console.log(`infra was not checked: ${NO_COMPILER}`);
} else {
  const found = await findings(program);
  for (const line of found) console.error(line);
  console.log(found.length === 0 ? 'infra: no finding' : `infra: ${found.length} findings`);
  if (found.length > 0) process.exitCode = 1;
}
