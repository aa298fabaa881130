// The architecture is visible in the folders, and stays so: who may import whom, who reads the environment, how long a file may be.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = ['functions', 'shared', 'scripts', 'test'];
const MAXIMUM_LINES = 250;

interface Source {
  /** Relative to the root, with forward slashes. */
  path: string;
  text: string;
  /** Paths of the project's own files, and names of packages. */
  imports: string[];
}

const IMPORT = /(?:^|[\n;])\s*(?:import|export)\s(?:[^'";]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

const resolved = (from: string, target: string): string => (target.startsWith('.') ? posix.join(posix.dirname(from), target) : target);

function sources(): Source[] {
  const found: Source[] = [];
  for (const folder of FOLDERS) {
    for (const entry of readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(tsx?|mjs|cjs)$/.test(entry.name)) continue;
      const path = relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/');
      const text = readFileSync(join(ROOT, path), 'utf8');
      const imports = [...text.matchAll(IMPORT)].map((match) => resolved(path, (match[1] ?? match[2]) as string));
      found.push({ path, text, imports });
    }
  }
  return found;
}

const SOURCES = sources();
const inFolder = (folder: string): Source[] => SOURCES.filter(({ path }) => path.startsWith(`${folder}/`));

/** Imports of these files that no pattern allows, as `file -> import`. */
function breaches(files: readonly Source[], allowed: readonly RegExp[]): string[] {
  return files.flatMap(({ path, imports }) =>
    imports.filter((target) => !allowed.some((pattern) => pattern.test(target))).map((target) => `${path} -> ${target}`),
  );
}

const DOMAIN = /^shared\/domain\//;
const PORTS = /^shared\/ports\//;
const USE_CASES = /^shared\/usecases\//;
const SETTINGS = /^shared\/settings\/(([a-z]+-)?settings|setting)\.ts$/;
const CONFIG = /^shared\/settings\/([a-z]+-)?config\.ts$/;
const SETTING_PROBLEM = /^shared\/settings\/setting-problem\.ts$/;
const VERSION = /^shared\/version\.ts$/;
const COMPOSITION_ROOT = /^shared\/composition\//;
const CODEC = /^shared\/adapters\/[^/]+\/[^/]*codec\.ts$|^shared\/adapters\/http\//;
/** They only compute: domainToASCII and domainToUnicode (UTS #46), and the base64 of Buffer. */
const PURE_PART_OF_NODE = /^node:(url|buffer)$/;
const PACKAGE = /^(?!shared\/|functions\/|test\/|scripts\/|\/)/;

describe('imports point one way: functions, composition root, use cases and adapters, ports, domain', () => {
  test('the walk sees the imports that there are', () => {
    const decision = SOURCES.find(({ path }) => path === 'shared/domain/submit/delivery-decision.ts');
    expect(decision?.imports).toContain('shared/domain/log/lifecycle.ts');
    const entry = SOURCES.find(({ path }) => path === 'functions/index.ts');
    expect(entry?.imports).toContain('functions/service-bus.ts');
    expect(SOURCES.length).toBeGreaterThan(200);
  });

  test('the domain imports itself and libraries that neither read nor write anything', () => {
    expect(breaches(inFolder('shared/domain'), [DOMAIN, /^(zod|postal-mime|tinyduration)$/, PURE_PART_OF_NODE])).toEqual([]);
  });

  test('the ports import the domain', () => {
    expect(breaches(inFolder('shared/ports'), [DOMAIN, PORTS])).toEqual([]);
  });

  // Hashing and a bound on how many tasks run at once: neither reads nor writes anything.
  test('the use cases import ports and domain, and no library but hashing and the pool of parallel work', () => {
    expect(breaches(inFolder('shared/usecases'), [DOMAIN, PORTS, USE_CASES, /^(node:crypto|p-limit)$/])).toEqual([]);
  });

  test('the adapters import ports, domain and libraries, and each only its own technology', () => {
    const folders = new Set(inFolder('shared/adapters').map(({ path }) => dirname(path).split('/').slice(0, 3).join('/')));
    for (const folder of folders) {
      const own = new RegExp(`^${folder}/`);
      // The HTTP API decodes to the commands of the use cases.
      const commands = folder === 'shared/adapters/http' ? [USE_CASES] : [];
      expect(breaches(inFolder(folder), [DOMAIN, PORTS, own, PACKAGE, ...commands])).toEqual([]);
    }
  });

  test('settings import nothing but settings, and their readers only them, the domain and zod', () => {
    const files = (pattern: RegExp) => SOURCES.filter(({ path }) => pattern.test(path));
    expect(breaches(files(SETTINGS), [SETTINGS])).toEqual([]);
    expect(breaches(files(SETTING_PROBLEM), [DOMAIN, SETTINGS, /^zod$/])).toEqual([]);
    expect(breaches(files(CONFIG), [CONFIG, DOMAIN, SETTINGS, SETTING_PROBLEM])).toEqual([]);
  });

  test('only the composition root names adapters; a function may name the codec of its trigger', () => {
    const others = SOURCES.filter(({ path }) => /^(functions|shared)\//.test(path) && !/^shared\/adapters\//.test(path));
    const naming = others.flatMap(({ path, imports }) =>
      imports.filter((target) => /^shared\/adapters\//.test(target)).map((target) => ({ path, target })),
    );
    const forbidden = naming.filter(
      ({ path, target }) => !COMPOSITION_ROOT.test(path) && !(path.startsWith('functions/') && CODEC.test(target)),
    );
    expect(forbidden).toEqual([]);
  });

  test('functions import the composition root, use cases, domain and codecs, each other only from the entry file', () => {
    const allowed = [COMPOSITION_ROOT, VERSION, USE_CASES, DOMAIN, PORTS, CODEC, /^@azure\/functions$/, /^node:/, /^zod$/];
    const [entry, rest] = [inFolder('functions').filter(({ path }) => path === 'functions/index.ts'), inFolder('functions')];
    expect(breaches(entry, [/^functions\//, ...allowed])).toEqual([]);
    expect(
      breaches(
        rest.filter((file) => !entry.includes(file)),
        allowed,
      ),
    ).toEqual([]);
  });

  test('every function is in the entry file', () => {
    const entry = SOURCES.find(({ path }) => path === 'functions/index.ts')?.imports ?? [];
    const functions = inFolder('functions').map(({ path }) => path);
    expect(functions.filter((path) => path !== 'functions/index.ts' && !entry.includes(path))).toEqual([]);
  });

  // What a browser runs: nothing of Node, and no adapter.
  test('the console imports itself, the domain, the port that describes it, and the two libraries of its own', () => {
    const allowed = [/^shared\/console\//, DOMAIN, /^shared\/ports\/console-page\.ts$/, /^preact(\/hooks)?$/, /^@azure\/msal-browser$/];
    expect(inFolder('shared/console').length).toBeGreaterThan(20);
    expect(breaches(inFolder('shared/console'), allowed)).toEqual([]);
    const others = SOURCES.filter(({ path }) => /^(functions|shared)\//.test(path) && !path.startsWith('shared/console/'));
    expect(others.flatMap(({ path, imports }) => imports.filter((t) => t.startsWith('shared/console/')).map((t) => [path, t]))).toEqual([]);
  });

  test('nothing that ships imports functions, tests or scripts', () => {
    const shipped = SOURCES.filter(({ path }) => /^(functions|shared)\//.test(path) && path !== 'functions/index.ts');
    expect(
      shipped.flatMap(({ path, imports }) => imports.filter((t) => /^(functions|test|scripts)\//.test(t)).map((t) => [path, t])),
    ).toEqual([]);
  });

  test('the emulators import nothing of the product and not each other: a judge must not share the mistakes of the judged', () => {
    const emulators = readdirSync(join(ROOT, 'test/emulators'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(emulators.length).toBeGreaterThan(2);
    for (const { name } of emulators) {
      const folder = `test/emulators/${name}`;
      expect(breaches(inFolder(folder), [new RegExp(`^${folder}/`), PACKAGE])).toEqual([]);
    }
  });

  test('no import leaves the project', () => {
    expect(SOURCES.flatMap(({ path, imports }) => imports.filter((t) => /^(\.\.|\/)/.test(t)).map((t) => [path, t]))).toEqual([]);
  });
});

describe('every file', () => {
  const names = (files: readonly Source[]): string[] => files.map(({ path }) => path);

  test('begins with a comment that says what it is for', () => {
    expect(names(SOURCES.filter(({ text }) => !/^(#!.*\n)?(\/\/|\/\*\*) ?\S/.test(text)))).toEqual([]);
  });

  test(`has at most ${MAXIMUM_LINES} lines`, () => {
    expect(names(SOURCES.filter(({ text }) => text.trimEnd().split('\n').length > MAXIMUM_LINES))).toEqual([]);
  });

  test('has a name in kebab case', () => {
    expect(names(SOURCES.filter(({ path }) => !/^[a-z0-9/.-]+$/.test(path)))).toEqual([]);
  });

  test('that ships reads the environment only in config.ts', () => {
    const shipped = SOURCES.filter(({ path }) => /^(functions|shared)\//.test(path) && !CONFIG.test(path));
    expect(names(shipped.filter(({ text }) => /process\s*\.\s*env/.test(text)))).toEqual([]);
  });

  test('of the domain and the use cases takes the time and chance that it is given', () => {
    const pure = SOURCES.filter(({ path }) => DOMAIN.test(path) || USE_CASES.test(path));
    expect(
      names(pure.filter(({ text }) => /Date\.now\(|new Date\(\)|Math\.random\(|setTimeout\(|randomUUID|randomBytes/.test(text))),
    ).toEqual([]);
  });
});

describe('no file imports itself by way of others', () => {
  test('in the product', () => {
    const product = new Map([...inFolder('shared'), ...inFolder('functions')].map(({ path, imports }) => [path, imports]));
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (path: string, way: readonly string[]): void => {
      if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' -> '));
      if (way.includes(path) || done.has(path)) return;
      for (const target of product.get(path) ?? []) visit(target, [...way, path]);
      done.add(path);
    };
    for (const path of product.keys()) visit(path, []);
    expect(circles).toEqual([]);
  });
});

describe('one name is one thing', () => {
  const EXPORT = /^export (?:abstract |async |declare )*(?:const|function\*?|class|interface|type|enum) (\w+)/gm;

  test('no name is exported by two files of the product', () => {
    const homes = new Map<string, string[]>();
    for (const { path, text } of [...inFolder('shared'), ...inFolder('functions')]) {
      for (const name of new Set([...text.matchAll(EXPORT)].map((match) => match[1] as string))) {
        homes.set(name, [...(homes.get(name) ?? []), path]);
      }
    }
    expect(homes.size).toBeGreaterThan(500);
    expect([...homes].filter(([, files]) => files.length > 1)).toEqual([]);
  });
});
