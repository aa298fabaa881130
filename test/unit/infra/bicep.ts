// Reads the Bicep files as syntax trees, and finds in them what the rules of this folder are about.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { Language, type Node, Parser } from 'web-tree-sitter';

export const ROOT = join(import.meta.dirname, '../../..');
export const INFRA = join(ROOT, 'infra');

const require = createRequire(import.meta.url);
const packageFolder = dirname(require.resolve('tree-sitter-bicep/package.json'));
await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(join(packageFolder, 'tree-sitter-bicep.wasm')));

export function parse(text: string): Node {
  const tree = parser.parse(text);
  if (!tree) throw new Error('no tree');
  return tree.rootNode;
}

export interface BicepFile {
  name: string;
  text: string;
  root: Node;
}

export const BICEP_FILES: readonly BicepFile[] = readdirSync(INFRA, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.bicep'))
  .sort()
  .map((name) => {
    const text = readFileSync(join(INFRA, name), 'utf8');
    return { name: relative(INFRA, join(INFRA, name)), text, root: parse(text) };
  });

export function bicepFile(name: string): BicepFile {
  const file = BICEP_FILES.find((f) => f.name === name);
  if (!file) throw new Error(`infra/${name} is missing`);
  return file;
}

export const ofType = (node: Node, type: string): Node[] => node.descendantsOfType(type).filter((n): n is Node => n !== null);
export const children = (node: Node): Node[] =>
  node.namedChildren.filter((n): n is Node => n !== null && !['comment', 'diagnostic_comment'].includes(n.type));

/** The text of a string without interpolation, a number or a boolean; undefined for an expression. */
export function literal(node: Node | undefined): string | number | boolean | undefined {
  if (node?.type === 'number') return Number(node.text);
  if (node?.type === 'boolean') return node.text === 'true';
  if (node?.type !== 'string' || ofType(node, 'interpolation').length > 0) return undefined;
  return children(node)
    .map((part) => part.text)
    .join('');
}

/** The properties of an object by name; a name that is an expression is left out. */
export function properties(object: Node): Map<string, Node> {
  const found = new Map<string, Node>();
  for (const property of children(object).filter((n) => n.type === 'object_property')) {
    const [key, value] = children(property);
    const name = key?.type === 'string' ? literal(key) : key?.text;
    if (typeof name === 'string' && value) found.set(name, value);
  }
  return found;
}

/** The value at a dotted path below an object. */
export function at(object: Node, path: string): Node | undefined {
  let node: Node | undefined = object;
  for (const name of path.split('.')) node = node?.type === 'object' ? properties(node).get(name) : undefined;
  return node;
}

export interface Resource {
  file: string;
  type: string;
  symbol: string;
  existing: boolean;
  body: Node;
}

const bodyOf = (node: Node): Node =>
  node.type === 'if_statement' || node.type === 'for_statement' ? bodyOf(children(node).at(-1) as Node) : node;

export const RESOURCES: readonly Resource[] = BICEP_FILES.flatMap(({ name, root }) =>
  ofType(root, 'resource_declaration').map((declaration) => {
    const [symbol, type, body] = children(declaration) as [Node, Node, Node];
    return {
      file: name,
      symbol: symbol.text,
      type: String(literal(type)).split('@')[0] as string,
      existing: /'\s+existing\b/.test(declaration.text.split('{')[0] ?? ''),
      body: bodyOf(body),
    };
  }),
);

/** Resources that are made here, of one type. */
export const made = (type: string): Resource[] => RESOURCES.filter((r) => r.type === type && !r.existing);

/** The value of a variable of a file. */
export function variable(file: string, name: string): Node {
  const declaration = ofType(bicepFile(file).root, 'variable_declaration').find((n) => children(n)[0]?.text === name);
  const value = declaration && children(declaration)[1];
  if (!value) throw new Error(`infra/${file} has no variable ${name}`);
  return value;
}

/** Names of the properties of a type, or of the members of an object. */
export function typeProperties(file: string, name: string): string[] {
  const declaration = ofType(bicepFile(file).root, 'type_declaration').find((n) => children(n)[0]?.text === name);
  const object = declaration && children(declaration)[1];
  if (!object) throw new Error(`infra/${file} has no type ${name}`);
  return [...properties(object).keys()];
}
