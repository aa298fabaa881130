// Whether a path is one of the routes, and which segment is the first that no route has.
import { MESSAGE_ACTIONS, type Method, methodsOf, QUALIFIED_ACTION, ROUTES } from './routes.ts';

interface KnownPath {
  segments: readonly string[];
  methods: readonly Method[];
}

const knownPath = (path: string, methods: readonly Method[]): KnownPath => ({ segments: path.toLowerCase().split('/'), methods });

const KNOWN_PATHS: readonly KnownPath[] = [
  ...ROUTES.map((route) => knownPath(route.path, methodsOf(route))),
  ...[...MESSAGE_ACTIONS.keys()].map((action) => knownPath(QUALIFIED_ACTION.path.replace('{messageAction}', action), ['POST'])),
];

/** A parameter such as `{mailbox}` takes any segment. */
const takes = (pattern: string | undefined, segment: string): boolean =>
  pattern !== undefined && (pattern.startsWith('{') || pattern === segment.toLowerCase());

const beginsWith = ({ segments }: KnownPath, given: readonly string[]): boolean => given.every((segment, i) => takes(segments[i], segment));

/** `{*asset}` takes what is left of a path, and also nothing. */
const fits = (known: KnownPath, given: readonly string[]): boolean =>
  known.segments.at(-1)?.startsWith('{*')
    ? given.length >= known.segments.length - 1 &&
      beginsWith({ ...known, segments: known.segments.slice(0, -1) }, given.slice(0, known.segments.length - 1))
    : known.segments.length === given.length && beginsWith(known, given);

const isLiteral = ({ segments }: KnownPath): boolean => !segments.at(-1)?.startsWith('{');

/** The methods that a path takes. Empty if there is no such path. A literal last segment comes before a parameter. */
export function methodsAt(segments: readonly string[]): readonly Method[] {
  const found = KNOWN_PATHS.filter((known) => fits(known, segments));
  return (found.find(isLiteral) ?? found[0])?.methods ?? [];
}

/** The first segment that no route has at its place. If the path is only too short, its last segment. */
export function unknownSegment(segments: readonly string[]): string {
  const index = segments.findIndex((_, i) => !KNOWN_PATHS.some((known) => beginsWith(known, segments.slice(0, i + 1))));
  return segments.at(index) ?? '/';
}
