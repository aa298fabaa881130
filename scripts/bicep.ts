// Where the Bicep compiler is: the program that BICEP names, or `bicep` on the PATH. npm has no package of it, so a machine may have none.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export const NO_COMPILER =
  'no Bicep compiler: BICEP names none, and there is none on the PATH. If the .NET SDK is installed, .ci/bicep prints the path of one';

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of the compiler, undefined if there is none. If BICEP names a file that cannot be run, that is an error. */
export function bicepProgram(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = environment['BICEP'];
  if (named) {
    if (!runs(named)) throw new Error(`BICEP is ${named}, which does not exist or cannot be run`);
    return named;
  }
  const names = process.platform === 'win32' ? ['bicep.exe'] : ['bicep'];
  return (environment['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(runs);
}
