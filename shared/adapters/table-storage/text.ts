// Text in properties: how much of it is kept.

/** Diagnostics (answers of servers, details of events) are cut at 2 KB. */
const MAXIMUM_DIAGNOSTIC = 2_048;

/** A string property holds 32 K UTF-16 characters; a little room is left. */
export const MAXIMUM_PROPERTY = 30_000;

/** The text, or its beginning; a character is never cut in half. */
export function cutText(text: string): string {
  if (text.length <= MAXIMUM_DIAGNOSTIC) return text;
  const part = text.slice(0, MAXIMUM_DIAGNOSTIC);
  return /[\uD800-\uDBFF]$/.test(part) ? part.slice(0, -1) : part;
}
