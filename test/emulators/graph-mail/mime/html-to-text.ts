// A plain rendering of HTML, for previews, text alternatives and Prefer: outlook.body-content-type="text".

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

const hiddenElements = new Set(['head', 'style', 'script']);
const lineEnds = /^(br|\/(p|div|tr|h[1-6]|li))\b/i;

/** In one pass: a hostile body of many tags that never end must not take quadratic time. */
function withoutTags(html: string): string {
  const neverClosed = new Set<string>();
  let text = '';
  let at = 0;
  for (;;) {
    const open = html.indexOf('<', at);
    const close = open === -1 ? -1 : html.indexOf('>', open);
    if (close === -1) return text + html.slice(at);
    text += html.slice(at, open);
    at = close + 1;
    const tag = html.slice(open + 1, close);
    if (lineEnds.test(tag)) text += '\r\n';
    const name = /^\w+/.exec(tag)?.[0].toLowerCase() ?? '';
    if (!hiddenElements.has(name) || neverClosed.has(name)) continue;
    const end = new RegExp(`</${name}\\s*>`, 'gi');
    end.lastIndex = at;
    if (end.test(html)) at = end.lastIndex;
    else neverClosed.add(name);
  }
}

export function htmlToText(html: string): string {
  return withoutTags(html.replace(/\r?\n/g, ' '))
    .replace(/&#(x?)([0-9a-f]{1,6});/gi, (_all, hex: string, digits: string) => {
      const code = Number.parseInt(digits, hex === '' ? 10 : 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
    })
    .replace(/&([a-z]+);/gi, (all, name: string) => entities[name.toLowerCase()] ?? all)
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\r\n ?/g, '\r\n')
    .trim();
}

export function preview(body: { contentType: 'text' | 'html'; content: string }): string {
  const text = body.contentType === 'html' ? htmlToText(body.content) : body.content;
  return text.trim().slice(0, 255);
}
