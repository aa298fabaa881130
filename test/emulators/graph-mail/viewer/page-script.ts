// Turns the page's TypeScript into one script, once.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

let built: Promise<string> | undefined;

async function buildScript(): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('./page/app.ts', import.meta.url))],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    minify: true,
    write: false,
  });
  return result.outputFiles[0]?.text ?? '';
}

export function pageScript(): Promise<string> {
  built ??= buildScript();
  return built;
}
