// The comment of a reply or forward in its draft: whether Graph put it there, and how it is put there where Graph did not.

export interface MessageBody {
  contentType: string;
  content: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function decoded(entity: string, name: string): string {
  const number = /^#x([0-9a-f]{1,6})$/i.exec(name) ?? /^#(\d{1,7})$/.exec(name);
  if (!number) return ENTITIES[name.toLowerCase()] ?? entity;
  const code = Number.parseInt(number[1] as string, name.startsWith('#x') || name.startsWith('#X') ? 16 : 10);
  return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
}

const withoutBlanks = (text: string): string => text.replace(/[\s\u00a0]+/g, '');

/** What is left to read of a text or HTML, without blanks: Exchange rewrites both. `a < b` opens no tag. */
const readable = (text: string): string => withoutBlanks(text.replace(/<[a-z/!?][^>]*>/gi, '').replace(/&(#?\w{1,8});/g, decoded));

/** Whether it stands there as the markup that it may be, or as the text that it is. */
export function hasComment({ content }: MessageBody, comment: string): boolean {
  const read = readable(content);
  return read.includes(readable(comment)) || read.includes(withoutBlanks(comment));
}

const isMarkup = (text: string): boolean => /<\/?[a-z][^>]*>/i.test(text);

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/\r\n?|\n/g, '<br>');

/** The body with the comment on top, as markup where it is markup. */
export function withComment({ contentType, content }: MessageBody, comment: string): MessageBody {
  if (contentType.toLowerCase() !== 'html') return { contentType, content: `${comment}\r\n\r\n${content}` };
  const html = `<div>${isMarkup(comment) ? comment : escaped(comment)}</div>`;
  const body = /<body[^>]*>/i.exec(content);
  const at = body ? body.index + body[0].length : 0;
  return { contentType, content: content.slice(0, at) + html + content.slice(at) };
}
