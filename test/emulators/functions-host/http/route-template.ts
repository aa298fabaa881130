// Route templates as ASP.NET Core's classic router reads and matches them.
import { createConstraint } from './route-constraints.ts';

interface Parameter {
  name: string;
  optional: boolean;
  catchAll: boolean;
  defaultValue: string | undefined;
  checks: ((value: string) => boolean)[];
}
interface Segment {
  pattern: RegExp;
  parameters: Parameter[];
}
export interface RouteTemplate {
  match(path: string): Record<string, string> | undefined;
}

function splitTopLevel(text: string, separator: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(' || character === '{') depth += 1;
    if (character === ')' || character === '}') depth -= 1;
    if (character === separator && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

/** Inside of the braces: `*rest`, `id?`, `id=5`, `id:alpha:maxlength(3)`. */
function parseParameter(text: string): Parameter {
  const catchAll = text.startsWith('*');
  let rest = text.replace(/^\*{1,2}/, '');
  const optional = rest.endsWith('?');
  if (optional) rest = rest.slice(0, -1);
  const equals = splitTopLevel(rest, '=');
  const [name = '', ...constraints] = splitTopLevel(equals[0]!, ':');
  if (!/^[^/{}?*]+$/.test(name)) throw new Error(`The route parameter name '${name}' is invalid.`);
  // In a template `{{` and `}}` inside a regex stand for single braces.
  const checks = constraints.map((constraint) => createConstraint(constraint.replaceAll('{{', '{').replaceAll('}}', '}')));
  return { name, optional, catchAll, defaultValue: equals.length > 1 ? equals.slice(1).join('=') : undefined, checks };
}

const escapeLiteral = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function parseSegment(text: string): Segment {
  const parameters: Parameter[] = [];
  let source = '';
  let literal = '';
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] !== '{') {
      literal += text[index];
      continue;
    }
    let depth = 0;
    let end = index;
    for (; end < text.length; end += 1) {
      if (text[end] === '{') depth += 1;
      if (text[end] === '}' && (depth -= 1) === 0) break;
    }
    if (end === text.length) throw new Error(`There is an incomplete parameter in the route template segment '${text}'.`);
    const parameter = parseParameter(text.slice(index + 1, end));
    parameters.push(parameter);
    // `name.{extension?}`: the dot goes with its optional parameter.
    const dot = parameter.optional && literal.endsWith('.') ? '.' : '';
    source += escapeLiteral(literal.slice(0, literal.length - dot.length));
    source = dot ? `${source.replace(/\(\.\+\)$/, '(.+?)')}(?:\\.([^.]+))?` : `${source}(.+)`;
    literal = '';
    index = end;
  }
  return { pattern: new RegExp(`^${source}${escapeLiteral(literal)}$`, 'i'), parameters };
}

const lone = (segment: Segment): Parameter | undefined =>
  segment.parameters.length === 1 && segment.pattern.source === '^(.+)$' ? segment.parameters[0] : undefined;

function take(values: Record<string, string>, parameter: Parameter, value: string | undefined): boolean {
  const actual = value ?? parameter.defaultValue;
  if (actual === undefined) return parameter.optional || parameter.catchAll;
  values[parameter.name] = actual;
  return parameter.checks.every((check) => check(actual));
}

/** Matches decoded paths: letters of any case, a trailing slash allowed, no empty segment outside of a catch-all. */
export function parseRouteTemplate(template: string): RouteTemplate {
  const segments = splitTopLevel(template.replace(/^\/|\/$/g, ''), '/').map(parseSegment);
  return {
    match(path) {
      const given = path === '/' ? [] : path.slice(1).replace(/\/$/, '').split('/');
      const values: Record<string, string> = {};
      for (const [index, segment] of segments.entries()) {
        const alone = lone(segment);
        if (alone?.catchAll) {
          // TemplateMatcher looks at each segment up to the catch-all's own: an empty one there does not match.
          if (given[index] === '') return undefined;
          const rest = path.slice(1).split('/').slice(index).join('/');
          return take(values, alone, rest === '' ? undefined : rest) ? values : undefined;
        }
        const text = given[index];
        if (text === undefined) {
          if (!alone || !take(values, alone, undefined)) return undefined;
          continue;
        }
        const match = segment.pattern.exec(text);
        if (!match) return undefined;
        for (const [position, parameter] of segment.parameters.entries())
          if (!take(values, parameter, match[position + 1])) return undefined;
      }
      return given.length > segments.length ? undefined : values;
    },
  };
}
