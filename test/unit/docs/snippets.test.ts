// Every code block and command of the documents is checked: it runs in a test, something that knows its language reads it, or a list says why not.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Block, blocksOf, documents, inlineCommandsOf, ROOT } from '../../support/documents.ts';
import { shellCommandsOf } from '../../support/shell-commands.ts';
import { EXCEPTIONS, problemOf } from './command-checks.ts';

const blocks = documents().flatMap(blocksOf);
const inline = documents().flatMap((document) => inlineCommandsOf(document).map((command) => ({ document, command })));
const of = (...languages: string[]): Block[] => blocks.filter(({ language }) => languages.includes(language));
const has = (program: string, ...options: string[]): boolean => spawnSync(program, options).status === 0;

/** The whole text of a block goes to a program that reads its language without running it. What it says of mistakes. */
function mistakes(program: string, options: readonly string[], text: string): string {
  const { status, stderr, stdout } = spawnSync(program, options, { input: text, encoding: 'utf8' });
  return status === 0 ? '' : stderr + stdout;
}

/** Who judges a block, by its language. */
const JUDGES: Readonly<Record<string, string>> = {
  bash: 'bash reads it, and each of its commands has a check or an exception',
  js: 'test/scenarios/clients/documented-programs.test.ts or test/contract/local-stack/documented-emulators.test.ts runs it',
  csharp: 'test/scenarios/clients runs it, or the handler that is the same text',
  python: 'python reads it, if it is on the machine',
  go: 'gofmt reads it, if it is on the machine',
  json: 'JSON.parse',
  java: 'exception: javac reads it only with its packages, which Maven Central has',
  powershell: 'exception: nothing that reads PowerShell comes with Node or .NET',
  ts: 'exception: the signature of an exported function, whose type the compiler checks where it is called',
  text: 'a picture',
};

test('there are documents, blocks and commands to look at', () => {
  expect(of('bash').length).toBeGreaterThan(30);
  expect(inline.length).toBeGreaterThan(20);
});

test('each block names a language that somebody judges', () => {
  const others = blocks
    .filter(({ language }) => !(language in JUDGES))
    .map(({ document, line, language }) => `${document}:${line} ${language}`);
  expect(others).toEqual([]);
});

describe('shell', () => {
  test.each(of('bash').map((block) => [block.document, block.line, block.text] as const))('%s:%i', (_document, _line, text) => {
    const problems = shellCommandsOf(text).map(problemOf);
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  });

  test.skipIf(!has('bash', '--version'))('bash reads each block', () => {
    const found = of('bash').map(({ document, line, text }) => [`${document}:${line}`, mistakes('bash', ['-n'], text)]);
    expect(found.filter(([, said]) => said !== '')).toEqual([]);
  });

  test('each command in running text is one that there is, with its options', () => {
    const found = inline.flatMap(({ document, command }) =>
      shellCommandsOf(command).map((one) => ({ document, command, problem: problemOf(one) })),
    );
    expect(found.filter(({ problem }) => problem !== undefined)).toEqual([]);
  });

  test('each exception is used', () => {
    const programs = of('bash').flatMap(({ text }) => shellCommandsOf(text).map(({ words }) => words[0]));
    expect(Object.keys(EXCEPTIONS).filter((program) => !programs.includes(program))).toEqual([]);
  });
});

test('JSON can be read', () => {
  for (const { text } of of('json')) expect(() => JSON.parse(text)).not.toThrow();
});

test.skipIf(!has('python3', '--version'))('Python can be read', () => {
  const read = 'import ast, sys; ast.parse(sys.stdin.read())';
  expect(of('python').map(({ text }) => mistakes('python3', ['-c', read], text))).toEqual(of('python').map(() => ''));
});

test.skipIf(!has('go', 'version'))('Go can be read', () => {
  expect(of('go').map(({ text }) => mistakes('gofmt', ['-e', '-l'], text))).toEqual(of('go').map(() => ''));
});

test('each program in JavaScript is one that a test runs: those of the clients by their headings, those of the emulators all', () => {
  const guide = readFileSync(join(ROOT, 'docs/clients.md'), 'utf8');
  const runner = readFileSync(join(ROOT, 'test/scenarios/clients/documented-programs.test.ts'), 'utf8');
  const headings = [...guide.matchAll(/^## (.+)\n(?:(?!^## )[\s\S])*?^```js$/gm)].map((match) => match[1] as string);
  expect(headings.length).toBe(of('js').filter(({ document }) => document === 'docs/clients.md').length);
  expect(headings.filter((heading) => !runner.includes(`'${heading}'`))).toEqual([]);
  const elsewhere = of('js').filter(({ document }) => !['docs/clients.md', 'docs/emulators.md'].includes(document));
  expect(elsewhere).toEqual([]);
});
