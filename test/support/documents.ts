// The code blocks and inline commands of the project's documents.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LISTED = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'];

export interface Block {
  document: string;
  /** Line of its first line, from 1. */
  line: number;
  /** The info string of the fence; empty if it has none. */
  language: string;
  text: string;
}

/** Paths from the root of the project. */
export const documents = (): string[] =>
  execFileSync('git', LISTED, { cwd: ROOT, encoding: 'utf8' })
    .trimEnd()
    .split('\n')
    .filter((name) => existsSync(join(ROOT, name)));

export function blocksOf(document: string): Block[] {
  const text = readFileSync(join(ROOT, document), 'utf8');
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    document,
    line: text.slice(0, match.index).split('\n').length + 1,
    language: match[1] ?? '',
    text: match[2] ?? '',
  }));
}

/** Commands between backticks in running text: those that begin with a program that we know. */
export function inlineCommandsOf(document: string): string[] {
  const text = readFileSync(join(ROOT, document), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/`((?:npx graph-mail-queue|npm (?:run|ci|start|test)) ?[^`\n]*)`/g)].map((match) => match[1] as string);
}
