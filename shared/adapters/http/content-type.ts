// The content type of a request: JSON, or MIME as text/plain; anything else is refused before the body is read.
import { printable } from '../../domain/content/addresses.ts';
import { type Checked, ok, problems, refused } from '../../domain/content/problem.ts';

const FORMATS = new Map<string, 'json' | 'mime'>([
  ['application/json', 'json'],
  ['text/plain', 'mime'],
]);

/** Base64 and JSON are ASCII or UTF-8; other charsets would be read wrongly. */
const UNDERSTOOD_CHARSETS = ['utf-8', 'utf8', 'us-ascii', 'ascii'];

export function formatOf(headers: { get(name: string): string | null }): Checked<'json' | 'mime'> {
  const header = (headers.get('content-type') ?? '').toLowerCase();
  const mediaType = header.split(';', 1)[0]!.trim();
  const format = FORMATS.get(mediaType);
  if (!format) return refused(problems.unsupportedMediaType(printable(mediaType)));
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/.exec(header)?.[1] ?? 'utf-8';
  return UNDERSTOOD_CHARSETS.includes(charset) ? ok(format) : refused(problems.unsupportedCharset(printable(charset)));
}
