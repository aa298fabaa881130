// Text of strangers as one sees it: characters that reorder, hide or end what follows them become visible names.

/** Control characters but tab and line ends, marks that change the direction (UAX #9), and characters without width. */
const invisible = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

const name = (character: string): string => `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;

export const visible = (text: string): string => text.replace(invisible, name);

/** On one line, and not endless. */
export function visibleLine(text: string, maximum = 300): string {
  const line = visible(text.slice(0, maximum)).replace(/\s+/g, ' ').trim();
  return text.length > maximum ? `${line} …` : line;
}
