// Resource bodies, module parameters and names, checked against published types by a tool that lies beside the project.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ROOT } from './bicep.ts';

const tool = join(ROOT, '../shared/tools/bicep-check.mjs');
const there = existsSync(tool);

it.skipIf(!there)(
  `the offline type check finds nothing${there ? '' : ' (skipped: ../shared/tools/bicep-check.mjs is not here)'}`,
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [tool, 'infra/main.bicep'], { cwd: ROOT });
    expect(stdout).toMatch(/\b0 findings\b/);
    expect(Number(/^(\d+) files/m.exec(stdout)?.[1])).toBeGreaterThan(10);
  },
);
