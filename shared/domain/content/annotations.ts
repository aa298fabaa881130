// OData's control information in a request (OData JSON Format 4.01 section 4.6): names with an at sign, of which few may stand in a message.
import { printable } from './addresses.ts';
import { LargeString } from './large-string.ts';
import { type Problem, problems } from './problem.ts';

/**
 * The annotations that Graph adds when a client reads a message, and `@odata.type`. Others are refused: `@odata.bind` and `@odata.id` link to
 * an item in the mailbox, and we cannot check what `@removed` or the annotations of others would do.
 */
const ALLOWED: readonly { name: string; reason: string }[] = [
  { name: '@odata.type', reason: 'which type an object or a property has' },
  { name: '@odata.context', reason: 'comes with everything that is read' },
  { name: '@odata.etag', reason: 'comes with every item that is read' },
  { name: '@odata.mediaContentType', reason: 'comes with attachments that are read' },
  { name: '@odata.mediaReadLink', reason: 'comes with attachments that are read' },
];

const isAllowed = (name: string, value: unknown): boolean =>
  typeof value === 'string' && ALLOWED.some((rule) => name.slice(name.indexOf('@')) === rule.name);

interface Place {
  value: unknown;
  path: string;
}

/** The first annotation that is not allowed, wherever it stands. The depth of the JSON is bounded before. */
export function annotationProblem(body: unknown): Problem | undefined {
  const places: Place[] = [{ value: body, path: '' }];
  for (let place = places.pop(); place; place = places.pop()) {
    const { value, path } = place;
    if (typeof value !== 'object' || value === null || value instanceof LargeString) continue;
    for (const [name, inner] of Object.entries(value)) {
      const at = Array.isArray(value) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`;
      if (!Array.isArray(value) && name.includes('@')) {
        if (!isAllowed(name, inner)) return problems.annotationRefused(printable(at, 200));
      } else places.push({ value: inner, path: at });
    }
  }
  return undefined;
}
