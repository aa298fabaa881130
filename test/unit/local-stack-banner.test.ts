// What the local stack prints: each line works as it is printed.
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stackBanner } from '../emulators/local-stack/banner.ts';

const urls = { functions: 'http://127.0.0.1:7071', graph: 'http://127.0.0.1:7072' };
const bannerOf = (callerAuth: string, stateFile?: string): string =>
  stackBanner({ urls, settings: { CALLER_AUTH: callerAuth } }, stateFile);

/** The words that a shell makes of the token command in the banner. */
function wordsOf(banner: string): string[] {
  const command = /\$\(npx graph-mail-queue token (.*?)\)" -H/.exec(banner)?.[1] ?? '';
  return execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' })
    .trim()
    .split('\n');
}

describe('the line that asks for a token', () => {
  test('is there only if callers need one', () => {
    expect(bannerOf('none')).not.toContain('npx graph-mail-queue token');
    expect(wordsOf(bannerOf('entra'))).toEqual(['--app', 'sample-app']);
  });

  test.each(['stack.json', '/tmp/stack.json', "it's here/the $HOME stack.json"])(
    'names the state file, wherever it is typed: %s',
    (file) => {
      expect(wordsOf(bannerOf('entra', file))).toEqual(['--app', 'sample-app', '--state', resolve(file)]);
    },
  );
});
