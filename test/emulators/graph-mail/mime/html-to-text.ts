// A plain rendering of HTML, for previews, text alternatives and Prefer: outlook.body-content-type="text".

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

export function htmlToText(html: string): string {
  return html
    .replace(/<(head|style|script)\b[^>]*>[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/\r?\n/g, ' ')
    .replace(/<(br|\/p|\/div|\/tr|\/h[1-6]|\/li)\b[^>]*>/gi, '\r\n')
    .replace(/<[^>]*>/g, '')
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
