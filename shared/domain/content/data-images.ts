// Images inside the HTML itself, as data: URLs (RFC 2397). Users report that Graph answers 202 to a large one, and that the mail goes out empty.

/** Characters that all data: URLs of a body may have together: reported for images above 2 MB, and nobody knows how they are counted. */
export const MAXIMUM_DATA_URL_LENGTH = 2_000_000;

const SCHEME = 'data:';
/** What ends a URL in an attribute or in CSS. Line breaks and tabs do not: readers take them out of a URL (URL Standard, section 4.4). */
const isEnd = (code: number): boolean => code === 0x20 || code === 0x22 || code === 0x27 || code === 0x29 || code === 0x3e;

/** Characters of all data: URLs together, read in one pass. */
export function dataUrlLength(html: string): number {
  const text = html.toLowerCase();
  let length = 0;
  for (let from = text.indexOf(SCHEME); from >= 0; ) {
    let to = from + SCHEME.length;
    while (to < text.length && !isEnd(text.charCodeAt(to))) to++;
    length += to - from;
    from = text.indexOf(SCHEME, to);
  }
  return length;
}
