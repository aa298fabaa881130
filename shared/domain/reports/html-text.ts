// HTML to plain text for the text rules, in one pass: line ends where blocks end (and those of preformatted text), no tags, few entities.

const BLOCK = /^\/?(?:br|p|div|tr|li|ul|ol|table|h[1-6]|hr|blockquote|pre)\b/i;
const INVISIBLE = /^(style|script|title)\b/i;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' };

export function htmlToText(html: string): string {
  const lower = html.toLowerCase();
  let text = '';
  let position = 0;
  let preformatted = false;
  while (position < html.length) {
    const open = html.indexOf('<', position);
    const words = html.slice(position, open < 0 ? html.length : open);
    text += preformatted ? words : words.replace(/\s+/g, ' ');
    const close = open < 0 ? -1 : html.indexOf('>', open);
    if (close < 0) break;
    const tag = html.slice(open + 1, Math.min(close, open + 20));
    const invisible = INVISIBLE.exec(tag)?.[1]?.toLowerCase();
    const end = invisible ? lower.indexOf(`</${invisible}`, close) : close + 1;
    if (end < 0) break;
    if (BLOCK.test(tag)) text += '\n';
    if (/^\/?pre\b/i.test(tag)) preformatted = tag[0] !== '/';
    position = end;
  }
  return text.replace(/&(?:#(\d{1,7})|([a-z]{2,6}));/gi, (entity, code?: string, name?: string) =>
    code === undefined ? (ENTITIES[name!.toLowerCase()] ?? entity) : character(Number(code), entity),
  );
}

function character(code: number, otherwise: string): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;
}
