// `npm run regex`: tests every regular expression of the product for super-linear time. An expression that is not linear is listed with its bound.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseSync } from 'oxc-parser';
import { checkSync } from 'recheck';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** In place of a file's name. */
const CONSTRUCTED = 'put together';

interface Bounded {
  file: string;
  /** How the expression begins. */
  source: string;
  /** The bound of the text, and what enforces it. */
  bound: string;
}

/** Expressions whose text is so short that quadratic time, or cubic time within a window, is still short. */
const BOUNDED: readonly Bounded[] = [
  { file: 'shared/adapters/http/content-encoding.ts', source: '^(?:\\ufeff?\\s*\\{', bound: 'the first 64 bytes of a body' },
  { file: 'shared/settings/config.ts', source: '\\/+$', bound: 'a setting, read once' },
  { file: 'shared/adapters/auth/entra-callers.ts', source: '\\/+$', bound: 'a setting, read once' },
  { file: 'shared/adapters/graph/graph-probe-client.ts', source: '\\/+$', bound: 'a setting, read once' },
  { file: 'shared/adapters/graph/urls.ts', source: '\\/+$', bound: 'a setting' },
  {
    file: 'shared/domain/reports/exchange-report.ts',
    source: '^<?\\s*([^\\s<>#]*)',
    bound: 'a field of MAXIMUM_VALUE characters (shared/domain/reports/limits.ts)',
  },
  ...[
    '\\byour (?:mail',
    '\\brcpt\\s+to:',
    '\\b(?:mail|message|e-?mail)\\W',
    '\\b(?:recipients?|address',
    '\\(#[45]',
    '\\bmail(?:box|folder)\\b.{0,40}',
    '\\bnot listed in\\b',
  ].map((source) => ({
    file: 'shared/domain/reports/text-bounce-signs.ts',
    source,
    bound: 'a window of at most 200 characters in a line of MAXIMUM_LINE characters (shared/domain/reports/limits.ts)',
  })),
  {
    file: 'shared/domain/reports/text-bounce.ts',
    source: '\\bhost:?\\s+',
    bound: '254 characters after each `host`, with single blanks',
  },
  {
    file: 'shared/domain/reports/text-recipient-rules.ts',
    source: '\\b(?:contact|by|from|at|postmaster)',
    bound: 'a line of MAXIMUM_LINE characters (shared/domain/reports/limits.ts)',
  },
  {
    file: 'shared/domain/reports/text-recipients.ts',
    source: '\\b(?:recipients?|address(?:es)?|users?|following)',
    bound: 'a line of MAXIMUM_LINE characters (shared/domain/reports/limits.ts)',
  },
  { file: CONSTRUCTED, source: '(?<negative>-)?P(', bound: 'a duration among the settings' },
  // Whether these count as linear depends on how fast the machine is.
  ...[
    '((?:"(?:[^"\\\\]|\\\\.){1,62}"',
    '\\b[45]\\d\\d[ -]',
    '\\b(?:deliver(?:y|ed|ing)?',
    '\\b(?:user|recipient|mailbox|account',
    '\\bdda:SMTP=',
    '\\b(?:recipients?|address(?:es|ee)?|users?|userid',
  ].map((source) => ({
    file: CONSTRUCTED,
    source,
    bound: 'a line of MAXIMUM_LINE characters, or a field of MAXIMUM_VALUE (shared/domain/reports/limits.ts)',
  })),
];

interface Found {
  file: string;
  source: string;
  flags: string;
}

interface Node {
  type?: string;
  regex?: { pattern: string; flags: string };
}

/** The literals of a file's syntax tree. */
function* literalsIn(node: unknown): Generator<{ pattern: string; flags: string }> {
  if (typeof node !== 'object' || node === null) return;
  const { type, regex } = node as Node;
  if (type === 'Literal' && regex) yield regex;
  for (const inner of Object.values(node)) yield* literalsIn(inner);
}

const filesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));

function literals(): Found[] {
  return ['functions', 'shared'].flatMap(filesIn).flatMap((file) => {
    const { program, errors } = parseSync(file, readFileSync(join(ROOT, file), 'utf8'));
    if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
    return [...literalsIn(program)].map(({ pattern, flags }) => ({ file, source: pattern, flags }));
  });
}

/** Those that are put together while the domain and its libraries are loaded: caught by their constructor. */
async function constructed(): Promise<Found[]> {
  const found: Found[] = [];
  const RealRegExp = globalThis.RegExp;
  globalThis.RegExp = new Proxy(RealRegExp, {
    construct(target, args, newTarget) {
      const made = Reflect.construct(target, args, newTarget) as RegExp;
      found.push({ file: CONSTRUCTED, source: made.source, flags: made.flags });
      return made;
    },
  });
  try {
    for (const file of filesIn('shared/domain')) await import(pathToFileURL(join(ROOT, file)).href);
  } finally {
    globalThis.RegExp = RealRegExp;
  }
  return found;
}

const nameOf = ({ file, source, flags }: Found): string => `${file}: /${source}/${flags}`;
const isListed = ({ file, source }: Found): boolean => BOUNDED.some((row) => row.file === file && source.startsWith(row.source));

/** What is wrong, in words; undefined for one that takes linear time. */
function problemOf({ source, flags }: Found): string | undefined {
  const result = checkSync(source, flags, { timeout: 60_000, randomSeed: 1 });
  if (result.status === 'safe') return undefined;
  return result.status === 'vulnerable' ? result.complexity.summary : `could not be judged (${result.error.kind})`;
}

const all = [...literals(), ...(await constructed())];
const distinct = [...new Map(all.map((found) => [`/${found.source}/${found.flags}`, found])).keys()];
const failures: string[] = [];
const problems = new Map<string, string | undefined>();
for (const found of all) {
  const key = `/${found.source}/${found.flags}`;
  if (!problems.has(key)) problems.set(key, problemOf(found));
  const problem = problems.get(key);
  if (problem !== undefined && !isListed(found)) failures.push(`${nameOf(found)} takes super-linear time: ${problem}`);
}
for (const row of BOUNDED) {
  if (!all.some((found) => found.file === row.file && found.source.startsWith(row.source)))
    failures.push(`${row.file}: /${row.source}…/ is listed as bounded, but no longer exists`);
}
console.log(`${distinct.length} regular expressions, ${BOUNDED.length} of them bounded by the length of their text`);
for (const failure of failures) console.error(failure);
if (failures.length > 0) process.exit(1);
