// The comment of a reply or forward in its draft: whether Graph put it there, and how it is put there if Graph did not.

export interface MessageBody {
  contentType: string;
  content: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** The longest name or number between `&` and `;`. */
const MAXIMUM_ENTITY = 9;

function decoded(name: string): string | undefined {
  const number = /^#x([0-9a-f]{1,6})$/i.exec(name) ?? /^#(\d{1,7})$/.exec(name);
  if (!number) return ENTITIES[name.toLowerCase()];
  const code = Number.parseInt(number[1] as string, name.startsWith('#x') || name.startsWith('#X') ? 16 : 10);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

const withoutBlanks = (text: string): string => text.replace(/[\s\u00a0]+/g, '');

const opensTag = (text: string, at: number): boolean => text.charAt(at) === '<' && /[a-z/!?]/i.test(text.charAt(at + 1));

interface Tag {
  from: number;
  /** The position after its `>`. */
  to: number;
}

/** In one pass. `a < b` opens no tag, nor does what is never closed. */
function* tagsOf(text: string): Generator<Tag> {
  const last = text.lastIndexOf('>');
  for (let from = text.indexOf('<'); from >= 0 && from < last; from = text.indexOf('<', from)) {
    if (!opensTag(text, from)) {
      from++;
      continue;
    }
    const to = text.indexOf('>', from) + 1;
    yield { from, to };
    from = to;
  }
}

function withoutTags(text: string): string {
  const kept: string[] = [];
  let at = 0;
  for (const { from, to } of tagsOf(text)) {
    kept.push(text.slice(at, from));
    at = to;
  }
  return [...kept, text.slice(at)].join('');
}

function withoutEntities(text: string): string {
  const kept: string[] = [];
  let at = 0;
  for (let and = text.indexOf('&'); and >= 0; and = text.indexOf('&', and + 1)) {
    const end = text.slice(and + 1, and + 2 + MAXIMUM_ENTITY).indexOf(';');
    const character = end < 0 ? undefined : decoded(text.slice(and + 1, and + 1 + end));
    if (character === undefined) continue;
    kept.push(text.slice(at, and), character);
    at = and + end + 2;
  }
  return [...kept, text.slice(at)].join('');
}

/** The visible text of a text or HTML, without blanks: Exchange rewrites markup and blanks. */
const readable = (text: string): string => withoutBlanks(withoutEntities(withoutTags(text)));

/** Whether the body contains the comment: its visible text if the comment is markup, or the comment letter by letter. */
export function hasComment({ content }: MessageBody, comment: string): boolean {
  const read = readable(content);
  return read.includes(readable(comment)) || read.includes(withoutBlanks(comment));
}

function isMarkup(text: string): boolean {
  for (const { from } of tagsOf(text)) if (/^<\/?[a-z]/i.test(text.slice(from, from + 3))) return true;
  return false;
}

/** The position after the body's opening tag. If there is none, the beginning. */
function startOfBody(html: string): number {
  for (const { from, to } of tagsOf(html)) if (/^<body\b/i.test(html.slice(from, from + 6))) return to;
  return 0;
}

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/\r\n?|\n/g, '<br>');

/** The body with the comment on top, as markup if it is markup. */
export function withComment({ contentType, content }: MessageBody, comment: string): MessageBody {
  if (contentType.toLowerCase() !== 'html') return { contentType, content: `${comment}\r\n\r\n${content}` };
  const html = `<div>${isMarkup(comment) ? comment : escaped(comment)}</div>`;
  const at = startOfBody(content);
  return { contentType, content: content.slice(0, at) + html + content.slice(at) };
}
