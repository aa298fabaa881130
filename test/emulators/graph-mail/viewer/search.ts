// What the viewer's search field takes: words that must all be in a mail, each anywhere or in the field that it names.

/** What is searched of a mail, in lower case. */
export interface Searched {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly 'message-id': string;
  /** Values of x- headers and extended properties. */
  readonly mark: string;
}

export const searchFields = ['from', 'to', 'subject', 'text', 'message-id', 'mark'] as const satisfies readonly (keyof Searched)[];

export interface Term {
  readonly field: keyof Searched | null;
  readonly text: string;
}

const MAXIMUM_LENGTH = 500;
const word = /(?:([a-z-]+):)?(?:"([^"]*)"|(\S+))/gi;

/** `from:alice "two words" invoice`. A prefix that is no field is part of the word. Only the first 500 characters count. */
export function parseSearch(query: string): Term[] {
  const terms: Term[] = [];
  for (const [all, prefix, quoted, bare] of query.slice(0, MAXIMUM_LENGTH).matchAll(word)) {
    const field = searchFields.find((name) => name === prefix?.toLowerCase()) ?? null;
    const text = prefix !== undefined && field === null ? all : (quoted ?? bare ?? '');
    if (text !== '') terms.push({ field, text: text.toLowerCase() });
  }
  return terms;
}

export const meetsSearch = (terms: readonly Term[], searched: Searched): boolean =>
  terms.every(({ field, text }) => (field === null ? searchFields : [field]).some((name) => searched[name].includes(text)));
