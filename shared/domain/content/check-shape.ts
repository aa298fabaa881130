// Checks a JSON body against its schema and says, in Graph's words, which property is wrong and where.
import type * as z from 'zod';
import { printable } from './addresses.ts';
import { annotationProblem } from './annotations.ts';
import type { JsonObject } from './decode-json.ts';
import { LargeString } from './large-string.ts';
import { type Checked, ok, type Problem, problems, refused } from './problem.ts';
import { canonicaliseTypeNames } from './type-names.ts';

/**
 * A copy for the schema, without OData's annotations (OData JSON Format 4.01 section 4.6: names with an at sign), which may stand
 * beside any property. Types stay: they say which attachment it is. A large string is base64 already: the empty one stands for it.
 */
function withoutAnnotations(value: unknown): unknown {
  if (value instanceof LargeString) return '';
  if (Array.isArray(value)) return value.map(withoutAnnotations);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !name.includes('@') || name === '@odata.type');
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutAnnotations(inner)]));
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text ? `${text}.${String(part)}` : String(part);
  }, '');

/** Graph's type at a path: where the schema is another object's, the property says which. */
const TYPES: Record<string, string> = {
  message: 'message',
  body: 'itemBody',
  toRecipients: 'recipient',
  ccRecipients: 'recipient',
  bccRecipients: 'recipient',
  replyTo: 'recipient',
  from: 'recipient',
  sender: 'recipient',
  emailAddress: 'emailAddress',
  flag: 'followupFlag',
  startDateTime: 'dateTimeTimeZone',
  dueDateTime: 'dateTimeTimeZone',
  completedDateTime: 'dateTimeTimeZone',
  internetMessageHeaders: 'internetMessageHeader',
  attachments: 'attachment',
  singleValueExtendedProperties: 'singleValueLegacyExtendedProperty',
  multiValueExtendedProperties: 'multiValueLegacyExtendedProperty',
};

/** Properties that Exchange sets and nobody else, by type. */
const READ_ONLY: Record<string, readonly string[]> = {
  attachment: ['id', 'lastModifiedDateTime'],
  message: [
    'id',
    'bodyPreview',
    'changeKey',
    'createdDateTime',
    'hasAttachments',
    'isDraft',
    'lastModifiedDateTime',
    'parentFolderId',
    'receivedDateTime',
    'sentDateTime',
    'uniqueBody',
    'webLink',
  ],
};

/** The first finding, in Graph's words. `action` names the operation whose parameters the body holds; a bare message has none. */
function problemOf(issue: z.core.$ZodIssue, action: string | undefined): Problem {
  if (issue.code !== 'unrecognized_keys') return problems.wrongType(printable(pathOf(issue.path), 200), printable(issue.message, 200));
  const name = issue.keys[0] as string;
  const owner = issue.path.findLast((part) => typeof part === 'string');
  if (owner === undefined && action !== undefined) return problems.unknownParameter(printable(name), action);
  const type = owner === undefined ? 'message' : (TYPES[owner as string] as string);
  const path = printable(pathOf([...issue.path, name]), 200);
  return READ_ONLY[type]?.includes(name) ? problems.readOnlyProperty(path) : problems.unknownProperty(path, `microsoft.graph.${type}`);
}

/** The body if it has the schema's shape. What comes back is the body itself, with its type names as Graph spells them. */
export function checkShape<T>(body: JsonObject, schema: z.ZodType<T>, action?: string): Checked<T> {
  canonicaliseTypeNames(body);
  const annotation = annotationProblem(body);
  if (annotation) return refused(annotation);
  const parsed = schema.safeParse(withoutAnnotations(body));
  if (parsed.success) return ok(body as T);
  return refused(problemOf(parsed.error.issues[0] as z.core.$ZodIssue, action));
}
