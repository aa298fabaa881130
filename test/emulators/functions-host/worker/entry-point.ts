// Loads the app's entry point as the real worker does: `.mjs` and ES module packages by import, all else by require.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

function belongsToModulePackage(file: string): boolean {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) return (JSON.parse(readFileSync(manifest, 'utf8')) as { type?: string }).type === 'module';
    if (dirname(folder) === folder) return false;
  }
}

export async function loadEntryPoint(file: string): Promise<void> {
  const extension = extname(file);
  if (extension === '.mjs' || (extension === '.js' && belongsToModulePackage(file))) await import(pathToFileURL(file).href);
  else createRequire(file)(file);
}
